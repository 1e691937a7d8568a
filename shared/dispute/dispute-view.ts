/** A dispute as its parties and the operator see it: each the amounts of its own side, all the same clock. */
import * as z from 'zod';
import { LeaseId } from '../dispatch/lease.ts';
import { OrganisationId, QueueId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant, iso } from '../kernel/time.ts';
import { RequestId } from '../request/request.ts';
import { type Dispute, DisputeId, DisputeReason, DisputeState, defaultOf, withDefault } from './dispute.ts';
import { byProvider, portionOf, type Share } from './share.ts';

export const DisputeAmounts = z
  .object({
    means: z.enum(['charged', 'paid']).meta({ description: 'What the company is charged, or the provider is paid' }),
    wholeMicros: z.int().meta({ description: 'Of the whole charge' }),
    claimedMicros: z.int(),
    offeredMicros: z.int().nullable().meta({ description: 'What the provider offers to give back' }),
    givenBackMicros: z.int().nullable().meta({ description: 'What is given back; null while that is open' }),
  })
  .meta({ id: 'DisputeAmounts' });

export const DisputeClock = z
  .object({
    waitsFor: z.enum(['provider', 'operator', 'invoice']).meta({
      description:
        '`invoice`: it is agreed, and takes effect once the invoice is final, no chargeback on it is open, and a refund is released',
    }),
    until: Instant.nullable(),
    otherwise: z.enum(['accepted', 'partly_accepted', 'rejected']).nullable().meta({
      description: 'What it comes to if nobody acts until then',
    }),
  })
  .meta({ id: 'DisputeClock' });

export const DisputeView = z
  .object({
    id: DisputeId,
    request: RequestId,
    lease: LeaseId,
    company: OrganisationId,
    provider: OrganisationId,
    queue: QueueId,
    round: z.int(),
    currency: Currency,
    state: DisputeState,
    reason: z.object({ code: DisputeReason.shape.code, text: z.string() }),
    wants: z.enum(['credit', 'refund']),
    amounts: z.array(DisputeAmounts).meta({ description: 'One’s own side; the market sees both' }),
    settledAt: Instant,
    openedAt: Instant,
    clock: DisputeClock.nullable().meta({ description: 'Null once it is over' }),
    answer: z
      .object({ kind: z.enum(['accept', 'accept_part', 'contest']), statement: z.string(), at: Instant })
      .nullable(),
    ended: z
      .object({ side: z.enum(['provider', 'silence', 'operator', 'company']), reason: z.string(), at: Instant })
      .nullable(),
    invoice: z.string().nullable().meta({ description: 'That billed the charge; companies and the market see it' }),
    creditNote: z.string().nullable(),
    resolvedAt: Instant.nullable(),
  })
  .meta({ id: 'Dispute' });
export type DisputeView = z.infer<typeof DisputeView>;
export type Viewer = 'company' | 'provider' | 'market';

/** What a dispute says to a party now: a clock that has run out has spoken, even where nobody has written it down yet. */
export function viewOf(stored: Dispute, viewer: Viewer, now: number): DisputeView {
  const dispute = withDefault(stored, now);
  const { answer, ended } = dispute;
  const sides = viewer === 'market' ? (['company', 'provider'] as const) : [viewer];
  return {
    id: dispute.id,
    request: dispute.request,
    lease: dispute.lease,
    company: dispute.company,
    provider: dispute.provider,
    queue: dispute.queue,
    round: dispute.round,
    currency: dispute.currency,
    state: dispute.state,
    reason: dispute.reason,
    wants: dispute.wants,
    amounts: sides.map((side) => amountsOf(dispute, side)),
    settledAt: iso(dispute.settledAt),
    openedAt: iso(dispute.openedAt),
    clock: clockOf(dispute),
    answer: answer === null ? null : { kind: answer.kind, statement: answer.statement, at: iso(answer.at) },
    ended: ended === null ? null : { side: ended.side, reason: ended.reason, at: iso(ended.at) },
    invoice: viewer === 'provider' ? null : dispute.invoice,
    creditNote: viewer === 'provider' ? null : dispute.creditNote,
    resolvedAt: dispute.resolvedAt === null ? null : iso(dispute.resolvedAt),
  };
}

function amountsOf(dispute: Dispute, side: 'company' | 'provider'): z.infer<typeof DisputeAmounts> {
  const whole = side === 'company' ? dispute.priceMicros : ownPart(dispute, dispute.bidMicros);
  const of = (share: Share | null): number => {
    if (share === null) return 0;
    const portion = portionOf(dispute, share);
    return side === 'company' ? portion.priceMicros : ownPart(dispute, portion.bidMicros);
  };
  const offered = dispute.answer?.offered ?? null;
  return {
    means: side === 'company' ? 'charged' : 'paid',
    wholeMicros: whole,
    claimedMicros: of(dispute.claimed),
    offeredMicros: offered === null ? null : of(offered),
    givenBackMicros: dispute.ended === null ? null : of(dispute.ended.share),
  };
}

const ownPart = (dispute: Dispute, bidMicros: number): number =>
  byProvider(dispute, dispute.provider, bidMicros).get(dispute.provider) ?? 0;

function clockOf(dispute: Dispute): z.infer<typeof DisputeClock> | null {
  if (dispute.state === 'agreed') return { waitsFor: 'invoice', until: null, otherwise: null };
  const otherwise = defaultOf(dispute);
  if (otherwise === null) return null;
  const outcome = otherwise.share === null ? 'rejected' : dispute.state === 'open' ? 'accepted' : 'partly_accepted';
  return {
    waitsFor: dispute.state === 'open' ? 'provider' : 'operator',
    until: iso(otherwise.at),
    otherwise: outcome,
  };
}
