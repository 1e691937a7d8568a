/** Which charges are asked for, and what those that were read come to. Pure. */
import type { Charge } from '../../../../shared/ledger/ledger.ts';
import type { Fold } from '../../api/use-list.ts';

export type Filter = { outcome: string; route: string; queue: string };
export type Chosen = Partial<Pick<Charge, 'outcome' | 'route' | 'queue'>>;

const OUTCOMES: readonly Charge['outcome'][] = ['confirmed', 'assumed'];
const ROUTES: readonly Charge['route'][] = ['slot', 'overflow'];

/** What of a filter is chosen, as the API takes it; what it does not know is left out. */
export function chosen(filter: Filter): Chosen {
  const outcome = OUTCOMES.find((one) => one === filter.outcome);
  const route = ROUTES.find((one) => one === filter.route);
  return {
    ...(outcome === undefined ? {} : { outcome }),
    ...(route === undefined ? {} : { route }),
    ...(filter.queue === '' ? {} : { queue: filter.queue }),
  };
}

export type Sums = { count: number; micros: number; confirmedMicros: number; assumedMicros: number };

/** What charges come to, page by page. */
export const SUMMED: Fold<Charge, Sums> = {
  none: { count: 0, micros: 0, confirmedMicros: 0, assumedMicros: 0 },
  add: (before, charges) => {
    const sums = { ...before };
    for (const { micros, outcome } of charges) {
      sums.count += 1;
      sums.micros += micros;
      sums[outcome === 'assumed' ? 'assumedMicros' : 'confirmedMicros'] += micros;
    }
    return sums;
  },
};
