/** Ends of companies' accounts, each by two people of the market. */
import * as ends from '../../shared/account-end/account-end.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { stripeCall } from '../stripe-out.ts';

export const listAccountEnds: Handler<'listAccountEnds'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await ends.listAccountEnds(context, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const askAccountEnd: Handler<'askAccountEnd'> = async (context, { params, body }) => {
  const asked = await ends.askAccountEnd(context, context.actor.user, params.organisation, body.reason);
  return asked.ok ? { status: 200, body: asked.value } : asked;
};

export const getAccountEnd: Handler<'getAccountEnd'> = async (context, { params }) => {
  const end = await ends.readAccountEnd(context, params.organisation);
  return end === undefined ? refuse('not_found', 'Nobody asked to end this account.') : { status: 200, body: end };
};

export const approveAccountEnd: Handler<'approveAccountEnd'> = async (context, { params }) => {
  const company = params.organisation;
  const approved = await ends.approveAccountEnd(context, context.actor.user, company);
  if (!approved.ok) return approved;
  const call = await stripeCall(context.runtime, context);
  // The sweep does it where this fails; the answer is none the worse.
  await ends.stepAccountEnd(call, company).catch((error: unknown) => {
    context.runtime.log('warn', 'the end of an account is left to the sweep', { company, error: String(error) });
  });
  return { status: 200, body: (await ends.readAccountEnd(context, company)) ?? approved.value };
};

export const withdrawAccountEnd: Handler<'withdrawAccountEnd'> = async (context, { params }) => {
  const withdrawn = await ends.withdrawAccountEnd(context, params.organisation);
  return withdrawn.ok ? { status: 200, body: withdrawn.value } : withdrawn;
};
