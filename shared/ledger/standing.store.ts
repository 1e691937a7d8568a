/** Where every account stands now, each owner by itself: for the few decisions that may not net one owner against another. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import { monthOf } from '../kernel/time.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';
import { linesOf } from './balance.ts';
import { ACCOUNTS, type AccountLine } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { ownBalances } from './statement.store.ts';
import { type Behind, behind, readAllowance, trialBalance } from './trial-balance.store.ts';

const WIDTH = 8;

/**
 * One line for each account of the market and of each pool, and for each account of each company, its invoices and each
 * provider, in one currency. Its cost grows with the organisations, not with the entries. Refuses `balances_behind` as the trial balance does.
 */
export async function standings(call: Call, currency: Currency): Promise<Result<AccountLine[], Behind>> {
  const month = monthOf(call.now);
  const market = await trialBalance(call, month, currency);
  if (!market.ok) return market;
  const lines = market.value.lines.filter(({ account }) => ['market', 'pool'].includes(ACCOUNTS[account].of));
  const owners = [...(await organisations(call, 'company')), ...(await organisations(call, 'provider'))];
  const [closed, allowance] = [await closedThrough(call), readAllowance()];
  const found = await mapConcurrent(owners, WIDTH, (owner) => ownBalances(call, owner, month, closed, allowance));
  for (const balances of found) {
    if (balances === null) return behind();
    lines.push(...linesOf(balances.opening, balances.moved, currency));
  }
  return ok(lines);
}

async function organisations(call: Call, kind: 'company' | 'provider'): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await listOrganisations(call.tables, kind, { limit: 100, ...(after === undefined ? {} : { after }) });
    ids.push(...page.items.map(({ id }) => id));
    after = page.after;
  } while (after !== undefined);
  return ids;
}
