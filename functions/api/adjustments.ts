/** Adjustments of the books, each by two people of the market. */
import { advanceCorrection } from '../../shared/invoice/shortfall-correction.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import {
  listAdjustments as adjustmentsOf,
  approve,
  propose,
  readAdjustment,
  withdraw,
} from '../../shared/ledger/adjustment.store.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { stripeCall } from '../stripe-out.ts';

export const proposeAdjustment: Handler<'proposeAdjustment'> = async (context, { body }) => {
  const made = await propose(context, context.actor.user, context.idempotencyKey ?? context.callId, body);
  return made.ok ? { status: 201, body: made.value } : made;
};

export const listAdjustments: Handler<'listAdjustments'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await adjustmentsOf(context, query.state, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const getAdjustment: Handler<'getAdjustment'> = async (context, { params }) => {
  const adjustment = await readAdjustment(context, params.adjustment);
  return adjustment === undefined
    ? refuse('not_found', 'There is no such adjustment; GET /v1/adjustments lists them.')
    : { status: 200, body: adjustment };
};

export const approveAdjustment: Handler<'approveAdjustment'> = async (context, { params }) => {
  const { user } = context.actor;
  const posted = await approve(context, user, params.adjustment);
  if (!posted.ok) return posted;
  if (posted.value.state !== 'approved') return { status: 200, body: posted.value };
  const call = await stripeCall(context.runtime, context);
  // The sweep does it where this fails; the answer is none the worse.
  await advanceCorrection(call, posted.value.id).catch((error: unknown) => {
    context.runtime.log('warn', 'a correction is left to the sweep', {
      adjustment: posted.value.id,
      error: String(error),
    });
  });
  return { status: 200, body: (await readAdjustment(call, posted.value.id)) ?? posted.value };
};

export const withdrawAdjustment: Handler<'withdrawAdjustment'> = async (context, { params }) => {
  const taken = await withdraw(context, context.actor.user, params.adjustment);
  return taken.ok ? { status: 200, body: taken.value } : taken;
};
