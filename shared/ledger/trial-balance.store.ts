/** The trial balance: a fold over all entries, month by month, by the lists of the providers' side, of which there are few. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { monthOf } from '../kernel/time.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';
import { foldBalances } from './balance.ts';
import { allEntries, MARKET_LIST } from './ledger.store.ts';
import type { AccountBalance } from './ledger.ts';
import { months } from './period.ts';

const WIDTH = 16;

/** Balances of every account and owner through the end of a month, of the current one at the latest, in one currency, and how many entries they fold. */
export async function trialBalance(
  call: Call,
  through: string,
  currency: Currency,
): Promise<{ entries: number; balances: AccountBalance[] }> {
  const owners = await owningLists(call);
  const folded: AccountBalance[] = [];
  let count = 0;
  const last = through < monthOf(call.now) ? through : monthOf(call.now);
  const all = owners.flatMap(({ owner, since }) => months(since, last).map((period) => ({ owner, period })));
  await mapConcurrent(all, WIDTH, async ({ owner, period }) => {
    const listed = await allEntries(call, owner, period, 'provider');
    const entries = listed.filter((entry) => entry.currency === currency);
    count += entries.length;
    folded.push(...foldBalances(entries));
  });
  return { entries: count, balances: merge(folded) };
}

/** Every list of the providers' side, and the month it can begin in: a registration; for the market's the earliest of them. */
export async function owningLists(call: Call): Promise<{ owner: string; since: string }[]> {
  const lists: { owner: string; since: string }[] = [];
  let after: string | undefined;
  do {
    const page = await listOrganisations(call.tables, 'provider', {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    lists.push(...page.items.map((provider) => ({ owner: provider.id, since: provider.createdAt.slice(0, 7) })));
    after = page.after;
  } while (after !== undefined);
  const first = lists.reduce((earliest, list) => (list.since < earliest ? list.since : earliest), monthOf(call.now));
  return [...lists, { owner: MARKET_LIST, since: first }];
}

function merge(balances: readonly AccountBalance[]): AccountBalance[] {
  const rows = new Map<string, AccountBalance>();
  for (const balance of balances) {
    const key = `${balance.account}#${balance.of ?? ''}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { ...balance });
    else {
      row.debitMicros += balance.debitMicros;
      row.creditMicros += balance.creditMicros;
    }
  }
  return [...rows.values()];
}
