/** Credit notes, SLA credits, and refunds that a second person releases. */
import { advanceDispute } from '../../shared/dispute/sweep.store.ts';
import { listCreditNotes as notesOf } from '../../shared/invoice/credit-note.store.ts';
import { creditNoteView } from '../../shared/invoice/credit-note.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { listEntries } from '../../shared/ledger/ledger.store.ts';
import { slaCreditOf } from '../../shared/ledger/sla-credit.ts';
import { payCredit } from '../../shared/refund/pay.store.ts';
import * as refunds from '../../shared/refund/refund.store.ts';
import { type Refund, viewOf } from '../../shared/refund/refund.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { stripeOf } from '../stripe.ts';

const withStripe = async (context: Context) => ({ ...context, stripe: await stripeOf(context.runtime) });

export const listCreditNotes: Handler<'listCreditNotes'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await notesOf(context, context.actor.tenant, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const items = page.items.map(creditNoteView).filter((note) => note !== undefined);
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

export const listSlaCredits: Handler<'listSlaCredits'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await listEntries(context, tenant, query.period ?? monthOf(context.now), {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const viewer = tenant.startsWith('pr_') ? 'provider' : 'company';
  const items = page.items.map((entry) => slaCreditOf(entry, viewer)).filter((credit) => credit !== undefined);
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

export const listRefunds: Handler<'listRefunds'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await refunds.listRefunds(context, query.state, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { status: 200, body: { items: page.items.map(viewOf), next: await cursorOf(context, page.after) } };
};

export const askCreditPayout: Handler<'askCreditPayout'> = async (context, { body }) => {
  const asked = await refunds.askCreditPayout(await withStripe(context), context.actor.user, body);
  return asked.ok ? { status: 201, body: viewOf(asked.value) } : asked;
};

export const releaseRefund: Handler<'releaseRefund'> = async (context, { params, body }) => {
  const call = await withStripe(context);
  const released = await refunds.releaseRefund(call, params.refund, context.actor.user, body);
  return released.ok ? { status: 200, body: await carriedOut(call, released.value) } : released;
};

/** What waited for the decision goes on at once; where that fails the sweep does it, and the answer is none the worse. */
async function carriedOut(call: Awaited<ReturnType<typeof withStripe>>, refund: Refund) {
  const going = refund.kind === 'dispute' ? advanceDispute(call, refund.id) : payCredit(call, refund.id);
  await going.catch((error: unknown) => {
    call.runtime.log('warn', 'a refund is left to the sweep', { refund: refund.id, error: String(error) });
  });
  return viewOf((await refunds.readRefund(call, refund.id)) ?? refund);
}

export const declineRefund: Handler<'declineRefund'> = async (context, { params }) => {
  const call = await withStripe(context);
  const declined = await refunds.declineRefund(call, params.refund, context.actor.user);
  return declined.ok ? { status: 200, body: await carriedOut(call, declined.value) } : declined;
};
