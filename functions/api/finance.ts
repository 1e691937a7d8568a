/** Statements, entries, charges, and the market's trial balance. */

import { financeRoutes } from '../../shared/api/routes/finance.ts';
import { financeReportRoutes } from '../../shared/api/routes/finance-report.ts';
import { ledgerRoutes } from '../../shared/api/routes/ledger.ts';
import { pageOfMatching } from '../../shared/kernel/matching.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { chargeOf, factsForParties, isEven, mergeOwners } from '../../shared/ledger/balance.ts';
import { isOwn } from '../../shared/ledger/fold.ts';
import { listEntries as entriesOf } from '../../shared/ledger/ledger.store.ts';
import type { Charge, EntryView } from '../../shared/ledger/ledger.ts';
import { statementOf } from '../../shared/ledger/statement.store.ts';
import { trialBalance } from '../../shared/ledger/trial-balance.store.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import * as earnings from './earnings.ts';
import * as reports from './finance-report.ts';
import * as ledger from './ledger.ts';

const getStatement: Handler<'getStatement'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const period = query.period ?? monthOf(context.now);
  const statement = await statementOf(context, tenant, period, query.currency);
  if (!statement.ok) return statement;
  const { entries, lines } = statement.value;
  return { status: 200, body: { period, currency: query.currency, entries, accounts: lines } };
};

const listEntries: Handler<'listEntries'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const period = query.period ?? monthOf(context.now);
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  // A party sees its own legs: the other side's price or pay is not its business.
  const shown = ({ facts, ...entry }: EntryView) =>
    query.currency !== undefined && entry.currency !== query.currency
      ? undefined
      : { ...entry, facts: factsForParties(facts), legs: entry.legs.filter((leg) => isOwn(leg, tenant)) };
  const list = (more: { limit: number; after?: Item }) => entriesOf(context, tenant, period, more);
  const page = await pageOfMatching(list, shown, { limit: query.limit, after: after.value });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const FILTERS = ['currency', 'outcome', 'route', 'queue'] as const;

const listCharges: Handler<'listCharges'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const period = query.period ?? monthOf(context.now);
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const viewer = tenant.startsWith('pr_') ? 'provider' : 'company';
  const wanted = (entry: EntryView): Charge | undefined => {
    if (entry.kind !== 'charge' && entry.kind !== 'split') return undefined;
    const charge = chargeOf(entry, viewer);
    return FILTERS.every((name) => query[name] === undefined || query[name] === charge[name]) ? charge : undefined;
  };
  const page = await pageOfMatching((more) => entriesOf(context, tenant, period, more), wanted, {
    limit: query.limit,
    after: after.value,
  });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const getTrialBalance: Handler<'getTrialBalance'> = async (context, { query }) => {
  const balance = await trialBalance(context, query.through, query.currency);
  if (!balance.ok) return balance;
  const { entries, lines } = balance.value;
  return {
    status: 200,
    body: {
      through: query.through,
      currency: query.currency,
      entries,
      accounts: mergeOwners(lines),
      balanced: isEven(lines),
    },
  };
};

export const handler = api('finance', [...financeRoutes, ...ledgerRoutes, ...financeReportRoutes], {
  getStatement,
  listEntries,
  listCharges,
  ...earnings,
  getTrialBalance,
  ...ledger,
  ...reports,
});
