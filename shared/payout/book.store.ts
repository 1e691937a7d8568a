/**
 * Providers' books in the ledger table. `PB#<provider>` / `-` says through which month the book is folded.
 * `PB#<provider>#<currency>` has what was earned, `C#<period>#<company>#<kind>`, and what changed it, `A#<event>`; each is
 * listed on the providers' side under `unpaid#<provider>#<currency>` until it has wholly gone into payouts. One item per
 * company and month, none per charge.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { entriesAt } from '../ledger/entries.store.ts';
import { readCharges } from '../ledger/ledger.store.ts';
import { closedOfRun } from '../ledger/period.store.ts';
import { monthAfter } from '../ledger/period.ts';
import { type LedgerWrite, writeTogether } from '../ledger/together.ts';
import { readRounds, termsOf } from '../queue/queue.store.ts';
import { Terms } from '../terms/terms.ts';
import { Adjustment, addEarning, Earning, type Sums } from './book.ts';
import { EarningKind, type Movement, movementOf, roleOf } from './payable.ts';
import { openPurse } from './purse.store.ts';

export const BY_PROVIDER = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
/** What terms say that say nothing else. */
const USUAL_DISPUTE_DAYS = Terms.shape.disputeDays.parse(undefined);
const PAGE = 100;
/** Of entries only keys are listed, and most need no reading. */
const KEYS_READ = 1_000;
const WIDTH = 8;

const bookKey = (provider: string): Key => ({ pk: `PB#${provider}`, sk: '-' });
const partition = (provider: string, currency: Currency): string => `PB#${provider}#${currency}`;
export const unpaidList = (provider: string, currency: Currency): string => `unpaid#${provider}#${currency}`;
export const earningKey = (of: {
  provider: string;
  currency: Currency;
  period: string;
  company: string;
  kind: EarningKind;
}): Key => ({ pk: partition(of.provider, of.currency), sk: `C#${of.period}#${of.company}#${of.kind}` });
export const adjustmentKey = (provider: string, currency: Currency, event: string): Key => ({
  pk: partition(provider, currency),
  sk: `A#${event}`,
});

/** Where an earning is listed: in order of months, with what tells by itself that nothing of it is payable yet. */
const placeOf = (earning: Earning): string => `${earningKey(earning).sk}#${earning.disputeDays}`;
/** An earning as its place in the list tells of it; without its dispute window where that is not in it. */
export type ListedEarning = Pick<Earning, 'period' | 'company' | 'kind'> & { disputeDays: number | null };
function listedAt(place: string): ListedEarning {
  const [, period = '', company = '', kind, days] = place.split('#');
  return { period, company, kind: EarningKind.parse(kind), disputeDays: days === undefined ? null : Number(days) };
}

const ListKey = z.object({ pk: z.string(), sk: z.string(), psk: z.string() });
const Book = z.object({ foldedThrough: z.string() });

/** The newest closed month, as a run began; null where none is. */
export const closedThrough = closedOfRun;

/** Through which month a provider's book is folded; null where none is. */
export async function foldedThrough(call: Call, provider: string): Promise<string | null> {
  const book = await call.tables.get('ledger', bookKey(provider), Book, { consistent: true });
  return book?.foldedThrough ?? null;
}

/**
 * Brings a provider's book up to now: every month that has closed since is folded once, and of later ones what changes
 * earlier earnings is noted. `since` is the month in which it registered, `closed` the newest closed month. Repeating it
 * changes nothing.
 */
export async function foldBook(call: Call, provider: string, since: string, closed: string | null): Promise<void> {
  const folded = await foldedThrough(call, provider);
  let period = folded === null ? since : monthAfter(folded);
  for (; closed !== null && period <= closed; period = monthAfter(period)) {
    await foldMonth(call, provider, period);
    await call.tables.put('ledger', { ...bookKey(provider), foldedThrough: period }, [
      ['absent or <', 'foldedThrough', period],
    ]);
  }
  for (; period <= monthOf(call.now); period = monthAfter(period)) await noteChanges(call, provider, period);
}

/** Folds a closed month: its earnings by company, and what changed earlier ones. */
async function foldMonth(call: Call, provider: string, period: string): Promise<void> {
  const sums: Sums = new Map();
  for await (const keys of entryKeys(call, provider, period)) {
    const movements = await readMovements(call, provider, keys);
    for (const movement of movements) addEarning(sums, movement);
    await note(call, provider, period, movements);
  }
  await openPurses(call, provider, sums.values(), period);
  const windows = await disputeWindows(
    call,
    [...sums.values()].flatMap(({ rounds }) => [...rounds]),
  );
  const earnings = [...sums.values()].map((sum): LedgerWrite => {
    const days = [...sum.rounds.keys()].map((round) => windows.get(round) ?? USUAL_DISPUTE_DAYS);
    const earning: Earning = {
      provider,
      currency: sum.currency,
      period,
      company: sum.company,
      kind: sum.kind,
      earnedMicros: sum.micros,
      entries: sum.entries,
      disputeDays: days.length === 0 ? USUAL_DISPUTE_DAYS : Math.max(...days),
      settledThrough: null,
      settledMicros: 0,
      settledEntries: 0,
    };
    const key = earningKey(earning);
    const item = { ...key, ...earning, ppk: unpaidList(provider, sum.currency), psk: placeOf(earning) };
    return { kind: 'put', item, when: ABSENT };
  });
  await writeTogether(call, earnings);
}

/** How long the charges of some rounds can be disputed, by their terms. */
async function disputeWindows(
  call: Call,
  named: readonly (readonly [string, { queue: string; round: number }])[],
): Promise<Map<string, number>> {
  const rounds = [...new Map(named).values()];
  const found = [...(await readRounds(call.tables, rounds))];
  return new Map(
    await mapConcurrent(found, WIDTH, async ([name, round]) => {
      const { disputeDays } = await termsOf(call.tables, round);
      return [name, disputeDays] as const;
    }),
  );
}

async function openPurses(
  call: Call,
  provider: string,
  found: Iterable<{ currency: Currency }>,
  month: string,
): Promise<void> {
  const currencies = new Set([...found].map(({ currency }) => currency));
  await Promise.all([...currencies].map((currency) => openPurse(call, provider, currency, month)));
}

/** Of an open month only what is no earning is read; the names of its entries say which that is. */
async function noteChanges(call: Call, provider: string, period: string): Promise<void> {
  for await (const keys of entryKeys(call, provider, period)) {
    const changes = keys.filter(({ pk }) => roleOf(pk.slice(2)) === 'adjustment');
    await note(call, provider, period, await readMovements(call, provider, changes));
  }
}

/** Where an entry stands, and since when (ms). */
export type Listed = Key & { postedAt: number };

/** Pages of a provider's entries of a month, in the order in which they were posted. */
export async function* entryKeys(call: Call, provider: string, period: string): AsyncGenerator<Listed[]> {
  let after: Record<string, unknown> | undefined;
  do {
    const page = await entryKeysFrom(call, provider, period, { limit: KEYS_READ, after });
    yield page.keys;
    after = page.after;
  } while (after !== undefined);
}

/** One such page, after what the one before it answered. */
export async function entryKeysFrom(
  call: Call,
  provider: string,
  period: string,
  { limit, after }: { limit: number; after?: Record<string, unknown> | undefined },
): Promise<{ keys: Listed[]; after: Record<string, unknown> | undefined }> {
  const page = await call.tables.query('ledger', ListKey, {
    index: BY_PROVIDER,
    pk: `${provider}#${period}`,
    limit,
    ...(after === undefined ? {} : { after: after as Item }),
  });
  const keys = page.items.map(({ pk, sk, psk }) => ({ pk, sk, postedAt: Number(psk.slice(0, 15)) }));
  return { keys, after: page.after };
}

/** What some entries do to a provider's account, in the order of their keys. */
export async function readMovements(call: Call, provider: string, keys: readonly Listed[]): Promise<Movement[]> {
  const entries = await entriesAt(call, keys);
  return keys.flatMap((key) => {
    const entry = entries.get(keyText(key));
    return (entry === undefined ? null : movementOf(entry, provider, key.postedAt)) ?? [];
  });
}

/** Notes what changes earlier earnings, each once, with the month of the charge that it is about. */
async function note(call: Call, provider: string, month: string, movements: readonly Movement[]): Promise<void> {
  const changes = movements.filter((movement) => roleOf(movement.event) === 'adjustment');
  if (changes.length === 0) return;
  const keyOf = (change: Movement): Key => adjustmentKey(provider, change.currency, change.event);
  const known = await call.tables.getMany('ledger', changes.map(keyOf), z.object({ pk: z.string() }), {
    consistent: true,
  });
  const fresh = changes.filter((change) => !known.has(keyText(keyOf(change))));
  await openPurses(call, provider, fresh, month);
  const charges = await readCharges(
    call,
    fresh.flatMap(({ request }) => request ?? []),
  );
  await mapConcurrent(fresh, WIDTH, async (change) => {
    const charge = change.request === null ? undefined : charges.get(change.request);
    const adjustment: Adjustment = {
      provider,
      currency: change.currency,
      event: change.event,
      entryKind: change.kind,
      occurredAt: change.occurredAt,
      company: typeof charge?.facts.company === 'string' ? charge.facts.company : change.company,
      request: change.request,
      period: charge?.period ?? null,
      micros: change.micros,
      settledIn: null,
    };
    await call.tables.put(
      'ledger',
      {
        ...keyOf(change),
        ...adjustment,
        ppk: unpaidList(provider, change.currency),
        psk: `A#${timeKey(change.occurredAt)}#${change.event}`,
      },
      ABSENT,
    );
  });
}

/**
 * Pages of what has not wholly gone into payouts, as it is now: months first, in order, then changes in order of time. Of
 * earnings only those are read that are `wanted`.
 */
export async function* unpaidEarnings(
  call: Call,
  provider: string,
  currency: Currency,
  wanted?: (listed: ListedEarning) => boolean,
): AsyncGenerator<Earning[]> {
  const isWanted = wanted && ((place: string) => wanted(listedAt(place)));
  for await (const page of unpaid(call, provider, currency, 'C#', Earning, isWanted))
    yield page.filter((earning) => earning.settledThrough !== 'all');
}

export async function* unpaidAdjustments(
  call: Call,
  provider: string,
  currency: Currency,
): AsyncGenerator<Adjustment[]> {
  for await (const page of unpaid(call, provider, currency, 'A#', Adjustment))
    yield page.filter((adjustment) => adjustment.settledIn === null);
}

async function* unpaid<S extends z.ZodType>(
  call: Call,
  provider: string,
  currency: Currency,
  prefix: string,
  schema: S,
  isWanted: (place: string) => boolean = () => true,
): AsyncGenerator<z.infer<S>[]> {
  let after: Item | undefined;
  do {
    const page = await call.tables.query('ledger', ListKey, {
      index: BY_PROVIDER,
      pk: unpaidList(provider, currency),
      prefix,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    const keys = page.items.filter(({ psk }) => isWanted(psk));
    const items = await call.tables.getMany('ledger', keys, schema, { consistent: true });
    yield keys.flatMap((key) => {
      const item = items.get(keyText(key));
      return item === undefined ? [] : [item];
    });
    after = page.after as Item | undefined;
  } while (after !== undefined);
}

/** Whether anything has not wholly gone into payouts. */
export async function hasUnpaid(call: Call, provider: string, currency: Currency): Promise<boolean> {
  const list = { index: BY_PROVIDER, pk: unpaidList(provider, currency), limit: 1 };
  return (await call.tables.query('ledger', ListKey, list)).items.length > 0;
}

/** The months that some adjustments are about, as they stand in the book. */
export async function earningsOf(call: Call, adjustments: readonly Adjustment[]): Promise<Map<string, Earning>> {
  const keys = adjustments.flatMap(({ provider, currency, period, company }) =>
    period === null || company === null ? [] : [earningKey({ provider, currency, period, company, kind: 'charges' })],
  );
  return call.tables.getMany('ledger', keys, Earning, { consistent: true });
}
