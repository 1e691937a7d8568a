/** What one owes on invoices, by currency. Pure. */
import type { Invoice } from '../../../../shared/invoice/invoice.ts';

export type Owed = {
  currency: string;
  unpaidMicros: number;
  overdueMicros: number;
  overdueCount: number;
  paidMicros: number;
};
type Of = Pick<Invoice, 'currency' | 'state' | 'remainingMicros' | 'paidMicros' | 'dueAt'>;

/** By currency in alphabetical order; `now` in milliseconds. What is due this instant is not overdue. */
export function owedOn(invoices: readonly Of[], now: number): Owed[] {
  const sums = new Map<string, Owed>();
  for (const { currency, state, remainingMicros, paidMicros, dueAt } of invoices) {
    const sum = sums.get(currency) ?? { currency, unpaidMicros: 0, overdueMicros: 0, overdueCount: 0, paidMicros: 0 };
    sum.paidMicros += paidMicros;
    if (state === 'open') {
      sum.unpaidMicros += remainingMicros;
      if (remainingMicros > 0 && dueAt !== null && Date.parse(dueAt) < now) {
        sum.overdueMicros += remainingMicros;
        sum.overdueCount += 1;
      }
    }
    sums.set(currency, sum);
  }
  return [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
