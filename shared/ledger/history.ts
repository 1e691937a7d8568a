/** An account's history: what moved it, entry by entry, and what it stood at after each. */
import * as z from 'zod';
import type { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { isOwn } from './fold.ts';
import { type AccountCode, type AccountLine, EntryKind, type EntryView, Facts } from './ledger.ts';

export const HistoryRow = z
  .object({
    event: z.string(),
    kind: EntryKind,
    occurredAt: Instant,
    postedAt: Instant,
    micros: z.int().meta({ description: 'Debit positive, credit negative' }),
    balanceMicros: z.int().meta({ description: 'What the account stands at after it' }),
    facts: Facts,
  })
  .meta({ id: 'HistoryRow' });
export type HistoryRow = z.infer<typeof HistoryRow>;

/** Which account: of one owner, of one of its invoices, or of everybody where `of` is null. */
export type HistoryOf = { account: AccountCode; of: string | null; currency: Currency };

/** What an entry moves on an account; null where it does not touch it. */
export function movedBy(entry: EntryView, { account, of, currency }: HistoryOf): number | null {
  if (entry.currency !== currency) return null;
  const legs = entry.legs.filter((leg) => leg.account === account && (of === null || isOwn(leg, of)));
  return legs.length === 0 ? null : legs.reduce((sum, leg) => sum + leg.micros, 0);
}

/** The lines of an account together: its opening, movements and closing. */
export function totalOf(
  lines: readonly AccountLine[],
): Pick<AccountLine, 'openingMicros' | 'debitMicros' | 'creditMicros' | 'closingMicros'> {
  const sum = (pick: (line: AccountLine) => number): number => lines.reduce((total, line) => total + pick(line), 0);
  return {
    openingMicros: sum((line) => line.openingMicros),
    debitMicros: sum((line) => line.debitMicros),
    creditMicros: sum((line) => line.creditMicros),
    closingMicros: sum((line) => line.closingMicros),
  };
}
