/** Reconciliations on demand, and what they found. */
import * as z from 'zod';
import { type Column, written } from '../../shared/export/table.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { dayOf } from '../../shared/kernel/time.ts';
import {
  beginReconciliation,
  listReconciliations as listAll,
  readBreaks,
  readReconciliation,
} from '../../shared/reconciliation/reconciliation.store.ts';
import type { Break } from '../../shared/reconciliation/reconciliation.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { refuseFields } from '../middleware/fields.ts';

const ListKey = z.object({ pk: z.string(), sk: z.string() }).loose();
const NO_RECONCILIATION = refuse('not_found', 'There is no such reconciliation; GET /v1/reconciliations lists them.');

export const startReconciliation: Handler<'startReconciliation'> = async (context, { body }) => {
  const day = body.day ?? dayOf(context.now);
  if (day > dayOf(context.now)) return refuseFields([{ field: 'day', message: 'lies in the future' }]);
  const begun = await beginReconciliation(context, day, context.actor.user);
  return begun.ok ? { status: 202, body: begun.value } : begun;
};

export const listReconciliations: Handler<'listReconciliations'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, ListKey);
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

type Row = { day: string; found: Break };
const amount = (found: Break, value: number | null) =>
  value === null || found.currency === null ? value : { micros: value };
const COLUMNS: readonly Column<Row>[] = [
  ['day', ({ day }) => day],
  ['comparison', ({ found }) => found.comparison],
  ['kind', ({ found }) => found.kind],
  ['subject', ({ found }) => found.subject],
  ['party', ({ found }) => found.party],
  ['currency', ({ found }) => found.currency],
  ['ledger', ({ found }) => amount(found, found.ledger)],
  ['stripe', ({ found }) => amount(found, found.stripe)],
  ['done', ({ found }) => found.done.join(' ')],
];

export const exportReconciliation: Handler<'exportReconciliation'> = async (context, { params }) => {
  const reconciliation = await readReconciliation(context, params.reconciliation);
  if (reconciliation === undefined) return NO_RECONCILIATION;
  const breaks = await readBreaks(context, reconciliation.id);
  const rows = breaks.map((found): Row => ({ day: reconciliation.day, found }));
  return { status: 200, body: written(COLUMNS, rows, { format: 'csv', withHeader: true }) };
};
