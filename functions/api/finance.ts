/** Statements, entries, charges, and the market's trial balance. */

import * as z from 'zod';
import { financeRoutes } from '../../shared/api/routes/finance.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { byAccount, chargeOf, foldBalances, isEven } from '../../shared/ledger/balance.ts';
import { allEntries, listEntries as entriesOf } from '../../shared/ledger/ledger.store.ts';
import { trialBalance } from '../../shared/ledger/trial-balance.store.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { getEarnings } from './earnings.ts';

const CompanyListKey = z.object({ pk: z.string(), sk: z.string() }).loose();

const getStatement: Handler<'getStatement'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const period = query.period ?? monthOf(context.now);
  const entries = (await allEntries(context, tenant, period)).filter((entry) => entry.currency === query.currency);
  const accounts = foldBalances(entries, (of) => of === tenant);
  return { status: 200, body: { period, currency: query.currency, entries: entries.length, accounts } };
};

const listEntries: Handler<'listEntries'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const period = query.period ?? monthOf(context.now);
  const after = await pageKeyOf(context, query.cursor, CompanyListKey);
  if (!after.ok) return after;
  const page = await entriesOf(context, tenant, period, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  // A party sees its own legs: the other side's price or pay is not its business.
  const items = page.items.map(({ facts, ...entry }) => ({
    ...entry,
    facts: ownFacts(facts),
    legs: entry.legs.filter((leg) => leg.of === tenant),
  }));
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

/** Facts that both sides may see: not what the other one is charged or paid. */
function ownFacts(facts: Record<string, string | number | null>): Record<string, string | number | null> {
  const {
    priceMicros: _price,
    bidMicros: _bid,
    feeMicros: _fee,
    poolMicros: _pool,
    splitMicros: _split,
    ...shown
  } = facts;
  return shown;
}

const listCharges: Handler<'listCharges'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const period = query.period ?? monthOf(context.now);
  const after = await pageKeyOf(context, query.cursor, CompanyListKey);
  if (!after.ok) return after;
  const page = await entriesOf(context, tenant, period, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const viewer = tenant.startsWith('pr_') ? 'provider' : 'company';
  const items = page.items
    .filter((entry) => entry.kind === 'charge' || entry.kind === 'split')
    .map((entry) => chargeOf(entry, viewer));
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

const getTrialBalance: Handler<'getTrialBalance'> = async (context, { query }) => {
  const { entries, balances } = await trialBalance(context, query.through, query.currency);
  return {
    status: 200,
    body: {
      through: query.through,
      currency: query.currency,
      entries,
      accounts: byAccount(balances),
      balanced: isEven(balances),
    },
  };
};

export const handler = api('finance', financeRoutes, {
  getStatement,
  listEntries,
  listCharges,
  getEarnings,
  getTrialBalance,
});
