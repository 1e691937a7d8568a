/** Plans `PLAN#<company>#<currency>` / `<period>`: a closed month of a company and currency is billed by one of them. */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import { type Key, keyText } from '../kernel/table.ts';
import { monthBefore } from '../ledger/period.ts';
import { invoiceIdOf } from './invoice.ts';
import { type Invoiced, Plan } from './plan.ts';

const planPartition = (company: string, currency: Currency): string => `PLAN#${company}#${currency}`;
export const planKey = (company: string, currency: Currency, period: string): Key => ({
  pk: planPartition(company, currency),
  sk: period,
});
/** `CLOSES` / `<period>`, the close of a month: its `planningSince` says that plans are being made, so that what is not planned yet soon is. */
export const CLOSES = 'CLOSES';
export const closeKey = (period: string): Key => ({ pk: CLOSES, sk: period });
const MOST_WAITING = 12;
const Progress = z.object({ state: z.string(), planningSince: z.number().nullable() });

export async function readPlan(
  call: Call,
  company: string,
  currency: Currency,
  period: string,
): Promise<Plan | undefined> {
  return call.tables.get('ledger', planKey(company, currency, period), Plan, { consistent: true });
}

/** The plans of some months, in their order; undefined where there is none. */
export async function readPlans(
  call: Call,
  months: readonly Pick<Plan, 'company' | 'currency' | 'period'>[],
): Promise<(Plan | undefined)[]> {
  const keys = months.map(({ company, currency, period }) => planKey(company, currency, period));
  const found = await call.tables.getMany('ledger', keys, Plan, { consistent: true });
  return keys.map((key) => found.get(keyText(key)));
}

/** Plans whose amount is billed by a later month's are listed by month, so that the next close finds them. */
const carriedList = (period: string): string => `carried#${period}`;
const BY_PROVIDER = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
/** The attributes that list a plan as carried over. */
export const carriedKeys = ({ company, currency, period }: Pick<Plan, 'company' | 'currency' | 'period'>) => ({
  ppk: carriedList(period),
  psk: `${company}#${currency}`,
});

/** The companies, each with its currencies, of which something is carried over from a month. */
export async function carriedFrom(call: Call, period: string): Promise<Map<string, Set<Currency>>> {
  const carried = new Map<string, Set<Currency>>();
  const listed = { index: BY_PROVIDER, pk: carriedList(period) };
  for (const { psk } of await call.tables.queryAll('ledger', z.object({ psk: z.string() }), listed)) {
    const [company = '', currency] = psk.split('#');
    carried.set(company, (carried.get(company) ?? new Set()).add(Currency.parse(currency)));
  }
  return carried;
}

/** A company's newest plan in a currency before a month. */
export async function newestPlan(
  call: Call,
  company: string,
  currency: Currency,
  before: string,
): Promise<Plan | undefined> {
  const pk = planPartition(company, currency);
  const found = await call.tables.query('ledger', Plan, {
    pk,
    to: monthBefore(before),
    descending: true,
    limit: 1,
    consistent: true,
  });
  return found.items[0];
}

/** How far the close of a month is; undefined where it was not begun. */
export const readProgress = (call: Call, period: string): Promise<z.infer<typeof Progress> | undefined> =>
  call.tables.get('ledger', closeKey(period), Progress, { consistent: true });

/** The newest month whose plans are being made or were: of later ones, no plan bills anything. Null where none is. */
export async function newestPlanned(call: Call): Promise<string | null> {
  const schema = Progress.extend({ sk: z.string() });
  // Months are closed in order, so those that wait before their plans are the newest few.
  const newest = { pk: CLOSES, descending: true, limit: MOST_WAITING, consistent: true };
  const { items } = await call.tables.query('ledger', schema, newest);
  return items.find(({ planningSince }) => planningSince !== null)?.sk ?? null;
}

const begunCloses = cachePerOwner<true>(100);

/** Whether the close of a month was begun; what was is remembered, for it stays so. */
export async function hasClose(call: Call, period: string): Promise<boolean> {
  const begun = begunCloses(call.tables.owner);
  if (begun.has(period)) return true;
  const isBegun = (await readProgress(call, period)) !== undefined;
  if (isBegun) begun.set(period, true);
  return isBegun;
}

/**
 * Whether what a company was charged in a period is invoiced, read consistently: from the moment that the close announces
 * its plans. A month that was carried over is invoiced by the first later plan that names an invoice. The caller writes
 * within its own time-out: the close waits that long between announcing and planning.
 */
export async function invoiceFor(call: Call, company: string, currency: Currency, period: string): Promise<Invoiced> {
  const pk = planPartition(company, currency);
  const plans = await call.tables.queryAll('ledger', Plan, { pk, from: period, consistent: true });
  const own = plans.find((plan) => plan.period === period);
  const billing = plans.find((plan) => plan.invoice !== null && plan.since <= period);
  if (billing?.invoice != null) return { invoice: billing.invoice, reason: null };
  if (own !== undefined) return { invoice: null, reason: own.reason ?? 'nothing' };
  const close = await readProgress(call, period);
  if (close?.planningSince == null) return { invoice: null, reason: 'not_closed' };
  return { invoice: invoiceIdOf(company, currency, period, 0), reason: null };
}
