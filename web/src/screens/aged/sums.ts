/** Aged rows added up by currency. Pure; money in micro-units. */
import type { AgeBand, AgedRow } from '../../../../shared/finance-report/aged.ts';

const BANDS: readonly AgeBand[] = ['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'];

/** One row for each currency, by its name; `party` is empty. */
export function byCurrency(rows: readonly AgedRow[]): { of: AgedRow; parties: number }[] {
  const sums = new Map<string, { of: AgedRow; parties: number }>();
  for (const { currency, micros, totalMicros } of rows) {
    const sum = sums.get(currency) ?? { of: nothing(currency), parties: 0 };
    for (const band of BANDS) sum.of.micros[band] += micros[band];
    sum.of.totalMicros += totalMicros;
    sum.parties += 1;
    sums.set(currency, sum);
  }
  return [...sums.values()].sort((a, b) => (a.of.currency < b.of.currency ? -1 : 1));
}

const nothing = (currency: AgedRow['currency']): AgedRow => ({
  party: '',
  currency,
  micros: { not_due: 0, days_1_30: 0, days_31_60: 0, days_61_90: 0, days_over_90: 0 },
  totalMicros: 0,
});
