/** What Stripe says, read page by page: one side of the reconciliation. */
import type Stripe from 'stripe';
import * as z from 'zod';
import { currencyOf, idOf, msOf } from '../cash/stripe-object.ts';
import { mapConcurrent } from '../kernel/call.ts';
import { Currency, microsOfCents } from '../kernel/money.ts';
import { DAY, SECOND } from '../kernel/time.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import type { Said } from './reconciliation.ts';

/** Transfers and payouts may come back long after they were made: so far back they are compared again. */
const LONG_MS = 45 * DAY;
const WIDTH = 8;

/** By currency, each subject as Stripe says it. */
export type Said1 = Map<string, Said>;
export type ByCurrency = Map<Currency, Said1>;

const empty = (): ByCurrency => new Map(Currency.options.map((currency) => [currency, new Map()]));
const put = (all: ByCurrency, code: string, subject: string, said: Said): void => {
  all.get(currencyOf(code))?.set(subject, said);
};
const seconds = (ms: number): number => Math.floor(ms / SECOND);
const isOurs = (code: string): boolean => Currency.safeParse(code.toUpperCase()).success;

const lastChange = ({ status_transitions: at, created }: Stripe.Invoice): number =>
  msOf(Math.max(created, at.finalized_at ?? 0, at.paid_at ?? 0, at.voided_at ?? 0, at.marked_uncollectible_at ?? 0));

/** What is open of every open invoice of ours. */
export async function openAtStripe(call: StripeCall): Promise<ByCurrency> {
  const all = empty();
  for await (const invoice of call.stripe.invoices.list({ status: 'open', limit: 100 })) {
    const id = invoice.metadata?.parley;
    if (id === undefined || !isOurs(invoice.currency)) continue;
    put(all, invoice.currency, id, { value: microsOfCents(invoice.amount_remaining), at: lastChange(invoice) });
  }
  return all;
}

/**
 * Lines, sum and tax of invoices made since `since` (ms), the newest first: of about `most` after one of Stripe's. `after` is
 * the last that was looked at where there are more.
 */
export async function linesAtStripe(
  call: StripeCall,
  since: number,
  page: { after: string | null; most: number },
): Promise<{ said: ByCurrency; after: string | null }> {
  const said = empty();
  const made = { created: { gte: seconds(since) }, limit: 100 };
  let looked = 0;
  let last: string | null = null;
  const after = page.after === null ? {} : { starting_after: page.after };
  for await (const invoice of call.stripe.invoices.list({ ...made, ...after })) {
    if (looked === page.most) return { said, after: last };
    looked += 1;
    last = invoice.id;
    const id = invoice.metadata?.parley;
    if (id === undefined || invoice.status === 'draft' || !isOurs(invoice.currency)) continue;
    const at = lastChange(invoice);
    const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
    put(said, invoice.currency, `${id} subtotal`, { value: microsOfCents(invoice.subtotal), at });
    put(said, invoice.currency, `${id} lines`, { value: microsOfCents(await sumOfLines(call, invoice)), at });
    put(said, invoice.currency, `${id} tax`, { value: microsOfCents(tax), at });
  }
  return { said, after: null };
}

async function sumOfLines(call: StripeCall, invoice: Stripe.Invoice): Promise<number> {
  const { lines } = invoice;
  let sum = lines.data.reduce((total, { amount }) => total + amount, 0);
  if (!lines.has_more) return sum;
  sum = 0;
  for await (const { amount } of call.stripe.invoices.listLineItems(invoice.id, { limit: 100 })) sum += amount;
  return sum;
}

/** What customers have by company, and which customers those are. */
export type CreditAtStripe = { credit: ByCurrency; customers: string[] };

/** The credit of every company that has some, or owes some: of all customers. */
export async function creditAtStripe(call: StripeCall): Promise<CreditAtStripe> {
  const all: CreditAtStripe = { credit: empty(), customers: [] };
  for await (const customer of call.stripe.customers.list({ limit: 100 })) addCredit(all, customer);
  return all;
}

/** The same of some customers, by id. */
export async function creditOfCustomers(call: StripeCall, customers: readonly string[]): Promise<CreditAtStripe> {
  const all: CreditAtStripe = { credit: empty(), customers: [] };
  await mapConcurrent(customers, WIDTH, async (id) => {
    const customer = await call.stripe.customers.retrieve(id);
    if (!customer.deleted) addCredit(all, customer);
  });
  return all;
}

function addCredit({ credit, customers }: CreditAtStripe, customer: Stripe.Customer): void {
  const { id, metadata, balance, currency } = customer;
  const company = metadata.parley;
  if (company === undefined || balance === 0 || currency == null || !isOurs(currency)) return;
  put(credit, currency, company, { value: microsOfCents(0 - balance), at: null });
  customers.push(id);
}

const CustomerUpdated = z.object({
  data: z.object({ object: z.object({ id: z.string() }), previous_attributes: z.object({ balance: z.number() }) }),
});

/** The customers of whom Stripe says that their balance has changed since `since` (ms). */
export async function customersChanged(call: StripeCall, since: number): Promise<string[]> {
  const customers = new Set<string>();
  const updated = { type: 'customer.updated', created: { gte: seconds(since) }, limit: 100 };
  for await (const event of call.stripe.events.list(updated)) {
    const changed = CustomerUpdated.safeParse(event);
    if (changed.success) customers.add(changed.data.data.object.id);
  }
  return [...customers];
}

/** The market's own balance: `1300` pending, `1310` available. */
export async function balanceAtStripe(call: StripeCall): Promise<ByCurrency> {
  const all = empty();
  const balance = await call.stripe.balance.retrieve();
  for (const { amount, currency } of balance.pending)
    if (isOurs(currency)) put(all, currency, '1300', { value: microsOfCents(amount), at: null });
  for (const { amount, currency } of balance.available)
    if (isOurs(currency)) put(all, currency, '1310', { value: microsOfCents(amount), at: null });
  return all;
}

/** Every transaction made since `since` (ms). */
export async function transactionsAtStripe(call: StripeCall, since: number): Promise<ByCurrency> {
  const all = empty();
  const created = { gte: seconds(since) };
  for await (const one of call.stripe.balanceTransactions.list({ created, limit: 100 }))
    if (isOurs(one.currency)) put(all, one.currency, one.id, { value: microsOfCents(one.net), at: msOf(one.created) });
  return all;
}

/** Transfers with their transactions, so that the ledger's side of each can be read. */
export type TransferAtStripe = {
  currency: Currency;
  group: string;
  provider: string | null;
  micros: number;
  transactions: string[];
  at: number;
};

export async function transfersAtStripe(call: StripeCall, since: number): Promise<TransferAtStripe[]> {
  const all: TransferAtStripe[] = [];
  const created = { gte: seconds(Math.max(0, since - LONG_MS)) };
  for await (const transfer of call.stripe.transfers.list({ created, limit: 100 })) {
    if (!isOurs(transfer.currency)) continue;
    const reversals = [...transfer.reversals.data];
    if (transfer.reversals.has_more) {
      reversals.splice(0);
      for await (const one of call.stripe.transfers.listReversals(transfer.id, { limit: 100 })) reversals.push(one);
    }
    all.push({
      currency: currencyOf(transfer.currency),
      group: transfer.transfer_group ?? transfer.id,
      provider: transfer.metadata.provider ?? null,
      micros: microsOfCents(transfer.amount - transfer.amount_reversed),
      transactions: [transfer, ...reversals].flatMap((one) => idOf(one.balance_transaction) ?? []),
      at: msOf(Math.max(transfer.created, ...reversals.map((one) => one.created))),
    });
  }
  return all;
}

/** Payouts to the market's bank: what is on its way, what has arrived, and the entries that should say so. */
export type PayoutAtStripe = {
  currency: Currency;
  id: string;
  inTransitMicros: number;
  arrivedMicros: number;
  transactions: string[];
  at: number;
};

export async function payoutsAtStripe(call: StripeCall, since: number): Promise<PayoutAtStripe[]> {
  const all: PayoutAtStripe[] = [];
  const created = { gte: seconds(Math.max(0, since - LONG_MS)) };
  for await (const payout of call.stripe.payouts.list({ created, limit: 100 })) {
    if (!isOurs(payout.currency)) continue;
    const micros = microsOfCents(payout.amount);
    all.push({
      currency: currencyOf(payout.currency),
      id: payout.id,
      inTransitMicros: payout.status === 'pending' || payout.status === 'in_transit' ? micros : 0,
      arrivedMicros: payout.status === 'paid' ? micros : 0,
      transactions: [payout.balance_transaction, payout.failure_balance_transaction].flatMap((one) => idOf(one) ?? []),
      at: msOf(Math.max(payout.created, payout.status === 'paid' ? payout.arrival_date : 0)),
    });
  }
  return all;
}
