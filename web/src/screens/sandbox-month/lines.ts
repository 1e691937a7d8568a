/** What the invoice of the practice month is made of. */
import type { PracticeMonth } from '../../../../shared/sandbox/month.ts';

export type Line = {
  what: 'confirmed' | 'assumed' | 'late' | 'notBilled' | 'sum';
  count: number | null;
  eachMicros: number | null;
  providerMicros: number | null;
  feeMicros: number | null;
  sumMicros: number;
};

export function linesOf({ counts, confirmed, assumed, slaCreditMicros, invoicedMicros }: PracticeMonth): Line[] {
  const charged = (what: 'confirmed' | 'assumed', { priceMicros, bidMicros, feeMicros }: typeof confirmed): Line => ({
    what,
    count: counts[what],
    eachMicros: priceMicros,
    providerMicros: bidMicros,
    feeMicros,
    sumMicros: counts[what] * priceMicros,
  });
  const nothing = { providerMicros: null, feeMicros: null };
  return [
    charged('confirmed', confirmed),
    charged('assumed', assumed),
    {
      what: 'late',
      count: counts.late,
      eachMicros: 0 - slaCreditMicros,
      ...nothing,
      sumMicros: 0 - counts.late * slaCreditMicros,
    },
    { what: 'notBilled', count: counts.notBilled, eachMicros: 0, ...nothing, sumMicros: 0 },
    { what: 'sum', count: null, eachMicros: null, ...nothing, sumMicros: invoicedMicros },
  ];
}
