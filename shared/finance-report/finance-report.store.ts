/** Reads what the reports add up: open invoices, providers' books, balances, plans. It keeps nothing of its own. */
import { openInvoices } from '../invoice/invoice.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import { fromIso, iso, monthOf } from '../kernel/time.ts';
import { balanceIn, linesOf, netOf } from '../ledger/balance.ts';
import { closedThrough } from '../ledger/period.store.ts';
import { endOf } from '../ledger/period.ts';
import { ownBalances } from '../ledger/statement.store.ts';
import { type Behind, behind, readAllowance } from '../ledger/trial-balance.store.ts';
import { openPayables } from '../payout/payable.store.ts';
import { latestAt } from '../payout/payable.ts';
import { type Accrual, accrualOf } from './accrual.ts';
import { type AgedRow, aged, type OpenItem } from './aged.ts';
import { confirmedBy, type RequestAllowance } from './confirmed.store.ts';

const WIDTH = 4;
/** Requests that one call looks at for what was confirmed, of all its companies together. */
const MOST_REQUESTS = 3_000;

/** What companies owe on final invoices, by how long it has been due: of each its account 1200. */
export async function agedReceivables(call: Call, companies: readonly string[]): Promise<AgedRow[]> {
  const items = await mapConcurrent(companies, WIDTH, async (company) =>
    (await openInvoices(call, company)).map(
      ({ currency, remainingMicros, dueAt }): OpenItem => ({
        party: company,
        currency,
        micros: remainingMicros,
        dueAt: dueAt === null ? call.now : fromIso(dueAt),
      }),
    ),
  );
  return aged(items.flat(), call.now);
}

/**
 * What providers are owed, by how long it has been due: of each its account 2100. Months of which its book does not know
 * yet, since they are open or were closed in the last day, are not due. Refuses `balances_behind` as a statement does.
 */
export async function agedPayables(call: Call, providers: readonly string[]): Promise<Result<AgedRow[], Behind>> {
  const [month, closed, allowance] = [monthOf(call.now), await closedThrough(call), readAllowance()];
  let isBehind = false;
  const items = await mapConcurrent(providers, WIDTH, async (provider) => {
    const known: OpenItem[] = [];
    for await (const item of openPayables(call, provider)) known.push(item);
    const balances = await ownBalances(call, provider, month, closed, allowance);
    if (balances === null) isBehind = true;
    const owed = balances === null ? new Map() : netOf(balances.opening, balances.moved);
    const rest = Currency.options.map((currency): OpenItem => {
      const inBook = known.reduce((sum, item) => (item.currency === currency ? sum + item.micros : sum), 0);
      const micros = asMicros(0 - balanceIn(owed, { currency, account: '2100', of: provider }) - inBook);
      return { party: provider, currency, micros, dueAt: latestAt(month) };
    });
    return [...known, ...rest];
  });
  return isBehind ? behind() : ok(aged(items.flat(), call.now));
}

/**
 * What companies accrued through a month, or by an instant in it (`until`, in milliseconds), each in each currency; of an
 * earlier month what was confirmed is that of its end.
 */
export async function accruals(
  call: Call,
  companies: readonly string[],
  period: string,
  until: number | undefined,
): Promise<Result<Accrual[], Behind>> {
  const [closed, allowance] = [await closedThrough(call), readAllowance()];
  const instant = Math.min(until ?? (period < monthOf(call.now) ? endOf(period) - 1 : call.now), call.now);
  const at = iso(until === undefined ? call.now : instant);
  const requests: RequestAllowance = { requests: MOST_REQUESTS };
  let isBehind = false;
  const found = await mapConcurrent(companies, WIDTH, async (company) => {
    const balances = await ownBalances(call, company, period, closed, allowance, until);
    if (balances === null) isBehind = true;
    const { opening, moved } = balances ?? { opening: new Map(), moved: new Map() };
    const confirmed = await confirmedBy(call, company, instant, requests);
    return Currency.options.flatMap((currency) => {
      const confirmedMicros = confirmed === null ? null : (confirmed.get(currency) ?? 0);
      return accrualOf({ company, currency, period, at, confirmedMicros }, linesOf(opening, moved, currency)) ?? [];
    });
  });
  return isBehind ? behind() : ok(found.flat());
}
