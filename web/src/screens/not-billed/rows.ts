/** What the file of a round's requests says, line by line, and what it adds up to. Pure. */
import type { Fold } from '../../api/use-list.ts';

export type Stand = 'billed' | 'pending' | 'open' | 'not_billed';
export const STANDS: readonly Stand[] = ['billed', 'pending', 'open', 'not_billed'];

export type Row = {
  request: string;
  external_id: string;
  accepted_at: string;
  state: string;
  billing: Stand;
  reason: string | null;
  /** A decimal number of the currency's unit. */
  amount: string | null;
};

/** A page of the file: one JSON object per line. */
export const rowsOf = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);

/** A decimal number of six digits at most after the point, in micro-units. */
export function microsOf(amount: string | null): number | null {
  if (amount === null) return null;
  const [whole = '0', rest = ''] = amount.replace('-', '').split('.');
  const micros = Number(whole) * 1_000_000 + Number(rest.padEnd(6, '0').slice(0, 6));
  return amount.startsWith('-') ? -micros : micros;
}

export type Sum = { count: number; micros: number };
type Reason = { reason: string; billing: Stand; count: number };
/** How many requests stand where and what they come to, and how often each reason is given. */
export type Summed = { stands: Readonly<Record<Stand, Sum>>; reasons: ReadonlyMap<string, Reason> };

const none: Sum = { count: 0, micros: 0 };
export const SUMMED: Fold<Row, Summed> = {
  none: { stands: { billed: none, pending: none, open: none, not_billed: none }, reasons: new Map() },
  add: (sum, rows) => {
    const stands = { ...sum.stands };
    const reasons = new Map(sum.reasons);
    for (const { billing, amount, reason } of rows) {
      const { count, micros } = stands[billing];
      stands[billing] = { count: count + 1, micros: micros + (microsOf(amount) ?? 0) };
      if (reason !== null) reasons.set(reason, { reason, billing, count: (reasons.get(reason)?.count ?? 0) + 1 });
    }
    return { stands, reasons };
  },
};

/** The reasons of what is not billed yet or never, the most frequent first, ties by their words. */
export const reasonsOf = ({ reasons }: Summed): Reason[] =>
  [...reasons.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
