/** The books: periods, histories and owners of accounts, for parties and the market's people. */
import { refuse } from '../../shared/kernel/result.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { factsForParties } from '../../shared/ledger/balance.ts';
import { isOwn } from '../../shared/ledger/fold.ts';
import { HistoryPlace, historyOf } from '../../shared/ledger/history.store.ts';
import { readEntry } from '../../shared/ledger/ledger.store.ts';
import { ACCOUNTS, type AccountLine } from '../../shared/ledger/ledger.ts';
import { listPeriods as periodsOf } from '../../shared/ledger/period.store.ts';
import { linesOfOwners } from '../../shared/ledger/statement.store.ts';
import { trialBalance } from '../../shared/ledger/trial-balance.store.ts';
import { kindOf, listOrganisations } from '../../shared/organisation/organisation.store.ts';
import type { Handler } from '../middleware/context.ts';
import { afterOf, cursorOf, pageKeyOf } from '../middleware/cursor.ts';

export const listPeriods: Handler<'listPeriods'> = async (context) => ({
  status: 200,
  body: { items: await periodsOf(context) },
});

export const getAccountHistory: Handler<'getAccountHistory'> = async (context, { params, query }) => {
  const { tenant } = context.actor;
  const isMarket = kindOf(tenant) === 'market';
  const owner = query.owner ?? (isMarket ? null : tenant);
  if (!isMarket && !isOwn({ of: owner }, tenant)) return refuse('not_found', 'There is no such account of yours.');
  const place = await pageKeyOf(context, query.cursor, HistoryPlace);
  if (!place.ok) return place;
  const [{ account }, { currency, limit, period = monthOf(context.now) }] = [params, query];
  const found = await historyOf(context, { account, of: owner, currency }, period, {
    limit,
    ...(place.value === undefined ? {} : { place: place.value }),
  });
  if (!found.ok) return found;
  const { totals, rows, next } = found.value;
  const items = isMarket ? rows : rows.map((row) => ({ ...row, facts: factsForParties(row.facts) }));
  return {
    status: 200,
    body: { account, owner, period, currency, ...totals, items, next: await cursorOf(context, next) },
  };
};

export const getLedgerEntry: Handler<'getLedgerEntry'> = async (context, { query }) => {
  const entry = await readEntry(context, query.event);
  return entry === undefined
    ? refuse('not_found', `Nothing was posted as ${query.event}.`)
    : { status: 200, body: entry };
};

export const listAccountOwners: Handler<'listAccountOwners'> = async (context, { params, query }) => {
  const [{ account }, { currency, period = monthOf(context.now) }] = [params, query];
  const { of } = ACCOUNTS[account];
  if (of === 'market' || of === 'pool') {
    const balance = await trialBalance(context, period, currency);
    if (!balance.ok) return balance;
    return {
      status: 200,
      body: { items: moved(balance.value.lines.filter((line) => line.account === account)), next: null },
    };
  }
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const parties = await listOrganisations(context.tables, of === 'provider' ? 'provider' : 'company', {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const owners = parties.items.map(({ id }) => id);
  const lines = await linesOfOwners(context, owners, { account, period, currency });
  if (!lines.ok) return lines;
  return { status: 200, body: { items: moved(lines.value), next: await cursorOf(context, parties.after) } };
};

/** Lines that say something. */
const moved = (lines: readonly AccountLine[]): AccountLine[] =>
  lines.filter((line) => line.openingMicros !== 0 || line.debitMicros !== 0 || line.creditMicros !== 0);
