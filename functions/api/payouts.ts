/** What a provider is paid: its account, what is payable, its payouts with their remittance, its documents. */
import * as z from 'zod';
import { written } from '../../shared/export/table.ts';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import {
  accountView,
  onboardingLink,
  putPayoutProfile as putProfile,
  readAccount,
  readPayoutProfile,
  refreshAccount,
} from '../../shared/payout/account.store.ts';
import { readPayable } from '../../shared/payout/payable.store.ts';
import { listPayLines, listPayouts as payoutsOf, readPayout } from '../../shared/payout/payout.store.ts';
import type { Payout } from '../../shared/payout/payout.ts';
import { RemittanceKey, remittancePage } from '../../shared/payout/remittance.store.ts';
import { REMITTANCE_COLUMNS } from '../../shared/payout/remittance.ts';
import { beginSchedule } from '../../shared/payout/schedule.store.ts';
import { listDocuments } from '../../shared/payout/self-billed.store.ts';
import { taxReport } from '../../shared/payout/tax-report.store.ts';
import { TAX_COLUMNS } from '../../shared/payout/tax-report.ts';
import { isSandbox } from '../../shared/sandbox/sandbox.ts';
import { failureOf, type StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { stripeOf } from '../stripe.ts';

const withStripe = async (context: Context): Promise<StripeCall> => ({
  tables: context.tables,
  now: context.now,
  hurry: context.hurry,
  stripe: await stripeOf(context.runtime),
});

export const getPayoutProfile: Handler<'getPayoutProfile'> = async (context) => {
  const profile = await readPayoutProfile(context, context.actor.tenant);
  if (profile === undefined)
    return refuse('not_found', 'You have not said yet who is paid: PUT /v1/payout-profile does.');
  return { status: 200, body: profile };
};

export const putPayoutProfile: Handler<'putPayoutProfile'> = async (context, { body }) => {
  const profile = await putProfile(context, context.actor.tenant, body);
  await beginSchedule(context);
  return { status: 200, body: profile };
};

export const getPayoutAccount: Handler<'getPayoutAccount'> = async (context) => {
  const { tenant } = context.actor;
  return { status: 200, body: accountView(tenant, await readAccount(context, tenant)) };
};

export const linkPayoutAccount: Handler<'linkPayoutAccount'> = async (context) => {
  if (isSandbox(context.actor.tenant)) return refuse('forbidden', 'A sandbox is paid nothing, and has no account.');
  const page = `${context.runtime.siteUrl()}/payouts`;
  const pages = { returnUrl: `${page}?account=returned`, refreshUrl: `${page}?account=again` };
  const link = await onboardingLink(await withStripe(context), context.actor.tenant, pages);
  return link.ok ? { status: 200, body: link.value } : link;
};

export const refreshPayoutAccount: Handler<'refreshPayoutAccount'> = async (context) => {
  const { tenant } = context.actor;
  try {
    const account = await refreshAccount(await withStripe(context), tenant);
    return { status: 200, body: accountView(tenant, account) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return refuse('stripe_unavailable', `Stripe did not answer (${failure.message}); ask again.`, { retryable: true });
  }
};

export const listPayables: Handler<'listPayables'> = async (context) => ({
  status: 200,
  body: { items: await readPayable(context, context.actor.tenant) },
});

export const listPayouts: Handler<'listPayouts'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await payoutsOf(context, context.actor.tenant, pageOf(query.limit, after.value));
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const getPayout: Handler<'getPayout'> = async (context, { params }) => {
  const payout = await ownPayout(context, context.actor.tenant, params.payout);
  return payout.ok ? { status: 200, body: payout.value } : payout;
};

export const listPayoutLines: Handler<'listPayoutLines'> = async (context, { params, query }) => {
  const payout = await ownPayout(context, context.actor.tenant, params.payout);
  if (!payout.ok) return payout;
  const after = await pageKeyOf(context, query.cursor, z.int());
  if (!after.ok) return after;
  const items = await listPayLines(context, payout.value, (after.value ?? 0) + 1, query.limit);
  const last = items.at(-1)?.line ?? payout.value.lines;
  return { status: 200, body: { items, next: await cursorOf(context, last < payout.value.lines ? last : null) } };
};

export const getRemittance: Handler<'getRemittance'> = async (context, { params, query }) => {
  const found = await remittanceOf(context, context.actor.tenant, params.payout, query);
  if (!found.ok) return found;
  const { rows, after } = found.value;
  return { status: 200, body: { items: rows, next: await cursorOf(context, after) } };
};

export const getRemittanceCsv: Handler<'getRemittanceCsv'> = async (context, { params, query }) => {
  const found = await remittanceOf(context, context.actor.tenant, params.payout, query);
  if (!found.ok) return found;
  const { rows, after } = found.value;
  const body = written(REMITTANCE_COLUMNS, rows, { format: 'csv', withHeader: query.cursor === undefined });
  return { status: 200, body, next: await cursorOf(context, after) };
};

export const listSelfBilledInvoices: Handler<'listSelfBilledInvoices'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await listDocuments(context, context.actor.tenant, pageOf(query.limit, after.value));
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const getTaxReport: Handler<'getTaxReport'> = async (context, { params }) => {
  const rows = await taxReport(context, context.actor.tenant, params.year);
  return { status: 200, body: written(TAX_COLUMNS, rows, { format: 'csv', withHeader: true }) };
};

async function remittanceOf(
  context: Context,
  provider: string,
  id: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const payout = await ownPayout(context, provider, id);
  if (!payout.ok) return payout;
  const from = await pageKeyOf(context, cursor, RemittanceKey);
  if (!from.ok) return from;
  const page = { limit, ...(from.value === undefined ? {} : { from: from.value }) };
  return ok(await remittancePage(context, payout.value, page));
}

async function ownPayout(context: Context, provider: string, id: string): Promise<Result<Payout, 'not_found'>> {
  const payout = await readPayout(context, provider, id);
  return payout === undefined ? refuse('not_found', 'You have no payout of this name.') : ok(payout);
}

const pageOf = (limit: number, after: Record<string, unknown> | undefined): { limit: number; after?: Item } => ({
  limit,
  ...(after === undefined ? {} : { after: after as Item }),
});
