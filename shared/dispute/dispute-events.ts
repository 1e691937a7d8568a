/** What a dispute has to tell its parties. Each effect has its own time, so that telling it again tells it once. */
import { iso } from '../kernel/time.ts';
import type { Announcement } from '../webhook/event.ts';
import type { Dispute } from './dispute.ts';

export type DisputeEffect = 'opened' | 'answered' | 'decided' | 'effective';

/** The events of an effect, for both sides; none where the dispute does not have it. */
export function disputeEvents(dispute: Dispute, effect: DisputeEffect): Announcement[] {
  const { id, request, queue, answer, ended, state } = dispute;
  const of = { dispute: id, request, queue };
  const tenants = [dispute.company, dispute.provider];
  if (effect === 'opened')
    return tenants.map((tenant) => ({
      tenant,
      type: 'dispute.opened',
      subject: id,
      at: dispute.openedAt,
      data: { ...of, answerBy: iso(dispute.answerBy) },
    }));
  if (effect === 'answered') {
    if (answer === null || dispute.decideBy === null) return [];
    const data = { ...of, decideBy: iso(dispute.decideBy) };
    return tenants.map((tenant) => ({ tenant, type: 'dispute.answered', subject: id, at: answer.at, data }));
  }
  if (ended === null) return [];
  const at = effect === 'effective' ? (dispute.resolvedAt ?? ended.at) : ended.at;
  const data = { ...of, state, side: ended.side };
  return tenants.map((tenant) => ({ tenant, type: 'dispute.decided', subject: id, at, effect: state, data }));
}
