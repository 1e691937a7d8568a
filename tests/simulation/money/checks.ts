/**
 * What must hold at the end of a history, by the numbers of BILLING.md ('Must hold'). Balances are added up here, from a
 * scan of all entries; Stripe's side is asked of Stripe.
 */
import { expect } from 'vitest';
import { reconcile } from '../../../functions/reconciliation.ts';
import type { Currency } from '../../../shared/kernel/money.ts';
import { fromIso, monthOf } from '../../../shared/kernel/time.ts';
import { isBalanced } from '../../../shared/ledger/entry.ts';
import { post } from '../../../shared/ledger/ledger.store.ts';
import type { EntryView, Leg } from '../../../shared/ledger/ledger.ts';
import { trialBalance } from '../../../shared/ledger/trial-balance.store.ts';
import { readRound } from '../../../shared/queue/queue.store.ts';
import { must } from '../../support/round.ts';
import type { Lived } from './life.ts';
import { COMPANIES, PROVIDERS } from './parties.ts';
import { balancesOf, type Standing } from './standing.ts';

const CURRENCIES: readonly Currency[] = ['USD', 'EUR'];
/** So many entries are posted once more. */
const REPEATED = 25;
const CENT = 10_000;

export async function holds(lived: Lived): Promise<void> {
  const balances = balancesOf(lived.standing.entries);
  entriesHold(lived);
  await balancesAreTheirs(lived, balances);
  await repeatsDoNothing(lived);
  await poolsAreEmpty(lived, balances);
  await providersHaveTheirs(lived, balances);
  await receivablesAreStripes(lived, balances);
  await cashIsStripes(lived, balances);
  disputesAreHeld(lived, balances);
  await linesAddUp(lived);
  await closedMonthsStand(lived);
  // And the product's own comparison of all of it finds nothing.
  const { edge } = lived.world;
  expect(await reconcile(edge.runtime, lived.world.looking(), '2026-01', { mayGoOn: () => true })).toBe(null);
}

const named = (balances: ReadonlyMap<string, number>, account: string): Record<string, number> =>
  Object.fromEntries([...balances].filter(([name]) => name.split(' ')[1] === account));
const present = (rows: readonly (readonly [string, number])[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const [name, micros] of rows) if (micros !== 0) sums[name] = (sums[name] ?? 0) + micros;
  return Object.fromEntries(Object.entries(sums).filter(([, micros]) => micros !== 0));
};

/** 1, and 5: a charge is rated once, with P = b + f + x. 11: what a dispute held is taken back exactly, once. */
function entriesHold({ standing }: Lived): void {
  for (const { event, legs } of standing.entries) expect([event, isBalanced(legs)]).toEqual([event, true]);
  for (const { facts } of standing.charges)
    expect(facts.priceMicros).toBe(Number(facts.bidMicros) + Number(facts.feeMicros) + Number(facts.poolMicros));
  const requests = standing.charges.map(({ facts }) => facts.request);
  expect(new Set(requests).size).toBe(requests.length);
  for (const { id, state, invoice } of standing.disputes) {
    const ends = standing.entries.filter(
      ({ event, facts }) => facts.dispute === id && /-(?:rejected|withdrawn)#/.test(event),
    );
    const isBack = state === 'rejected' || state === 'withdrawn';
    expect([id, ends.length]).toEqual([id, isBack ? 1 : 0]);
    const opened = standing.entries.find(({ event }) => event === `dispute-opened#${id}`);
    if (isBack && invoice === null) expect(sumsOf([...(opened?.legs ?? []), ...(ends[0]?.legs ?? [])])).toEqual({});
  }
}

const sumsOf = (legs: readonly Leg[]): Record<string, number> =>
  present(legs.map(({ account, of, micros }) => [`${account} ${of ?? ''}`, micros] as const));

/** 2: what the product shows as balances is the fold of the entries. */
async function balancesAreTheirs({ world, standing }: Lived, balances: ReadonlyMap<string, number>): Promise<void> {
  for (const currency of CURRENCIES) {
    const { entries, lines } = must(await trialBalance(world.looking(), monthOf(world.now), currency));
    expect(entries).toBe(standing.entries.length);
    const said = present(lines.map(({ account, closingMicros }) => [account, closingMicros] as const));
    const folded = [...balances].flatMap(([name, micros]) => {
      const [of = '', account = ''] = name.split(' ');
      return of === currency ? [[account, micros] as const] : [];
    });
    expect(said).toEqual(present(folded));
  }
}

/** 3: the same event with the same content posts nothing; with other content it is refused. */
async function repeatsDoNothing({ world, standing }: Lived): Promise<void> {
  const step = Math.ceil(standing.entries.length / REPEATED);
  const some = standing.entries.filter((_, place) => place % step === 0);
  for (const entry of some) {
    const again = newEntry(entry);
    expect([entry.event, await post(world.looking(), again)]).toEqual([entry.event, 'repeated']);
    const other = { ...again, legs: again.legs.map((leg) => ({ ...leg, micros: 2 * leg.micros })) };
    if (entry.legs.length > 0) expect(await post(world.looking(), other)).toBe('refused');
  }
}

function newEntry(entry: EntryView): Parameters<typeof post>[1] {
  const { event, kind, currency, legs, facts } = entry;
  const { company, provider } = entry as EntryView & { company?: string | null; provider?: string | null };
  const owners = (prefix: string): string | null =>
    legs
      .map(({ of }) => of ?? '')
      .find((of) => of.startsWith(prefix))
      ?.split('.')[0] ?? null;
  return {
    event,
    kind,
    currency,
    legs,
    facts,
    occurredAt: fromIso(entry.occurredAt),
    company: company ?? owners('co_'),
    provider: provider ?? owners('pr_'),
  };
}

/** 4: the pool of a closed round is empty. */
async function poolsAreEmpty({ world, standing, queues }: Lived, balances: ReadonlyMap<string, number>): Promise<void> {
  const rounds = new Set(standing.charges.map(({ facts }) => `${String(facts.queue)}#${Number(facts.round)}`));
  for (const name of rounds) {
    const [queue = '', round = '0'] = name.split('#');
    expect((await readRound(world.engine.tables, queue, Number(round), { consistent: true }))?.state).toBe('closed');
  }
  expect(queues.length).toBe(2);
  expect(named(balances, '2400')).toEqual({});
}

/** 6: once a month is closed, what a company has not been billed is less than a cent, in credit, or below the floor. */
export function unbilledIsCarried({ entries, plans }: Standing, closed: string): void {
  const balances = balancesOf(entries);
  for (const { id, currency } of COMPANIES) {
    const left = balances.get(`${currency} 1100 ${id}`) ?? 0;
    const last = plans.find(({ company, period }) => company === id && period === closed);
    const why = last === undefined || last.invoice !== null ? 'nothing' : last.reason;
    const fits = why === 'below_floor' ? left >= CENT : why === 'credit_balance' ? left < 0 : left >= 0 && left < CENT;
    expect([id, why, left, fits]).toEqual([id, why, left, true]);
  }
}

/** 7: what a provider earned, with its tax, less what was taken back, is what Stripe paid it and what it has coming. */
async function providersHaveTheirs({ world, standing }: Lived, balances: ReadonlyMap<string, number>): Promise<void> {
  for (const provider of PROVIDERS)
    for (const currency of CURRENCIES) {
      const group = `${provider}.${currency}`;
      const { data } = await world.test.stripe.transfers.list({ transfer_group: group, limit: 100 });
      const paid = data.reduce((sum, { amount, amount_reversed: back }) => sum + (amount - back) * CENT, 0);
      const earned = standing.entries
        .filter((entry) => entry.currency === currency && !entry.legs.some(({ account }) => /^13[01]0$/.test(account)))
        .flatMap(({ legs }) => legs)
        .filter(({ account, of }) => of === provider && ['2100', '2110', '2120'].includes(account))
        .reduce((sum, { micros }) => sum - micros, 0);
      const coming = ['2100', '2110', '2120'].reduce(
        (sum, account) => sum - (balances.get(`${currency} ${account} ${provider}`) ?? 0),
        0,
      );
      expect([group, earned]).toEqual([group, paid + coming]);
      expect(balances.get(`${currency} 2120 ${provider}`) ?? 0).toBe(0);
    }
}

/** 8: 1200 is what is open at Stripe, by invoice; 2200 is the customers' balance. */
async function receivablesAreStripes({ world }: Lived, balances: ReadonlyMap<string, number>): Promise<void> {
  const { stripe } = world.test;
  const open = await stripe.invoices.list({ status: 'open', limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const receivable = open.map(
    ({ currency, metadata, amount_remaining: cents }) =>
      [`${currency.toUpperCase()} 1200 ${metadata?.parley}`, cents * CENT] as const,
  );
  expect(named(balances, '1200')).toEqual(present(receivable));
  const customers = await stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const credit = customers.map(({ balance, metadata }) => {
    const currency = COMPANIES.find(({ id }) => id === metadata.parley)?.currency ?? 'USD';
    return [`${currency} 2200 ${metadata.parley}`, balance * CENT] as const;
  });
  expect(named(balances, '2200')).toEqual(present(credit));
}

/** 9: 1300 and 1310 are Stripe's own balance, and nothing stands between. */
async function cashIsStripes({ world }: Lived, balances: ReadonlyMap<string, number>): Promise<void> {
  for (const currency of CURRENCIES) {
    const { available, pending } = await world.balanceAtStripe(currency);
    const ours = ['1300', '1310', '1390'].map((account) => balances.get(`${currency} ${account}`) ?? 0);
    expect([currency, ...ours]).toEqual([currency, pending * CENT, available * CENT, 0]);
  }
}

/** 10: 1110 is the open disputes that no invoice bills, 2110 and 2300 what all open ones hold. */
function disputesAreHeld({ standing }: Lived, balances: ReadonlyMap<string, number>): void {
  const open = standing.disputes.filter(({ resolvedAt }) => resolvedAt === null);
  const rows = (account: string, of: (dispute: (typeof open)[number]) => [string, number]) =>
    present(
      open.map((dispute) => {
        const [owner, micros] = of(dispute);
        return [`${dispute.currency} ${account} ${owner}`.trim(), micros] as const;
      }),
    );
  expect(named(balances, '1110')).toEqual(
    rows('1110', ({ company, invoice, priceMicros }) => [company, invoice === null ? priceMicros : 0]),
  );
  expect(named(balances, '2110')).toEqual(rows('2110', ({ provider, bidMicros }) => [provider, -bidMicros]));
  expect(named(balances, '2300')).toEqual(rows('2300', ({ feeMicros }) => ['', -feeMicros]));
}

/** 12: what was closed has not changed since. */
async function closedMonthsStand({ world, closed }: Lived): Promise<void> {
  for (const { period, balances } of closed)
    for (const [place, currency] of CURRENCIES.entries())
      expect(must(await trialBalance(world.looking(), period, currency)).lines).toEqual(balances[place]?.lines);
}

/** 15: the lines of an invoice are its subtotal, here and at Stripe, to the cent. */
async function linesAddUp({ world, standing }: Lived): Promise<void> {
  for (const { id, state, stripeInvoice, subtotalMicros } of standing.invoices) {
    if (state === 'dropped' || stripeInvoice === null) continue;
    const lines = await world.test.stripe.invoices
      .listLineItems(stripeInvoice, { limit: 100 })
      .autoPagingToArray({ limit: 1_000 });
    const sum = lines.reduce((total, { amount }) => total + amount, 0);
    const { subtotal } = await world.test.stripe.invoices.retrieve(stripeInvoice);
    expect([id, sum * CENT, subtotal * CENT]).toEqual([id, subtotalMicros, subtotalMicros]);
  }
}
