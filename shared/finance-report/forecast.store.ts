/** Forecasts of this month: what a company will be charged, and what a provider will earn. */
import { estimateMonth } from '../invoice/estimate.store.ts';
import { readPlan } from '../invoice/plan.store.ts';
import { NO_VOLUMES, varianceOf } from '../invoice/variance.ts';
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import { fromIso, monthOf } from '../kernel/time.ts';
import { endOf, monthBefore } from '../ledger/period.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { foldedThrough } from '../payout/book.store.ts';
import { earnedIn } from '../payout/earned.store.ts';
import { daysPassed, type Forecast, forecast, type Month, sentenceOf } from './forecast.ts';

/** So many months before this one are looked at, from the party's first one on. */
const MONTHS_BEFORE = 3;

type Amounts = ReadonlyMap<Currency, number>;

/** What a company will be charged this month, credits taken off, as its invoices reckon it; by currency. */
export const forecastSpend = (call: Call, company: Organisation): Promise<Forecast[]> =>
  forecastOf(call, company, 'charged', (period) => spentIn(call, company, period));

/** What a provider will earn this month, before what later changes it; by currency. */
export async function forecastEarnings(call: Call, provider: Organisation): Promise<Forecast[]> {
  const folded = await foldedThrough(call, provider.id);
  return forecastOf(call, provider, 'earned', (period) => earnedIn(call, provider.id, period, folded));
}

async function forecastOf(
  call: Call,
  { createdAt }: Organisation,
  what: 'charged' | 'earned',
  amountsOf: (period: string) => Promise<Amounts>,
): Promise<Forecast[]> {
  const since = fromIso(createdAt);
  const period = monthOf(call.now);
  const months: { period: string; amounts: Amounts }[] = [];
  for (let month = period; months.length <= MONTHS_BEFORE && month >= monthOf(since); month = monthBefore(month))
    months.push({ period: month, amounts: await amountsOf(month) });
  const daysOf = (month: string, now: number): number =>
    daysPassed(Math.max(fromIso(`${month}-01T00:00:00Z`), since), endOf(month), now);
  return Currency.options.flatMap((currency): Forecast[] => {
    if (months.every(({ amounts }) => (amounts.get(currency) ?? 0) === 0)) return [];
    const [current, ...before] = months.map(
      (month): Month => ({
        period: month.period,
        micros: month.amounts.get(currency) ?? 0,
        days: daysOf(month.period, call.now),
      }),
    );
    if (current === undefined) return [];
    const figures = forecast({ ...current, daysInMonth: daysOf(period, endOf(period)) }, before);
    if (figures === null) return [];
    const about = { period, currency, ...figures };
    return [{ ...about, sentence: sentenceOf(about, what, call.now) }];
  });
}

/** From the month's plan where it has one, else from what is drafted of it by now. */
async function spentIn(call: Call, company: Organisation, period: string): Promise<Amounts> {
  const spent = new Map<Currency, number>();
  for (const currency of Currency.options) {
    const plan = await readPlan(call, company.id, currency, period);
    if (plan !== undefined) spent.set(currency, varianceOf(NO_VOLUMES, plan.volumes).afterMicros);
  }
  if (spent.size > 0) return spent;
  const estimates = await estimateMonth(call, company, period);
  return new Map(estimates.map(({ currency, variance }) => [currency, variance.afterMicros]));
}
