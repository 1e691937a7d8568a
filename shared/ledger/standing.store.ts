/** Where every account stands now, each owner by itself: for the few decisions that may not net one owner against another. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import { monthOf } from '../kernel/time.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';
import { linesOf } from './balance.ts';
import type { Allowance } from './fold.store.ts';
import { ACCOUNTS, type AccountLine } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { ownBalances } from './statement.store.ts';
import { type Behind, behind, readAllowance, trialBalances } from './trial-balance.store.ts';

const WIDTH = 8;

/**
 * One line for each account of the market and of each pool, and for each account of each company, its invoices and each
 * provider, by currency. Everybody's entries are read once; what one party may have new is bounded (`allowance`), what all
 * have together is not. Refuses `balances_behind` as the trial balance does.
 */
export async function allStandings(
  call: Call,
  allowance: () => Allowance = readAllowance,
): Promise<Result<Map<Currency, AccountLine[]>, Behind>> {
  const month = monthOf(call.now);
  const market = await trialBalances(call, month);
  if (!market.ok) return market;
  const isShared = ({ account }: AccountLine) => ['market', 'pool'].includes(ACCOUNTS[account].of);
  const all = new Map(
    Currency.options.map((currency) => [currency, market.value(currency).lines.filter(isShared)] as const),
  );
  const owners = [...(await organisations(call, 'company')), ...(await organisations(call, 'provider'))];
  const closed = await closedThrough(call);
  let isBehind = false;
  await mapConcurrent(owners, WIDTH, async (owner) => {
    const balances = await ownBalances(call, owner, month, closed, allowance());
    if (balances === null) isBehind = true;
    else for (const [currency, lines] of all) lines.push(...linesOf(balances.opening, balances.moved, currency));
  });
  return isBehind ? behind() : ok(all);
}

/** The same of one currency. */
export async function standings(call: Call, currency: Currency): Promise<Result<AccountLine[], Behind>> {
  const all = await allStandings(call);
  return all.ok ? ok(all.value.get(currency) ?? []) : all;
}

/** The ids of all companies, or of all providers. */
export async function organisations(call: Call, kind: 'company' | 'provider'): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await listOrganisations(call.tables, kind, { limit: 100, ...(after === undefined ? {} : { after }) });
    ids.push(...page.items.map(({ id }) => id));
    after = page.after;
  } while (after !== undefined);
  return ids;
}
