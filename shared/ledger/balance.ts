/** What folds say of accounts: opening, movements and closing, by account or with owners. */
import type { Currency } from '../kernel/money.ts';
import { addRow, type FoldRow, rowKey } from './fold.ts';
import { ACCOUNTS, type AccountLine, type Charge, type EntryView, type Facts } from './ledger.ts';

export type Rows = ReadonlyMap<string, FoldRow>;

/** What is left of some rows: each as one side, those that came to nothing not at all. */
export function netOf(...parts: readonly Rows[]): Map<string, FoldRow> {
  const sums = sumOf(parts);
  for (const [key, row] of sums) {
    const micros = row.debitMicros - row.creditMicros;
    if (micros === 0) sums.delete(key);
    else Object.assign(row, { debitMicros: Math.max(micros, 0), creditMicros: Math.max(-micros, 0) });
  }
  return sums;
}

/** Rows of several folds as one. */
export function sumOf(parts: readonly Rows[]): Map<string, FoldRow> {
  const sums = new Map<string, FoldRow>();
  for (const rows of parts) for (const row of rows.values()) addRow(sums, row);
  return sums;
}

/** Some rows only, such as those of one owner. */
export const rowsWhere = (rows: Rows, isWanted: (row: FoldRow) => boolean): Map<string, FoldRow> =>
  new Map([...rows].filter(([, row]) => isWanted(row)));

/** The same by account alone: owners of an account together. */
export function withoutOwners(rows: Rows, of: string | null = null): Map<string, FoldRow> {
  const merged = new Map<string, FoldRow>();
  for (const row of rows.values()) addRow(merged, { ...row, of });
  return merged;
}

/** Opening and movements of one currency as lines, in order of account and owner. */
export function linesOf(opening: Rows, movements: Rows, currency: Currency): AccountLine[] {
  const rows = sumOf([opening, movements]);
  const lines = [...rows].filter(([, row]) => row.currency === currency);
  return lines
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, row]) => lineOf(row, opening.get(key), movements.get(key)));
}

function lineOf(row: FoldRow, before: FoldRow | undefined, moved: FoldRow | undefined): AccountLine {
  const openingMicros = (before?.debitMicros ?? 0) - (before?.creditMicros ?? 0);
  const { debitMicros, creditMicros } = moved ?? { debitMicros: 0, creditMicros: 0 };
  return {
    account: row.account,
    name: ACCOUNTS[row.account].name,
    of: row.of,
    openingMicros,
    debitMicros,
    creditMicros,
    closingMicros: openingMicros + debitMicros - creditMicros,
  };
}

/** Debits equal credits, before the month and in it. */
export const isEven = (lines: readonly AccountLine[]): boolean =>
  lines.reduce((sum, line) => sum + BigInt(line.openingMicros), 0n) === 0n &&
  lines.reduce((sum, line) => sum + BigInt(line.debitMicros) - BigInt(line.creditMicros), 0n) === 0n;

/** The same lines by account alone, their owners together. */
export function mergeOwners(lines: readonly AccountLine[]): AccountLine[] {
  const merged = new Map<string, AccountLine>();
  for (const line of lines) {
    const sum = merged.get(line.account);
    if (sum === undefined) {
      merged.set(line.account, { ...line, of: null });
      continue;
    }
    for (const name of ['openingMicros', 'debitMicros', 'creditMicros', 'closingMicros'] as const)
      sum[name] += line[name];
  }
  return [...merged.values()];
}

/** What one account of one owner stands at. */
export function balanceIn(rows: Rows, account: Pick<FoldRow, 'currency' | 'account' | 'of'>): number {
  const row = rows.get(rowKey(account));
  return row === undefined ? 0 : row.debitMicros - row.creditMicros;
}

/** A charge as one party sees it: what a company is charged, what a provider is paid. */
export function chargeOf(entry: EntryView, viewer: 'company' | 'provider'): Charge {
  const account = viewer === 'company' ? '1100' : '2100';
  const leg = entry.legs.find((other) => other.account === account);
  const text = (name: string): string => String(entry.facts[name] ?? '');
  return {
    event: entry.event,
    request: text('request'),
    company: text('company'),
    provider: text('provider'),
    queue: text('queue'),
    round: Number(entry.facts.round ?? 0),
    outcome: text('outcome') === 'assumed' ? 'assumed' : 'confirmed',
    route: text('route') === 'overflow' ? 'overflow' : 'slot',
    micros: Math.abs(leg?.micros ?? 0),
    currency: entry.currency,
    occurredAt: entry.occurredAt,
    period: entry.period,
    lease: text('lease'),
  };
}

/** Facts that both sides may see: not what the other one is charged or paid, nor who at the market did it. */
const SEEN_BY_PARTIES: readonly string[] = [
  'company',
  'provider',
  'queue',
  'round',
  'request',
  'lease',
  'outcome',
  'route',
  'stars',
  'closedPeriod',
  'adjusts',
  'reason',
  'invoice',
  'number',
  'dispute',
  'payout',
];

/** What either party may see of an entry's facts. */
export const factsForParties = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => SEEN_BY_PARTIES.includes(name)));
