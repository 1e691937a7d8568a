/** Which of the charges that were read are shown, and what they come to. Pure. */
import type { Charge } from '../../../../shared/ledger/ledger.ts';

export type Filter = { outcome: string; route: string; queue: string; currency: string };

/** The charges that match; an empty filter matches all. */
export const matching = (charges: readonly Charge[], { outcome, route, queue, currency }: Filter): Charge[] =>
  charges.filter(
    (charge) =>
      charge.currency === currency &&
      (outcome === '' || charge.outcome === outcome) &&
      (route === '' || charge.route === route) &&
      (queue === '' || charge.queue === queue),
  );

export type Sums = { count: number; micros: number; confirmedMicros: number; assumedMicros: number };

export function sumOf(charges: readonly Charge[]): Sums {
  const sums = { count: 0, micros: 0, confirmedMicros: 0, assumedMicros: 0 };
  for (const { micros, outcome } of charges) {
    sums.count += 1;
    sums.micros += micros;
    sums[outcome === 'assumed' ? 'assumedMicros' : 'confirmedMicros'] += micros;
  }
  return sums;
}
