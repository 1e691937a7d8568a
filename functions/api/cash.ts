/** Orders of cash: entered by one person, approved by another, carried out by the queue towards Stripe. */
import type { StoredTransaction } from '../../shared/cash/booking.store.ts';
import {
  approveOrder,
  enterOrder,
  listOrders,
  listUnknown,
  readOrder,
  withdrawOrder,
} from '../../shared/cash/order.store.ts';
import type { UnknownTransaction } from '../../shared/cash/order.ts';
import { shortHash } from '../../shared/kernel/hash.ts';
import { microsOfCents } from '../../shared/kernel/money.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { iso } from '../../shared/kernel/time.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { keyOf } from '../middleware/idempotency.ts';

export const enterCashOrder: Handler<'enterCashOrder'> = async (context, { body }) => {
  const { user } = context.actor;
  const id = await shortHash(JSON.stringify(['cash-order', user, keyOf(context)]));
  const entered = await enterOrder(context, id, body, user);
  return entered.ok ? { status: 201, body: entered.value } : entered;
};

export const listCashOrders: Handler<'listCashOrders'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const found = await listOrders(context, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const getCashOrder: Handler<'getCashOrder'> = async (context, { params }) => {
  const order = await readOrder(context, params.order);
  if (order === undefined) return refuse('not_found', 'There is no such order; GET /v1/cash-orders lists them.');
  return { status: 200, body: order };
};

export const approveCashOrder: Handler<'approveCashOrder'> = async (context, { params }) => {
  const approved = await approveOrder(context, params.order, context.actor.user);
  return approved.ok ? { status: 200, body: approved.value } : approved;
};

export const withdrawCashOrder: Handler<'withdrawCashOrder'> = async (context, { params }) => {
  const withdrawn = await withdrawOrder(context, params.order);
  return withdrawn.ok ? { status: 200, body: withdrawn.value } : withdrawn;
};

export const listUnknownTransactions: Handler<'listUnknownTransactions'> = async (context) => {
  const items = (await listUnknown(context)).map(viewOf);
  return { status: 200, body: { items } };
};

const viewOf = ({ id, type, currency, netCents, createdAt, source }: StoredTransaction): UnknownTransaction => ({
  transaction: id,
  type,
  currency,
  netMicros: microsOfCents(netCents),
  createdAt: iso(createdAt),
  source: source?.id ?? null,
});
