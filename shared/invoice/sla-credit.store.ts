/**
 * SLA credits of charges that are invoiced already: each a credit note, ordered as `SC#<request>` / `-`, which the sweep
 * finds until it is posted. One that is not invoiced is posted where it arises.
 */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import type { Call } from '../kernel/call.ts';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { type NewEntry, post, readSlaCredit, slaEvent } from '../ledger/ledger.store.ts';
import { type CreditNoteAmounts, NO_CREDIT_NOTE, slaCreditNoteLegs } from '../ledger/postings/credit-note.ts';
import { invoiceFor } from './plan.store.ts';

export const DUE_KIND = 'sla-credit';

export const SlaCreditOrder = z.object({
  request: z.string(),
  company: OrganisationId,
  provider: OrganisationId,
  queue: z.string(),
  round: z.int(),
  currency: Currency,
  /** The month that its charge was posted into. */
  period: z.string(),
  outcome: z.enum(['confirmed', 'assumed']),
  route: z.enum(['slot', 'overflow']),
  occurredAt: z.number(),
  providerMicros: z.int(),
  marketMicros: z.int(),
  /** Of the first resolution. */
  deadline: z.string(),
  resolvedAt: z.string(),
});
export type SlaCreditOrder = z.infer<typeof SlaCreditOrder>;

const orderKey = (request: string): Key => ({ pk: `SC#${request}`, sk: '-' });
export const SLA_REASON = 'resolved after its deadline';

/**
 * Credits a late resolution once: posted where its charge is not invoiced, else ordered as a credit note. Reads only; what
 * it writes is new, so whoever settles needs no right to change anything.
 */
export async function creditLateResolution(call: Call, order: SlaCreditOrder): Promise<void> {
  if ((await readSlaCredit(call, order.request)) !== null) return;
  const { invoice } = await invoiceFor(call, order.company, order.currency, order.period);
  if (invoice === null) return postSlaCredit(call, order, null);
  const due = financeDueAt(call.now, DUE_KIND, order.request);
  await call.tables.put('ledger', { ...orderKey(order.request), ...order, ...due }, ABSENT);
}

/** Posts it: by itself, or as what its credit note came to. */
export async function postSlaCredit(
  call: Call,
  order: SlaCreditOrder,
  made: { invoice: string; id: string; amounts: CreditNoteAmounts } | null,
): Promise<void> {
  const { request, company, queue, round, deadline, resolvedAt } = order;
  const entry: NewEntry = {
    event: slaEvent(request),
    kind: made === null ? 'sla_credit' : 'credit_note',
    occurredAt: order.occurredAt,
    currency: order.currency,
    company,
    provider: order.provider,
    legs: slaCreditNoteLegs(order, made?.amounts ?? NO_CREDIT_NOTE, { company, invoice: made?.invoice ?? '' }),
    facts: {
      company,
      provider: order.provider,
      queue,
      round,
      request,
      reason: SLA_REASON,
      deadline,
      resolvedAt,
      ...(made === null ? {} : { creditNote: made.id }),
    },
  };
  if ((await post(call, entry)) === 'refused') throw new Error(`${entry.event} was posted with other content`);
}
