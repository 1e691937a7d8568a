/** Reconciliations on demand, and what they found. */
import * as z from 'zod';
import { BREAK_COLUMNS, type BreakRow } from '../../shared/export/money.ts';
import { written } from '../../shared/export/table.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { dayOf } from '../../shared/kernel/time.ts';
import {
  beginReconciliation,
  listBreaks as breaksOf,
  listReconciliations as listAll,
  readReconciliation,
} from '../../shared/reconciliation/reconciliation.store.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { refuseFields } from '../middleware/fields.ts';

const BreakKey = z.object({ pk: z.string(), sk: z.string() });
const NO_RECONCILIATION = refuse('not_found', 'There is no such reconciliation; GET /v1/reconciliations lists them.');

export const startReconciliation: Handler<'startReconciliation'> = async (context, { body }) => {
  const day = body.day ?? dayOf(context.now);
  if (day > dayOf(context.now)) return refuseFields([{ field: 'day', message: 'lies in the future' }]);
  const begun = await beginReconciliation(context, day, context.actor.user);
  return begun.ok ? { status: 202, body: begun.value } : begun;
};

export const listReconciliations: Handler<'listReconciliations'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await listAll(context, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const getReconciliation: Handler<'getReconciliation'> = async (context, { params }) => {
  const reconciliation = await readReconciliation(context, params.reconciliation);
  return reconciliation === undefined ? NO_RECONCILIATION : { status: 200, body: reconciliation };
};

export const listBreaks: Handler<'listBreaks'> = async (context, { params, query }) => {
  const after = await pageKeyOf(context, query.cursor, BreakKey);
  if (!after.ok) return after;
  if ((await readReconciliation(context, params.reconciliation)) === undefined) return NO_RECONCILIATION;
  const found = await breaksOf(context, params.reconciliation, pageAt(query.limit, after.value));
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const exportReconciliation: Handler<'exportReconciliation'> = async (context, { params, query }) => {
  const after = await pageKeyOf(context, query.cursor, BreakKey);
  if (!after.ok) return after;
  const reconciliation = await readReconciliation(context, params.reconciliation);
  if (reconciliation === undefined) return NO_RECONCILIATION;
  const { id, day } = reconciliation;
  const found = await breaksOf(context, id, pageAt(query.limit, after.value));
  const rows = found.items.map((one): BreakRow => ({ day, reconciliation: id, found: one }));
  const body = written(BREAK_COLUMNS, rows, { format: 'csv', withHeader: query.cursor === undefined });
  return { status: 200, body, next: await cursorOf(context, found.after) };
};

const pageAt = (limit: number, after: Item | undefined) => ({ limit, ...(after === undefined ? {} : { after }) });
