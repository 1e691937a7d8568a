/** Who was posted about, and what: for what is looked at again and again, and is as it was where nothing was posted. */
import * as z from 'zod';
import { type Call, mapConcurrent, readOnce } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import type { Key } from '../kernel/table.ts';
import { DAY, fromIso, HOUR, monthOf } from '../kernel/time.ts';
import { CHARGES, indexOf, listPartition } from './ledger.store.ts';
import { type AccountCode, EntryView } from './ledger.ts';
import { listPeriods } from './period.store.ts';
import { LONGEST_WRITER_MS, monthAfter, months } from './period.ts';
import { owningLists } from './trial-balance.store.ts';

const WIDTH = 8;
const KEYS_READ = 1_000;
const ENTRIES_READ = 100;

/** What was posted about a company. */
export type Moved = {
  accounts: Set<AccountCode>;
  currencies: Set<Currency>;
  /** The months that it was posted into. */
  periods: Set<string>;
  /** What came to be owed, in micro-units of all currencies together: unbilled or invoiced, no matter what was taken off again. */
  owedMicros: number;
  /** How many charges were posted, by the UTC hour of posting in which some were. */
  charges: Map<number, number>;
};

/**
 * The companies of all entries that were posted since an instant (ms), from the beginning of its UTC day on, and some minutes
 * before that: what was read then may have missed a writer. Its cost grows with the providers and with what was posted.
 */
export function movedSince(call: Call, since: number): Promise<ReadonlyMap<string, Moved>> {
  const day = Math.floor(since / DAY) * DAY;
  return readOnce(call, `moved since ${day}`, () => readMoved(call, day - LONGEST_WRITER_MS));
}

async function readMoved(call: Call, from: number): Promise<Map<string, Moved>> {
  // A month that was closed by then takes nothing more; what happened in any other stands in it, however late it came.
  const closed = (await listPeriods(call)).filter(({ closedAt }) => closedAt !== null && fromIso(closedAt) < from);
  const first = closed.reduce((newest, { period }) => (period >= newest ? monthAfter(period) : newest), '');
  return movedIn(call, first, timeKey(Math.max(0, from)));
}

/** The companies of all entries of a month and of later ones. */
export const movedFrom = (call: Call, period: string): Promise<ReadonlyMap<string, Moved>> => movedIn(call, period, '');

async function movedIn(call: Call, first: string, from: string): Promise<Map<string, Moved>> {
  const lists = (await owningLists(call)).flatMap(({ owner, since }) =>
    months(first > since ? first : since, monthOf(call.now)).map((period) => listPartition(owner, period)),
  );
  const moved = new Map<string, Moved>();
  // Read together, whosever they are: most lists have few that are new. No more than some pages are held.
  const unread: Key[] = [];
  const readOn = async (least: number): Promise<void> => {
    while (unread.length >= least) {
      const batch = unread.splice(0, ENTRIES_READ);
      for (const entry of (await call.tables.getMany('ledger', batch, Stored)).values()) addTo(moved, entry);
    }
  };
  await mapConcurrent(lists, WIDTH, async (pk) => {
    for await (const keys of keysOf(call, pk, from)) {
      unread.push(...keys);
      await readOn(ENTRIES_READ);
    }
  });
  await readOn(1);
  return moved;
}

const Listed = z.object({ pk: z.string(), sk: z.string() });
const Stored = EntryView.extend({ cpk: z.string(), csk: z.string() });

/** Pages of the keys of a list's entries from a place on. Each entry stands in one list of the providers' side. */
async function* keysOf(call: Call, pk: string, from: string): AsyncGenerator<Key[]> {
  const range = { index: indexOf('provider'), pk, limit: KEYS_READ, ...(from === '' ? {} : { from }) };
  let after: (Key & Record<string, unknown>) | undefined;
  do {
    const page = await call.tables.query('ledger', Listed, { ...range, ...(after === undefined ? {} : { after }) });
    yield page.items.map(({ pk, sk }) => ({ pk, sk }));
    after = page.after;
  } while (after !== undefined);
}

const nothingMoved = (): Moved => ({
  accounts: new Set(),
  currencies: new Set(),
  periods: new Set(),
  owedMicros: 0,
  charges: new Map(),
});

function addTo(all: Map<string, Moved>, entry: z.infer<typeof Stored>): void {
  const { event, cpk, csk, legs } = entry;
  const of = (company: string): Moved => {
    const known = all.get(company) ?? nothingMoved();
    known.currencies.add(entry.currency);
    known.periods.add(entry.period);
    all.set(company, known);
    return known;
  };
  const [owner = ''] = cpk.split('#');
  if (isCompany(owner)) {
    const { charges } = of(owner);
    const hour = Math.floor(Number(csk.slice(0, 15)) / HOUR) * HOUR;
    if (event.startsWith(CHARGES)) charges.set(hour, (charges.get(hour) ?? 0) + 1);
  }
  for (const { account, of: whose, micros } of legs) {
    if (whose === null || !isCompany(whose)) continue;
    const moved = of(whose.split('.')[0] ?? whose);
    moved.accounts.add(account);
    if (account === '1100' || account === '1200') moved.owedMicros += Math.max(0, micros);
  }
}

const isCompany = (owner: string): boolean => owner.startsWith('co_');
