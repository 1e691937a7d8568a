/** The close of a month, by the market's finance people. */
import {
  listCloses as allCloses,
  approveClose as approve,
  closeView,
  readClose,
  startClose as start,
} from '../../shared/close/close.store.ts';
import { estimatePage, withVariance } from '../../shared/invoice/estimate.store.ts';
import { listOfClose } from '../../shared/invoice/invoice.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import type { Handler } from '../middleware/context.ts';
import { afterOf, cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';

const NOT_BEGUN = refuse('not_found', 'The close of this month was not begun; POST /v1/closes begins it.');

export const startClose: Handler<'startClose'> = async (context, { body }) => {
  const started = await start(context, context.actor.user, body.period);
  return started.ok ? { status: 200, body: closeView(started.value) } : started;
};

export const listCloses: Handler<'listCloses'> = async (context) => ({
  status: 200,
  body: { items: (await allCloses(context)).map(closeView) },
});

export const getClose: Handler<'getClose'> = async (context, { params }) => {
  const close = await readClose(context, params.period);
  return close === undefined ? NOT_BEGUN : { status: 200, body: closeView(close) };
};

export const approveClose: Handler<'approveClose'> = async (context, { params }) => {
  const approved = await approve(context, context.actor.user, params.period);
  return approved.ok ? { status: 200, body: closeView(approved.value) } : approved;
};

export const listCloseInvoices: Handler<'listCloseInvoices'> = async (context, { params, query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await listOfClose(context, params.period, query.left ? 'todo' : 'all', {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value as Item }),
  });
  const items = await withVariance(context, page.items);
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

export const estimateClose: Handler<'estimateClose'> = async (context, { params, query }) => {
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const page = await estimatePage(context, params.period, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};
