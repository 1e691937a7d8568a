/** Reconciliations on demand, and what they found. */
import { BREAK_COLUMNS, type BreakRow } from '../../shared/export/money.ts';
import { written } from '../../shared/export/table.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { dayOf } from '../../shared/kernel/time.ts';
import {
  beginReconciliation,
  listReconciliations as listAll,
  readBreaks,
  readReconciliation,
} from '../../shared/reconciliation/reconciliation.store.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { refuseFields } from '../middleware/fields.ts';

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
  if (reconciliation === undefined) return NO_RECONCILIATION;
  return { status: 200, body: { ...reconciliation, found: await readBreaks(context, reconciliation.id) } };
};

export const exportReconciliation: Handler<'exportReconciliation'> = async (context, { params }) => {
  const reconciliation = await readReconciliation(context, params.reconciliation);
  if (reconciliation === undefined) return NO_RECONCILIATION;
  const breaks = await readBreaks(context, reconciliation.id);
  const { id, day } = reconciliation;
  const rows = breaks.map((found): BreakRow => ({ day, reconciliation: id, found }));
  return { status: 200, body: written(BREAK_COLUMNS, rows, { format: 'csv', withHeader: true }) };
};
