/** Files for finance people, page by page. */

import * as z from 'zod';
import { exportRoutes } from '../../shared/api/routes/export.ts';
import { listRecords } from '../../shared/audit-trail/audit-trail.store.ts';
import { AUDIT_COLUMNS } from '../../shared/export/audit-rows.ts';
import { CHARGE_COLUMNS, type ChargeRow, ownMicros } from '../../shared/export/charges.ts';
import {
  entriesPage,
  marketEntriesPage,
  type Page,
  PageKey,
  putMapping,
  readMapping,
  requestsPage,
} from '../../shared/export/export.store.ts';
import { EXPORTED_BY, type ExportKind, tenantKind } from '../../shared/export/export.ts';
import { FOCUS_COLUMNS } from '../../shared/export/focus.ts';
import { JOURNAL_COLUMNS, journalRows } from '../../shared/export/journal.ts';
import { REQUEST_COLUMNS } from '../../shared/export/requests.ts';
import { type Column, type Format, written } from '../../shared/export/table.ts';
import type { Member } from '../../shared/identity/identity.ts';
import type { Currency } from '../../shared/kernel/money.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import type { EntryView } from '../../shared/ledger/ledger.ts';
import { readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { type FieldRefusal, refuseFields } from '../middleware/fields.ts';

type Asked = { period: string; currency: Currency; queue?: string; round?: number };
/** A page as text in the format asked for, and where the next one begins. */
type Written = { text: (format: Format, withHeader: boolean) => string; after: unknown };
type Source = (context: Context<Member>, asked: Asked, page: Page) => Promise<Written | FieldRefusal>;

const page = <Row>(columns: readonly Column<Row>[], rows: readonly Row[], after: unknown): Written => ({
  text: (format, withHeader) => written(columns, rows, { format, withHeader }),
  after,
});

async function ownCharges(context: Context<Member>, asked: Asked, at: Page) {
  const { tenant } = context.actor;
  const found = await entriesPage(context, { owner: tenant, ...asked }, at);
  const rows = found.entries.map((entry): ChargeRow => ({ entry, micros: ownMicros(entry, tenant), invoice: null }));
  return { rows: rows.filter((row) => row.micros !== 0 || row.entry.kind === 'charge'), after: found.after };
}

const SOURCES: Readonly<Record<ExportKind, Source>> = {
  charges: async (context, asked, at) => {
    const { rows, after } = await ownCharges(context, asked, at);
    return page(CHARGE_COLUMNS, rows, after);
  },
  focus: async (context, asked, at) => {
    const { tenant } = context.actor;
    const [{ rows, after }, organisation] = await Promise.all([
      ownCharges(context, asked, at),
      readOrganisation(context.tables, tenant),
    ]);
    const account = { id: tenant, name: organisation?.name ?? tenant };
    return page(
      FOCUS_COLUMNS,
      rows.map((row) => ({ ...row, account, costCentre: null, purchaseOrder: null })),
      after,
    );
  },
  journal: async (context, asked, at) => {
    const { tenant } = context.actor;
    const mapping = await readMapping(context, tenant);
    const isMarket = tenantKind(tenant) === 'market';
    const isOwn = (of: string | null): boolean => isMarket || of === tenant;
    const found = isMarket
      ? await marketEntriesPage(context, asked, at)
      : await entriesPage(context, { owner: tenant, ...asked }, at);
    const rows = found.entries.flatMap((entry: EntryView) => journalRows(entry, mapping, isOwn));
    return page(JOURNAL_COLUMNS, rows, found.after);
  },
  requests: async (context, { queue, round }, at) => {
    if (queue === undefined || round === undefined)
      return refuseFields([{ field: queue === undefined ? 'queue' : 'round', message: 'is needed for requests' }]);
    const { rows, after } = await requestsPage(context, { company: context.actor.tenant, queue, round }, at);
    return page(REQUEST_COLUMNS, rows, after);
  },
  'audit-trail': async (context, { period }, at) => {
    const { records, after } = await listRecords(context, context.actor.tenant, period, at);
    return page(AUDIT_COLUMNS, records, after);
  },
};

const NOT_YOURS = refuse('export_not_yours', 'This file is about figures that your organisation does not have.');

/** One page in a format. */
function exportAs<Id extends 'exportCsv' | 'exportLines'>(format: Format): Handler<Id> {
  return (async (context: Context<Member>, { params, query }: Parameters<Handler<'exportCsv'>>[1]) => {
    if (!EXPORTED_BY[params.kind].includes(tenantKind(context.actor.tenant))) return NOT_YOURS;
    const after = await pageKeyOf(context, query.cursor, PageKey);
    if (!after.ok) return after;
    const { period = monthOf(context.now), currency, queue, round, limit } = query;
    const asked = { period, currency, ...(queue ? { queue } : {}), ...(round ? { round } : {}) };
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

export const handler = api('export', exportRoutes, {
  exportCsv: exportAs<'exportCsv'>('csv'),
  exportLines: exportAs<'exportLines'>('ndjson'),
  getAccountMapping,
  putAccountMapping,
  listAuditRecords,
});
