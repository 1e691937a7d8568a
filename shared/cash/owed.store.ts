/** What every account stands at by now, each company's and provider's by itself. */
import type { Call } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import { monthOf } from '../kernel/time.ts';
import { linesOf } from '../ledger/balance.ts';
import { ACCOUNTS, type AccountLine } from '../ledger/ledger.ts';
import { closedThrough } from '../ledger/period.store.ts';
import { ownBalances } from '../ledger/statement.store.ts';
import { type Behind, behind, readAllowance, trialBalance } from '../ledger/trial-balance.store.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';

const isOwned = (line: AccountLine): boolean => {
  const { of } = ACCOUNTS[line.account];
  return of === 'company' || of === 'provider';
};

/**
 * Every account's closing balance through now: a line for each owner, and one for what is nobody's or not a member's. Refuses `balances_behind`.
 */
export async function linesByOwner(call: Call, currency: Currency): Promise<Result<AccountLine[], Behind>> {
  const period = monthOf(call.now);
  const market = await trialBalance(call, period, currency);
  if (!market.ok) return market;
  const closed = await closedThrough(call);
  const lines: AccountLine[] = [];
  for (const kind of ['company', 'provider'] as const) {
    let after: string | undefined;
    do {
      const page = await listOrganisations(call.tables, kind, {
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      for (const { id } of page.items) {
        const own = await ownBalances(call, id, period, closed, readAllowance());
        if (own === null) return behind();
        lines.push(...linesOf(own.opening, own.moved, currency).filter((line) => isOwned(line) && line.of === id));
      }
      after = page.after;
    } while (after !== undefined);
  }
  return ok([...lines, ...market.value.lines.map((line) => (isOwned(line) ? rest(line, lines) : line))]);
}

/** What an account has beyond the owners that were found. */
function rest(line: AccountLine, owners: readonly AccountLine[]): AccountLine {
  const own = owners.filter(({ account }) => account === line.account);
  return { ...line, closingMicros: own.reduce((left, { closingMicros }) => left - closingMicros, line.closingMicros) };
}
