/** Aged receivables and payables: what is open, by how long it has been due. */
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { DAY } from '../kernel/time.ts';

/** Days past due at which each band ends; the last one has no end. */
const BANDS = [0, 30, 60, 90] as const;
export const AGE_BANDS = ['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];

const Sums = z.object({
  not_due: z.int(),
  days_1_30: z.int(),
  days_31_60: z.int(),
  days_61_90: z.int(),
  days_over_90: z.int(),
});

export const AgedRow = z
  .object({
    party: z.string().meta({ description: 'The company that owes, or the provider that is owed' }),
    currency: Currency,
    micros: Sums.meta({ description: 'Micro-units by days past due, whole days by the market clock' }),
    totalMicros: z.int(),
  })
  .meta({ id: 'AgedRow' });
export type AgedRow = z.infer<typeof AgedRow>;

export type OpenItem = { party: string; currency: Currency; micros: number; dueAt: number };

/** The band of something due at an instant: `not_due` through the due instant itself; both in milliseconds. */
export function bandOf(dueAt: number, now: number): AgeBand {
  const days = Math.ceil((now - dueAt) / DAY);
  const band = BANDS.findIndex((end) => days <= end);
  return AGE_BANDS[band === -1 ? BANDS.length : band]!;
}

/** One row per party and currency, in their order; what is nothing in total has none. */
export function aged(items: readonly OpenItem[], now: number): AgedRow[] {
  const rows = new Map<string, AgedRow>();
  for (const { party, currency, micros, dueAt } of items) {
    const key = `${party}#${currency}`;
    const row = rows.get(key) ?? { party, currency, micros: noSums(), totalMicros: 0 };
    row.micros[bandOf(dueAt, now)] += micros;
    row.totalMicros += micros;
    rows.set(key, row);
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, row]) => (row.totalMicros === 0 ? [] : [row]));
}

const noSums = (): AgedRow['micros'] => ({
  not_due: 0,
  days_1_30: 0,
  days_31_60: 0,
  days_61_90: 0,
  days_over_90: 0,
});
