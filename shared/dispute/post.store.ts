/** What a dispute posts: holding, the exact reversal, the acceptance; an entry for each provider that was paid. */
import type { Call } from '../kernel/call.ts';
import { mulDivFloor } from '../kernel/money.ts';
import { reversed } from '../ledger/entry.ts';
import { type NewEntry, post, readSlaCredit } from '../ledger/ledger.store.ts';
import type { EntryKind, Leg } from '../ledger/ledger.ts';
import { NO_SLA, outOfUnbilledLegs, type PoolAccount, type SlaTakenBack } from '../ledger/postings/dispute.ts';
import type { Dispute } from './dispute.ts';
import { acceptedParts, heldParts } from './entries.ts';
import { fractionOf, portionOf } from './share.ts';

type Part = { event: string; kind: EntryKind; occurredAt: number; provider: string; legs: Leg[] };

/** Posting the same again is fine; other content under the same event is a bug that must be seen. */
async function posted(call: Call, dispute: Dispute, { event, legs, ...part }: Part): Promise<void> {
  if (legs.length === 0) return;
  const isFinisher = part.provider === dispute.provider;
  const entry: NewEntry = {
    ...part,
    event: isFinisher ? event : `${event}#${part.provider}`,
    legs,
    currency: dispute.currency,
    company: isFinisher ? dispute.company : null,
    facts: { dispute: dispute.id, request: dispute.request, queue: dispute.queue, round: dispute.round },
  };
  if ((await post(call, entry)) === 'refused') throw new Error(`${entry.event} was posted with other content`);
}

/** 2100 b and 4100 f become held; P leaves 1100 for 1110 where no invoice bills it. */
export async function hold(call: Call, dispute: Dispute): Promise<void> {
  await postHeld(call, dispute, `dispute-opened#${dispute.id}`, 'dispute_opened', dispute.openedAt, (legs) => legs);
}

/** Rejected or withdrawn: the exact reversal of what was held. */
export async function release(call: Call, dispute: Dispute): Promise<void> {
  const { ended, state, id } = dispute;
  if (ended === null) throw new Error(`${id} has no outcome yet`);
  await postHeld(call, dispute, `dispute-${state}#${id}`, 'dispute_rejected', ended.at, reversed);
}

async function postHeld(
  call: Call,
  dispute: Dispute,
  event: string,
  kind: EntryKind,
  occurredAt: number,
  as: (legs: readonly Leg[]) => readonly Leg[],
): Promise<void> {
  for (const { provider, legs } of heldParts(dispute, dispute.invoice !== null))
    await posted(call, dispute, { event, kind, occurredAt, provider, legs: [...as(legs)] });
}

/** The plan that billed the charge was dropped: P is held in 1110 from now on. */
export async function takeOutOfUnbilled(call: Call, dispute: Dispute, invoice: string): Promise<void> {
  await posted(call, dispute, {
    event: `dispute-unbilled#${dispute.id}#${invoice}`,
    kind: 'dispute_opened',
    occurredAt: dispute.openedAt,
    provider: dispute.provider,
    legs: outOfUnbilledLegs(dispute.company, dispute.priceMicros),
  });
}

/** What of the charge's SLA credit is taken back with what is given back: the same share of each part, rounded down. */
export async function slaTakenBack(call: Call, dispute: Dispute): Promise<SlaTakenBack> {
  const share = dispute.ended?.share ?? null;
  const credit = await readSlaCredit(call, dispute.request);
  if (share === null || credit === null) return NO_SLA;
  const { part, whole } = fractionOf(share, dispute.priceMicros);
  return {
    providerMicros: mulDivFloor(credit.providerMicros, part, whole),
    marketMicros: mulDivFloor(credit.marketMicros, part, whole),
  };
}

/** What the company gets back without tax: its part of P, less the SLA credit that it has had for it. */
export function givenBackMicros(dispute: Dispute, sla: SlaTakenBack): number {
  const share = dispute.ended?.share ?? null;
  if (share === null) return 0;
  return portionOf(dispute, share).priceMicros - sla.providerMicros - sla.marketMicros;
}

/** Posts an acceptance, in whole or in part. `creditNote`: the company's legs where an invoice bills the charge. */
export async function accept(
  call: Call,
  dispute: Dispute,
  sla: SlaTakenBack,
  creditNote: readonly Leg[] | null,
): Promise<void> {
  const { ended, id } = dispute;
  if (ended === null || ended.share === null) throw new Error(`${id} gives nothing back`);
  const parts = acceptedParts(dispute, ended.share, sla, poolAccount(dispute), creditNote);
  const event = `dispute-accepted#${id}`;
  for (const { provider, legs } of parts) {
    const kind = creditNote !== null && provider === dispute.provider ? 'credit_note' : 'dispute_accepted';
    await posted(call, dispute, { event, kind, occurredAt: ended.at, provider, legs });
  }
}

/**
 * A round's close reckons its pool from the charges themselves: what an acceptance takes back of the pool's part goes to the
 * queue's carried account whenever it comes, so that the pool ends at nothing.
 */
const poolAccount = ({ queue }: Dispute): PoolAccount => ({ account: '2410', of: queue });
