/** What stands when everything is done, read from the tables themselves and from Stripe, in the order of our own ids. */
import { Dispute } from '../../../shared/dispute/dispute.ts';
import { Invoice } from '../../../shared/invoice/invoice.ts';
import { Plan } from '../../../shared/invoice/plan.ts';
import type { Item } from '../../../shared/kernel/table.ts';
import { StoredEntry } from '../../../shared/ledger/entry.ts';
import type { EntryView } from '../../../shared/ledger/ledger.ts';
import { Refund } from '../../../shared/refund/refund.ts';
import { everyItem } from '../../support/every-item.ts';
import type { MoneyWorld } from './world.ts';

export type Standing = {
  at: number;
  entries: EntryView[];
  charges: EntryView[];
  invoices: Invoice[];
  plans: Plan[];
  disputes: Dispute[];
  refunds: Refund[];
  /** Requests that are or were disputed, and those that were credited for being late. */
  disputed: Set<string>;
  credited: Set<string>;
  /** Invoices that a dispute or a refund is open on. */
  claimed: Set<string>;
  /** Chargebacks that the bank has not decided, and the invoices they are on. */
  chargebacks: { id: string; invoice: string }[];
  chargedBack: Set<string>;
  /** A company's credit in micro-units. */
  creditOf: Map<string, number>;
  /** The invoice that bills a charge, if one does. */
  invoiceOf: (charge: EntryView) => string | null;
};

export async function readStanding(world: MoneyWorld): Promise<Standing> {
  const items = await everything(world);
  const of = <T>(prefix: string, fits: (item: Item) => boolean, parse: (item: Item) => T): T[] =>
    items.filter((item) => String(item.pk).startsWith(prefix) && fits(item)).map(parse);
  const whole = ({ sk }: Item): boolean => sk === '-';
  const entries = of('E#', whole, (item) => StoredEntry.parse(item));
  const invoices = of('I#', whole, (item) => Invoice.parse(item));
  const plans = of(
    'PLAN#',
    () => true,
    (item) => Plan.parse(item),
  );
  const disputes = of(
    'DI#',
    ({ sk }) => /^\d$/.test(String(sk)),
    (item) => Dispute.parse(item),
  );
  const refunds = of('RF#', whole, (item) => Refund.parse(item));
  const chargebacks = await openChargebacks(world, invoices);
  const charges = entries.filter(({ kind }) => kind === 'charge');
  return {
    at: world.now,
    entries,
    charges,
    invoices,
    plans,
    disputes,
    refunds,
    chargebacks,
    disputed: new Set(disputes.map(({ request }) => request)),
    credited: new Set(
      of('E#sla#', whole, ({ pk }) => String(pk).slice('E#sla#'.length)).concat(
        of('SC#', whole, ({ pk }) => String(pk).slice('SC#'.length)),
      ),
    ),
    claimed: new Set([
      ...disputes.flatMap(({ invoice, resolvedAt }) => (invoice === null || resolvedAt !== null ? [] : [invoice])),
      ...refunds.flatMap(({ state, invoice }) => (state === 'asked' || state === 'released' ? [invoice] : [])),
    ]),
    chargedBack: new Set(chargebacks.map(({ invoice }) => invoice)),
    creditOf: new Map(
      [...balancesOf(entries)].flatMap(([name, micros]) => {
        const [, account = '', owner = ''] = name.split(' ');
        return account === '2200' && micros < 0 ? [[owner, -micros] as const] : [];
      }),
    ),
    invoiceOf: (charge) => invoiceOf(plans, charge),
  };
}

/** By the plan of its month, or of a later one that its month's balance was carried into. */
function invoiceOf(plans: readonly Plan[], { currency, period, facts }: EntryView): string | null {
  const own = plans
    .filter((plan) => plan.company === facts.company && plan.currency === currency && plan.period >= period)
    .sort((a, b) => (a.period < b.period ? -1 : 1));
  return own.find(({ invoice, since }) => invoice !== null && since <= period)?.invoice ?? null;
}

/** Balances in micro-units, debit positive, by currency, account and owner; those of nothing are left out. */
export function balancesOf(entries: readonly Pick<EntryView, 'currency' | 'legs'>[]): Map<string, number> {
  const sums = new Map<string, bigint>();
  for (const { currency, legs } of entries)
    for (const { account, of, micros } of legs) {
      const name = `${currency} ${account} ${of ?? ''}`.trim();
      sums.set(name, (sums.get(name) ?? 0n) + BigInt(micros));
    }
  return new Map(
    [...sums]
      .filter(([, micros]) => micros !== 0n)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, micros]) => [name, Number(micros)]),
  );
}

async function everything(world: MoneyWorld): Promise<Item[]> {
  const items: Item[] = await everyItem(world.engine.tables, 'ledger');
  const key = ({ pk, sk }: Item): string => `${String(pk)} ${String(sk)}`;
  return items.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function openChargebacks(
  world: MoneyWorld,
  invoices: readonly Invoice[],
): Promise<{ id: string; invoice: string }[]> {
  const { stripe } = world.test;
  const { data } = await stripe.disputes.list({ limit: 100 });
  const found: { id: string; invoice: string }[] = [];
  for (const { id, status, payment_intent: intent } of data) {
    if (status !== 'needs_response' || intent === null) continue;
    const payment = {
      type: 'payment_intent' as const,
      payment_intent: typeof intent === 'string' ? intent : intent.id,
    };
    const paid = (await stripe.invoicePayments.list({ payment, limit: 1 })).data[0];
    const ours = invoices.find(({ stripeInvoice }) => stripeInvoice !== null && stripeInvoice === paid?.invoice);
    if (ours !== undefined) found.push({ id, invoice: ours.id });
  }
  return found.sort((a, b) => (a.invoice < b.invoice ? -1 : 1));
}
