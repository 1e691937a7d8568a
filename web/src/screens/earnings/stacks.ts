/** Months of earnings in one currency, as a chart stacks them. Pure; micro-units. */
import type { Earnings } from '../../../../shared/resolution/earnings.ts';

export type MonthStack = { month: string; pending: number; confirmed: number; posted: number };

/** The currency with the most earned in these months; undefined where nothing was. */
export function mainCurrency(months: readonly Pick<Earnings, 'currencies'>[]): string | undefined {
  const sums = new Map<string, number>();
  for (const { currencies } of months)
    for (const { currency, pending, confirmed, posted } of currencies)
      sums.set(currency, (sums.get(currency) ?? 0) + pending.micros + confirmed.micros + posted.micros);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
}

/** Each month's sums in a currency; a month without any is there with noughts. */
export const stacksOf = (months: readonly Pick<Earnings, 'month' | 'currencies'>[], currency: string): MonthStack[] =>
  months.map(({ month, currencies }) => {
    const found = currencies.find((one) => one.currency === currency);
    return {
      month,
      pending: found?.pending.micros ?? 0,
      confirmed: found?.confirmed.micros ?? 0,
      posted: found?.posted.micros ?? 0,
    };
  });

export const totalOf = (stacks: readonly MonthStack[]): number =>
  stacks.reduce((sum, { pending, confirmed, posted }) => sum + pending + confirmed + posted, 0);
