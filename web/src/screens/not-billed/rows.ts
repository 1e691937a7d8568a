/** What the file of a round's requests says, line by line, and what it adds up to. Pure. */
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

/** How many requests stand where, and what they come to. */
export function sumsOf(rows: readonly Row[]): Record<Stand, Sum> {
  const none = (): Sum => ({ count: 0, micros: 0 });
  const sums = { billed: none(), pending: none(), open: none(), not_billed: none() };
  for (const { billing, amount } of rows) {
    sums[billing].count += 1;
    sums[billing].micros += microsOf(amount) ?? 0;
  }
  return sums;
}

/** The reasons of what is not billed yet or never, the most frequent first, ties by their words. */
export function reasonsOf(rows: readonly Row[]): { reason: string; billing: Stand; count: number }[] {
  const counts = new Map<string, { reason: string; billing: Stand; count: number }>();
  for (const { reason, billing } of rows) {
    if (reason === null) continue;
    const of = counts.get(reason) ?? { reason, billing, count: 0 };
    counts.set(reason, { ...of, count: of.count + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}
