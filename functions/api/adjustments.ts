/** Adjustments of the books, each by two people of the market. */
import { listAdjustments as adjustmentsOf, approve, propose, withdraw } from '../../shared/ledger/adjustment.store.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';

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

export const approveAdjustment: Handler<'approveAdjustment'> = async (context, { params }) => {
  const posted = await approve(context, context.actor.user, params.adjustment);
  return posted.ok ? { status: 200, body: posted.value } : posted;
};

export const withdrawAdjustment: Handler<'withdrawAdjustment'> = async (context, { params }) => {
  const taken = await withdraw(context, context.actor.user, params.adjustment);
  return taken.ok ? { status: 200, body: taken.value } : taken;
};
