/** Forecasts of this month: what a company will be charged, and what a provider will earn. */
import { listInvoices } from '../invoice/invoice.store.ts';
import type { Call } from '../kernel/call.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import { fromIso, monthOf } from '../kernel/time.ts';
import { balanceIn } from '../ledger/balance.ts';
import { type Allowance, foldOf } from '../ledger/fold.store.ts';
import { readEntries } from '../ledger/ledger.store.ts';
import { closedThrough } from '../ledger/period.store.ts';
import { endOf, monthBefore } from '../ledger/period.ts';
import { type Behind, behind, readAllowance } from '../ledger/trial-balance.store.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { foldedThrough } from '../payout/book.store.ts';
import { earnedIn } from '../payout/earned.store.ts';
import { daysPassed, type Forecast, forecast, type Month, sentenceOf } from './forecast.ts';

/** So many months before this one are looked at, from the party's first one on. */
const MONTHS_BEFORE = 3;
/** Invoices of those months, in all currencies, with those that were issued anew. */
const INVOICES = 50;

type Amounts = ReadonlyMap<Currency, number>;

/**
 * What a company will be charged this month, credits taken off; by currency. From what its list is known to come to, however
 * many entries that are: refused `balances_behind` where much is new, and asked again it goes on.
 */
export async function forecastSpend(call: Call, company: Organisation): Promise<Result<Forecast[], Behind>> {
  const [closed, allowance] = [await closedThrough(call), readAllowance()];
  const billed = await billedAmounts(call, company.id);
  return forecastOf(call, company, 'charged', async (period) => {
    const isClosed = closed !== null && period <= closed;
    return spentIn(call, company.id, period, { isClosed, allowance, billed });
  });
}

/** What a provider will earn this month, before what later changes it; by currency. Refused as `forecastSpend`. */
export async function forecastEarnings(call: Call, provider: Organisation): Promise<Result<Forecast[], Behind>> {
  const [folded, allowance] = [await foldedThrough(call, provider.id), readAllowance()];
  return forecastOf(call, provider, 'earned', (period) => earnedIn(call, provider.id, period, folded, allowance));
}

async function forecastOf(
  call: Call,
  { createdAt }: Organisation,
  what: 'charged' | 'earned',
  amountsOf: (period: string) => Promise<Amounts | null>,
): Promise<Result<Forecast[], Behind>> {
  const since = fromIso(createdAt);
  const period = monthOf(call.now);
  const months: { period: string; amounts: Amounts }[] = [];
  for (let month = period; months.length <= MONTHS_BEFORE && month >= monthOf(since); month = monthBefore(month)) {
    const amounts = await amountsOf(month);
    if (amounts === null) return behind();
    months.push({ period: month, amounts });
  }
  const daysOf = (month: string, now: number): number =>
    daysPassed(Math.max(fromIso(`${month}-01T00:00:00Z`), since), endOf(month), now);
  const forecasts = Currency.options.flatMap((currency): Forecast[] => {
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
  return ok(forecasts);
}

/**
 * What a month added to what a company owes and no invoice bills: its accounts 1100 and 1110 by the month's end or by now,
 * without what invoices took out of them and voids put back.
 */
async function spentIn(
  call: Call,
  company: string,
  period: string,
  { isClosed, allowance, billed }: { isClosed: boolean; allowance: Allowance; billed: readonly Billed[] },
): Promise<Amounts | null> {
  const fold = await foldOf(call, { side: 'company', owner: company }, period, isClosed, allowance);
  if (fold === null) return null;
  const amounts = Currency.options.map((currency): [Currency, number] => {
    const stands = ['1100', '1110'] as const;
    const moved = stands.reduce((sum, account) => sum + balanceIn(fold.rows, { currency, account, of: company }), 0);
    const own = billed.filter((one) => one.currency === currency && one.period === period);
    return [currency, asMicros(own.reduce((sum, { micros }) => sum - micros, moved))];
  });
  return new Map(amounts);
}

/** What an invoice took out of 1100, or its void put back, with the month in which that stands. */
type Billed = { currency: Currency; period: string; micros: number };

async function billedAmounts(call: Call, company: string): Promise<Billed[]> {
  const { items } = await listInvoices(call, company, { limit: INVOICES });
  const events = items.flatMap(({ id }) => [`invoice-final#${id}`, `invoice-void#${id}`]);
  const entries = await readEntries(call, events);
  return [...entries.values()].map(({ currency, period, legs }) => ({
    currency,
    period,
    micros: legs.reduce((sum, { account, micros }) => (account === '1100' ? sum + micros : sum), 0),
  }));
}
