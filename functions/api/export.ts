/** Files for finance people, page by page. */

import * as z from 'zod';
import { exportRoutes } from '../../shared/api/routes/export.ts';
import { invoiceDetailRoutes } from '../../shared/api/routes/invoice-detail.ts';
import { listRecords } from '../../shared/audit-trail/audit-trail.store.ts';
import { PageKey, putMapping, readMapping } from '../../shared/export/export.store.ts';
import { isExportedBy, tenantKind } from '../../shared/export/export.ts';
import type { Format } from '../../shared/export/table.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { SOURCES } from './export-sources.ts';
import * as invoiceDetail from './invoice-detail.ts';

const NOT_YOURS = refuse('export_not_yours', 'This file is about figures that your organisation does not have.');

/** One page in a format. */
function exportAs<Id extends 'exportCsv' | 'exportLines'>(format: Format): Handler<Id> {
  return (async (context: Context<Member>, { params, query }: Parameters<Handler<'exportCsv'>>[1]) => {
    if (!isExportedBy(params.kind, tenantKind(context.actor.tenant))) return NOT_YOURS;
    const after = await pageKeyOf(context, query.cursor, PageKey);
    if (!after.ok) return after;
    const { period = monthOf(context.now), currency, queue, round, stand, limit } = query;
    const { tenant } = context.actor;
    const asked = {
      tenant,
      period,
      currency,
      ...(queue ? { queue } : {}),
      ...(round ? { round } : {}),
      ...(stand ? { stand } : {}),
    };
    const at = { limit, ...(after.value === undefined ? {} : { after: after.value as Item }) };
    const found = await SOURCES[params.kind](context, asked, at);
    if ('ok' in found) return found;
    const body = found.text(format, query.cursor === undefined);
    return { status: 200, body, next: await cursorOf(context, found.after) };
  }) as Handler<Id>;
}

const getAccountMapping: Handler<'getAccountMapping'> = async (context) => ({
  status: 200,
  body: await readMapping(context, context.actor.tenant),
});

const putAccountMapping: Handler<'putAccountMapping'> = async (context, { body }) => {
  await putMapping(context, context.actor.tenant, body);
  return { status: 200, body };
};

const TrailKey = z.object({ pk: z.string(), sk: z.string() });

const listAuditRecords: Handler<'listAuditRecords'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TrailKey);
  if (!after.ok) return after;
  const { records, after: next } = await listRecords(
    context,
    context.actor.tenant,
    query.period ?? monthOf(context.now),
    { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) },
  );
  return { status: 200, body: { items: records, next: await cursorOf(context, next) } };
};

export const handler = api('export', [...exportRoutes, ...invoiceDetailRoutes], {
  exportCsv: exportAs<'exportCsv'>('csv'),
  exportLines: exportAs<'exportLines'>('ndjson'),
  getAccountMapping,
  putAccountMapping,
  listAuditRecords,
  ...invoiceDetail,
});
