/** What a receipt says: the final outcome of one turn, from stored facts alone, so that it is the same each time it is asked for. */
import * as z from 'zod';
import type { Lease } from '../dispatch/lease.ts';
import { LeaseId, leaseIdOf, OutcomeCode } from '../dispatch/lease.ts';
import { OrganisationId, QueueId } from '../kernel/id.ts';
import { Currency, PriceMicros } from '../kernel/money.ts';
import { Instant, iso } from '../kernel/time.ts';
import type { EntryView } from '../ledger/ledger.ts';
import type { Head } from '../request/request.ts';
import { RequestId } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';

export const ReceiptAudience = z.enum(['company', 'provider', 'customer']).meta({ id: 'ReceiptAudience' });
export type ReceiptAudience = z.infer<typeof ReceiptAudience>;

export const Receipt = z
  .strictObject({
    type: z.literal('parley.receipt'),
    version: z.literal(1),
    audience: ReceiptAudience,
    request: RequestId,
    lease: LeaseId,
    company: OrganisationId,
    provider: OrganisationId,
    queue: QueueId,
    round: z.int(),
    termsVersion: z.int().meta({ description: 'The published rules that it was rated by' }),
    claim: z.strictObject({
      outcome: OutcomeCode,
      summaryHash: z.string().meta({ description: 'Of what the provider said it did' }),
      evidenceHash: z.string(),
      claimedAt: Instant.meta({ description: 'When the provider took the turn' }),
      resolvedAt: Instant,
      deadline: Instant,
    }),
    confirmation: z.strictObject({
      kind: z.enum(['confirmed', 'assumed', 'reopened', 'rejected']).meta({
        description: 'rejected: reopened by the company. Reopened and rejected turns are not billed',
      }),
      at: Instant,
      by: z.enum(['customer', 'company']).nullable().meta({ description: 'null: silence' }),
    }),
    thread: z.strictObject({
      words: z.string().meta({ description: 'Hash of the request as the company sent it' }),
      messages: z.string().nullable().meta({ description: 'Hash of the messages; null where there was none' }),
    }),
    price: z
      .strictObject({ currency: Currency, micros: PriceMicros, means: z.enum(['charged', 'paid']) })
      .nullable()
      .meta({ description: 'What its reader is charged or paid; null for customers and for what is not billed' }),
    settledAt: Instant.nullable(),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof Receipt>;

/** The instant that a receipt is of, by which its key is chosen: when it was settled, else when it was reopened; in ms. */
export const receiptTime = (receipt: Pick<Receipt, 'settledAt' | 'confirmation'>): number =>
  Date.parse(receipt.settledAt ?? receipt.confirmation.at);

export type ReceiptFacts = {
  audience: ReceiptAudience;
  head: Head;
  lease: Lease;
  /** Null where the turn was reopened, which is never billed. */
  charge: EntryView | null;
  termsVersion: number;
  summaryHash: string;
};

/** The receipt of a turn whose outcome is final, without its thread. Throws on facts that do not belong together: a bug. */
export function receiptOf(facts: ReceiptFacts): Receipt {
  const { audience, head, lease, charge } = facts;
  if (lease.outcome === null || lease.resolvedAt === null) throw new Error('a receipt of a turn without a resolution');
  return {
    type: 'parley.receipt',
    version: 1,
    audience,
    request: head.id,
    lease: leaseIdOf(lease),
    company: head.company,
    provider: lease.provider,
    queue: lease.queue,
    round: lease.round,
    termsVersion: facts.termsVersion,
    claim: {
      outcome: lease.outcome.code,
      summaryHash: facts.summaryHash,
      evidenceHash: lease.outcome.evidenceHash,
      claimedAt: iso(lease.claimedAt),
      resolvedAt: iso(lease.resolvedAt),
      deadline: iso(lease.deadline),
    },
    confirmation: confirmationOf(head, lease, lease.resolvedAt),
    thread: { words: head.contentHash, messages: null },
    price: charge === null ? null : priceOf(audience, charge),
    settledAt: charge === null ? null : charge.occurredAt,
  };
}

function confirmationOf(head: Head, lease: Lease, resolvedAt: number): Receipt['confirmation'] {
  const [, at = 0, by = ''] = lease.history.findLast(([event]) => event === lease.state) ?? [];
  const who = by === 'company' ? 'company' : 'customer';
  if (lease.state === 'reopened') return { kind: who === 'company' ? 'rejected' : 'reopened', at: iso(at), by: who };
  if (lease.state === 'confirmed') return { kind: 'confirmed', at: iso(at), by: who };
  return { kind: 'assumed', at: iso(resolvedAt + windowsOf(head.windowClass).silenceMs), by: null };
}

/** The company's charge or the finishing provider's pay; a customer is told no price. */
function priceOf(audience: ReceiptAudience, charge: EntryView): Receipt['price'] {
  if (audience === 'customer') return null;
  const account = audience === 'company' ? '1100' : '2100';
  const micros = Math.abs(charge.legs.find((leg) => leg.account === account)?.micros ?? 0);
  return { currency: charge.currency, micros, means: audience === 'company' ? 'charged' : 'paid' };
}
