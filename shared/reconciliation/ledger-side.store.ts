/** What our ledger says: the other side of the reconciliation. */
import { transactionsSince } from '../cash/booking.store.ts';
import { createdEvent } from '../cash/transaction.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import { fromIso, monthOf } from '../kernel/time.ts';
import { readEntries } from '../ledger/ledger.store.ts';
import { ACCOUNTS, type AccountCode, type AccountLine, type EntryView } from '../ledger/ledger.ts';
import { movedSince } from '../ledger/moved.store.ts';
import { closedOfRun } from '../ledger/period.store.ts';
import { allStandings } from '../ledger/standing.store.ts';
import { readAllowance, trialBalances } from '../ledger/trial-balance.store.ts';
import { BY_OWNER, changedIn, insisted, type Posted, readOwned } from './owned.store.ts';
import type { Said } from './reconciliation.ts';
import type { PayoutAtStripe, TransferAtStripe } from './stripe-side.store.ts';

/** What accounts stand at in one currency, debit positive: the market's own by '', 1200 by invoice, 2200 by company. */
export type Books = { of(account: AccountCode): Map<string, number> };

/** Entries of transactions are held so many at a time. */
const BATCH = 100;
const BATCHES_TOGETHER = 4;

/**
 * The books of each currency, from one reading. `near` are the companies to look at: whose accounts may have moved, or of whom
 * Stripe says something. Where what they stand at is not all that an account stands at, something may have been posted since
 * they were looked for: they are looked for again, and every company is looked at only where that does not help.
 */
export async function readBooks(
  call: Call,
  near: readonly string[],
  posted: Posted,
): Promise<(currency: Currency) => Books> {
  let { market, owned, isAll } = await readNear(call, near, posted);
  if (!isAll) {
    const again: Call = { ...call, shared: new Map() };
    const changed = changedIn(await movedSince(again, posted.since));
    ({ market, owned, isAll } = await readNear(again, [...new Set([...near, ...changed])], { ...posted, changed }));
  }
  const everybody = isAll ? undefined : await insisted(() => allStandings(call));
  const linesOf = (currency: Currency, account: AccountCode): readonly AccountLine[] => {
    if (everybody === undefined) return owned({ account, currency });
    return (everybody.get(currency) ?? []).filter((line) => line.account === account);
  };
  return (currency) => {
    const rows = new Map<AccountCode, Map<string, number>>();
    for (const account of BY_OWNER)
      rows.set(account, new Map(linesOf(currency, account).map((line) => [line.of ?? '', line.closingMicros])));
    for (const { account, of, closingMicros } of market(currency).lines)
      if (ACCOUNTS[account].of === 'market') rows.set(account, new Map([[of ?? '', closingMicros]]));
    return { of: (account) => rows.get(account) ?? new Map() };
  };
}

/** What the market's accounts stand at and what those of some companies do; whether those are all. */
async function readNear(call: Call, near: readonly string[], posted: Posted) {
  const closed = await closedOfRun(call);
  const [market, owned] = await Promise.all([
    insisted(() => trialBalances(call, monthOf(call.now), readAllowance(), closed)),
    readOwned(call, near, posted, closed),
  ]);
  const standsAt = (currency: Currency, account: AccountCode): number =>
    sumOfLines(market(currency).lines.filter((line) => line.account === account));
  const isAll = Currency.options.every((currency) =>
    BY_OWNER.every((account) => sumOfLines(owned({ account, currency })) === standsAt(currency, account)),
  );
  return { market, owned, isAll };
}

const sumOfLines = (lines: readonly AccountLine[]): number => lines.reduce((sum, line) => sum + line.closingMicros, 0);

/** What is not nothing, by owner; `sign` −1 for accounts that stand in credit. */
export const saidOf = (rows: ReadonlyMap<string, number>, sign: 1 | -1 = 1): Map<string, Said> =>
  new Map(
    [...rows]
      .filter(([, micros]) => micros !== 0)
      .map(([owner, micros]): [string, Said] => [owner, { value: sign * micros, at: null, party: companyIn(owner) }]),
  );

const companyIn = (owner: string): string | null => (owner.startsWith('co_') ? (owner.split('.')[0] ?? null) : null);

const sumOf = (entry: EntryView | undefined, accounts: readonly AccountCode[], of?: string): number =>
  (entry?.legs ?? [])
    .filter((leg) => accounts.includes(leg.account) && (of === undefined || leg.of === of))
    .reduce((sum, leg) => sum + leg.micros, 0);

/** Lines, sum and tax of invoices as they were posted when they became final. */
export async function finalInvoices(call: Call, invoices: readonly string[]): Promise<Map<string, Said>> {
  const entries = await readEntries(
    call,
    invoices.map((invoice) => `invoice-final#${invoice}`),
  );
  const said = new Map<string, Said>();
  for (const invoice of invoices) {
    const entry = entries.get(`invoice-final#${invoice}`);
    if (entry === undefined) continue;
    const at = fromIso(entry.occurredAt);
    const party = companyIn(invoice);
    const subtotal = 0 - sumOf(entry, ['1100']);
    said.set(`${invoice} subtotal`, { value: subtotal, at, party });
    said.set(`${invoice} lines`, { value: subtotal, at, party });
    said.set(`${invoice} tax`, { value: 0 - sumOf(entry, ['2500']), at, party });
  }
  return said;
}

/** What each transaction made since `since` (ms) has moved in 1300 and 1310 when it was made. */
export async function postedTransactions(call: Call, since: number): Promise<SaidByCurrency> {
  const known = await transactionsSince(call, since);
  const said: SaidByCurrency = new Map();
  const batches = Array.from({ length: Math.ceil(known.length / BATCH) }, (_, i) =>
    known.slice(i * BATCH, (i + 1) * BATCH),
  );
  await mapConcurrent(batches, BATCHES_TOGETHER, async (batch) => {
    const events = batch.map(({ id }) => createdEvent(id));
    const entries = await readEntries(call, events);
    for (const { id, createdAt } of batch) {
      const entry = entries.get(createdEvent(id));
      if (entry === undefined) continue;
      saidIn(said, entry.currency).set(id, { value: sumOf(entry, ['1300', '1310']), at: createdAt });
    }
  });
  return said;
}

/** By currency, each subject as our ledger says it. */
export type SaidByCurrency = Map<Currency, Map<string, Said>>;

function saidIn(all: SaidByCurrency, currency: Currency): Map<string, Said> {
  const said = all.get(currency) ?? new Map<string, Said>();
  all.set(currency, said);
  return said;
}

/** What went to providers by transfer group, less what came back. */
export async function postedTransfers(call: Call, transfers: readonly TransferAtStripe[]): Promise<SaidByCurrency> {
  const events = transfers.flatMap(({ transactions }) => transactions.map(createdEvent));
  const entries = await readEntries(call, events);
  const all: SaidByCurrency = new Map();
  for (const { currency, group, transactions, provider } of transfers) {
    const said = saidIn(all, currency);
    const micros = transactions.reduce((sum, one) => sum + sumOf(entries.get(createdEvent(one)), ['2100', '2120']), 0);
    said.set(group, { value: (said.get(group)?.value ?? 0) + micros, at: null, party: provider });
  }
  return all;
}

/** What of each payout stands on the way to the bank, and in it. */
export async function postedPayouts(call: Call, payouts: readonly PayoutAtStripe[]): Promise<SaidByCurrency> {
  const eventsOf = ({ id, transactions }: PayoutAtStripe) => [...transactions.map(createdEvent), `bank-arrived#${id}`];
  const entries = await readEntries(call, payouts.flatMap(eventsOf));
  const all: SaidByCurrency = new Map();
  for (const payout of payouts) {
    const own = eventsOf(payout).map((event) => entries.get(event));
    for (const account of ['1020', '1010'] as const)
      saidIn(all, payout.currency).set(`${payout.id} ${account}`, {
        value: own.reduce((sum, entry) => sum + sumOf(entry, [account]), 0),
        at: null,
      });
  }
  return all;
}
