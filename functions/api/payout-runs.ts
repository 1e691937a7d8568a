/** The market pays its providers: runs and who approves them, what holds them, debts given up, the year for the tax office. */
import { written } from '../../shared/export/table.ts';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import { shortHash } from '../../shared/kernel/hash.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { listOrganisations, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { closedThrough, foldBook } from '../../shared/payout/book.store.ts';
import * as debts from '../../shared/payout/debt.store.ts';
import type { Debt } from '../../shared/payout/debt.ts';
import { owedInAll } from '../../shared/payout/draft.store.ts';
import { listHolds, releaseHold } from '../../shared/payout/hold.store.ts';
import { approveRun, dropRun, listRuns, makeRun, readRun } from '../../shared/payout/run.store.ts';
import { listRunLines } from '../../shared/payout/run-line.store.ts';
import { taxReport } from '../../shared/payout/tax-report.store.ts';
import { TAX_COLUMNS } from '../../shared/payout/tax-report.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { afterOf, cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';

const NO_RUN = refuse('not_found', 'There is no such payout run.');
/** Providers on a page of the tax reports. */
const PROVIDERS = 50;
const WIDTH = 4;

/** Names follow from the caller's key, so that a call that is repeated after a crash makes nothing twice. */
const nameOf = async (context: Context): Promise<string> =>
  (await shortHash(`${context.route.id} ${context.idempotencyKey ?? ''}`)).toLowerCase();

const at = (limit: number, after: Record<string, unknown> | undefined): { limit: number; after?: Item } => ({
  limit,
  ...(after === undefined ? {} : { after: after as Item }),
});

export const makePayoutRun: Handler<'makePayoutRun'> = async (context) => {
  return { status: 201, body: await makeRun(context, `run-${await nameOf(context)}`, context.actor.user) };
};

export const listPayoutRuns: Handler<'listPayoutRuns'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await listRuns(context, at(query.limit, after.value));
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const getPayoutRun: Handler<'getPayoutRun'> = async (context, { params }) => {
  const run = await readRun(context, params.run);
  return run === undefined ? NO_RUN : { status: 200, body: run };
};

export const listPayoutRunLines: Handler<'listPayoutRunLines'> = async (context, { params, query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await listRunLines(context, params.run, at(query.limit, after.value));
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const approvePayoutRun: Handler<'approvePayoutRun'> = async (context, { params }) => {
  const approved = await approveRun(context, params.run, context.actor.user);
  return approved.ok ? { status: 200, body: approved.value } : approved;
};

export const dropPayoutRun: Handler<'dropPayoutRun'> = async (context, { params }) => {
  const dropped = await dropRun(context, params.run);
  return dropped.ok ? { status: 200, body: dropped.value } : dropped;
};

export const listPayoutHolds: Handler<'listPayoutHolds'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await listHolds(context, at(query.limit, after.value));
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const releasePayoutHold: Handler<'releasePayoutHold'> = async (context, { params }) => {
  const hold = await releaseHold(context, params.provider);
  return hold === undefined
    ? refuse('not_found', 'The pay of this provider is not held.')
    : { status: 200, body: hold };
};

export const proposeProviderDebt: Handler<'proposeProviderDebt'> = async (context, { body }) => {
  return { status: 201, body: await debts.proposeDebt(context, await nameOf(context), context.actor.user, body) };
};

export const approveProviderDebt: Handler<'approveProviderDebt'> = async (context, { params }) => {
  const approved = await debts.approveDebt(context, params.debt, context.actor.user, (debt) => owedOn(context, debt));
  return approved.ok ? { status: 200, body: approved.value } : approved;
};

export const withdrawProviderDebt: Handler<'withdrawProviderDebt'> = async (context, { params }) => {
  const withdrawn = await debts.withdrawDebt(context, params.debt);
  return withdrawn.ok ? { status: 200, body: withdrawn.value } : withdrawn;
};

export const listProviderDebts: Handler<'listProviderDebts'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await debts.listDebts(context, 'all', at(query.limit, after.value));
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

async function owedOn(context: Context, { provider, currency }: Debt): Promise<number> {
  const organisation = await readOrganisation(context.tables, provider);
  if (organisation === undefined) return 0;
  const [since, closed] = [organisation.createdAt.slice(0, 7), await closedThrough(context)];
  await foldBook(context, provider, since, closed);
  return owedInAll(context, provider, currency, closed, since);
}

export const getProviderTaxReports: Handler<'getProviderTaxReports'> = async (context, { params, query }) => {
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const page = await listOrganisations(context.tables, 'provider', {
    limit: PROVIDERS,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const reports = await mapConcurrent(page.items, WIDTH, ({ id }) => taxReport(context, id, params.year));
  const body = written(TAX_COLUMNS, reports.flat(), { format: 'csv', withHeader: query.cursor === undefined });
  return { status: 200, body, next: await cursorOf(context, page.after) };
};
