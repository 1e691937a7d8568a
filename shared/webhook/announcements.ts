/** Which events follow from what is stored: the same items give the same events, whoever reads them. */
import { type Lease, leaseIdOf } from '../dispatch/lease.ts';
import { iso, MINUTE } from '../kernel/time.ts';
import type { Head } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';
import type { Announcement } from './event.ts';

type TurnFacts = Pick<
  Lease,
  'pk' | 'sk' | 'request' | 'company' | 'provider' | 'queue' | 'state' | 'resolvedAt' | 'outcome' | 'reason' | 'history'
>;

/** All that a turn has had to tell so far, oldest first. */
export const turnEvents = (lease: TurnFacts): Announcement[] =>
  lease.history.flatMap((_, place) => eventsOfStep(lease, place));

/** What the last step of a turn has to tell. */
export const lastTurnEvents = (lease: TurnFacts): Announcement[] => eventsOfStep(lease, lease.history.length - 1);

function eventsOfStep(lease: TurnFacts, place: number): Announcement[] {
  const [state = '', at = 0, by = ''] = lease.history[place] ?? [];
  const id = leaseIdOf(lease);
  const of = { request: lease.request, queue: lease.queue };
  const company = { tenant: lease.company, subject: lease.request, at };
  const provider = { tenant: lease.provider, subject: id, at };
  switch (state) {
    case 'resolved': {
      const { outcome } = lease;
      if (outcome === null) return [];
      const data = { ...of, provider: lease.provider, outcome: outcome.code, resolvedAt: iso(at) };
      return [{ ...company, type: 'request.resolved', data }];
    }
    case 'confirmed':
      return [
        { ...company, type: 'request.confirmed', data: { ...of, by } },
        { ...provider, type: 'lease.confirmed', data: { lease: id, ...of, by } },
      ];
    case 'reopened':
      return [
        { ...company, type: 'request.reopened', data: { ...of, by } },
        { ...provider, type: 'lease.reopened', data: { lease: id, ...of, by } },
      ];
    case 'escalated':
      return [{ ...company, type: 'request.escalated', data: { ...of, provider: lease.provider } }];
    case 'lost':
      return [{ ...provider, type: 'lease.lost', data: { lease: id, ...of, reason: lease.reason ?? '' } }];
    case 'cancelled':
      return [{ ...provider, type: 'lease.cancelled', data: { lease: id, ...of } }];
    default:
      return [];
  }
}

/** What silence has to tell, once its window has passed. */
export function assumedEvent(lease: TurnFacts, windowClass: string): Announcement[] {
  if (lease.state !== 'resolved' || lease.resolvedAt === null) return [];
  const at = lease.resolvedAt + windowsOf(windowClass).silenceMs;
  const data = { request: lease.request, queue: lease.queue, resolvedAt: iso(lease.resolvedAt) };
  return [{ tenant: lease.company, type: 'request.assumed', subject: lease.request, at, data }];
}

type HeadFacts = Pick<Head, 'id' | 'company' | 'queue' | 'externalId' | 'acceptedAt' | 'deadline'>;

/** What the taking in of a request has to tell. */
export function intakeEvents(head: HeadFacts & Pick<Head, 'history'>): Announcement[] {
  const { id, company, queue, externalId, acceptedAt } = head;
  const data = { request: id, queue, externalId, deadline: iso(head.deadline) };
  const accepted: Announcement = { tenant: company, type: 'request.accepted', subject: id, at: acceptedAt, data };
  return head.history[0]?.[0] === 'unserved' ? [accepted, unservedEvent(head, acceptedAt)] : [accepted];
}

/** That nobody serves a request, as of `at`. */
export const unservedEvent = (head: HeadFacts, at: number): Announcement => ({
  tenant: head.company,
  type: 'request.unserved',
  subject: head.id,
  at,
  data: { request: head.id, queue: head.queue, externalId: head.externalId },
});

/** That a lane holds work: the same event for a whole minute, so that it is told once in it. */
export const workEvent = (provider: string, queue: string, round: number, now: number): Announcement => ({
  tenant: provider,
  type: 'work.available',
  subject: `${queue}#${round}`,
  at: Math.floor(now / MINUTE) * MINUTE,
  data: { queue, round },
});
