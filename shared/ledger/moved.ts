/** Who was posted about, and what: for what is looked at again and again, and is as it was where nothing was posted. */

import type { Currency } from '../kernel/money.ts';
import { DAY, HOUR } from '../kernel/time.ts';
import { CHARGES } from './entry.ts';
import type { AccountCode, EntryView } from './ledger.ts';
import { LONGEST_WRITER_MS } from './period.ts';

/** What was posted about a company. */
export type Moved = {
  accounts: Set<AccountCode>;
  currencies: Set<Currency>;
  /** The months that it was posted into. */
  periods: Set<string>;
  /** What came to be owed, in micro-units of all currencies together: unbilled or invoiced, no matter what was taken off again. */
  owedMicros: number;
  /** How many charges were posted, as pairs: a UTC hour of posting (hours since 1970), and how many; an hour may stand twice. */
  charges: number[];
};

/** What was posted about a company into one month, on one UTC day of posting. */
export type MovedRow = {
  company: string;
  period: string;
  accounts: AccountCode[];
  currencies: Currency[];
  owedMicros: number;
  charges: number[];
  /** Whether some of it came so late that day that who looked at its very end may have missed it. */
  isLate: boolean;
};

/** Hours from the first to before the second, in milliseconds. */
export type Hours = { from: number; to: number };

/** How many charges were posted in each of some hours in which some were, by the begin of the hour in milliseconds. */
export function chargesWithin(charges: readonly number[], { from, to }: Hours): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < charges.length; i += 2) {
    const hour = (charges[i] ?? 0) * HOUR;
    if (hour >= from && hour < to) counts.set(hour, (counts.get(hour) ?? 0) + (charges[i + 1] ?? 0));
  }
  return counts;
}

/** Adds a day's row to what a company's days came to; `charges` too where they are wanted. */
export function addMoved(all: Map<string, Moved>, row: MovedRow, wantsCharges: boolean): void {
  const moved = all.get(row.company) ?? {
    accounts: new Set(),
    currencies: new Set(),
    periods: new Set(),
    owedMicros: 0,
    charges: [],
  };
  all.set(row.company, moved);
  for (const account of row.accounts) moved.accounts.add(account);
  for (const currency of row.currencies) moved.currencies.add(currency);
  moved.periods.add(row.period);
  moved.owedMicros += row.owedMicros;
  if (wantsCharges) for (const one of row.charges) moved.charges.push(one);
}

/** An entry with the company's list that it stands in, and when it was posted (ms). */
export type PostedEntry = Pick<EntryView, 'event' | 'currency' | 'period' | 'legs'> & { cpk: string; postedAt: number };

export const dayBegin = (at: number): number => Math.floor(at / DAY) * DAY;

type Sum = { row: MovedRow; charges: Map<number, number> };

/** One UTC day of posting as it is added up. */
export class MovedDay {
  private readonly found = new Map<string, Sum>();

  add(entry: PostedEntry): void {
    const { event, cpk, postedAt, legs } = entry;
    const [owner = ''] = cpk.split('#');
    if (isCompany(owner)) {
      const { charges } = this.of(owner, entry);
      const hour = Math.floor(postedAt / HOUR);
      if (event.startsWith(CHARGES)) charges.set(hour, (charges.get(hour) ?? 0) + 1);
    }
    for (const { account, of: whose, micros } of legs) {
      if (whose === null || !isCompany(whose)) continue;
      const { row } = this.of(whose.split('.')[0] ?? whose, entry);
      if (!row.accounts.includes(account)) row.accounts.push(account);
      if (account === '1100' || account === '1200') row.owedMicros += Math.max(0, micros);
    }
  }

  private of(company: string, { currency, period, postedAt }: PostedEntry): Sum {
    const key = `${company}#${period}`;
    const known: Sum = this.found.get(key) ?? {
      row: { company, period, accounts: [], currencies: [], owedMicros: 0, charges: [], isLate: false },
      charges: new Map(),
    };
    this.found.set(key, known);
    if (!known.row.currencies.includes(currency)) known.row.currencies.push(currency);
    known.row.isLate ||= postedAt >= dayBegin(postedAt) + DAY - LONGEST_WRITER_MS;
    return known;
  }

  /** By company and month, in their order: whoever adds the same entries up has the same rows. */
  rows(): MovedRow[] {
    return [...this.found.keys()].sort().flatMap((key) => {
      const one = this.found.get(key);
      if (one === undefined) return [];
      const { row, charges } = one;
      const inOrder = [...charges].sort(([a], [b]) => a - b);
      return [
        { ...row, accounts: [...row.accounts].sort(), currencies: [...row.currencies].sort(), charges: inOrder.flat() },
      ];
    });
  }
}

const isCompany = (owner: string): boolean => owner.startsWith('co_');
