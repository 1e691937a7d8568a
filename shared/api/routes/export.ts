/** Files for finance people: pages of CSV or of JSON lines, and one's own account numbers. */
import * as z from 'zod';
import { AuditRecord } from '../../audit-trail/audit-trail.ts';
import { ExportKind } from '../../export/export.ts';
import { AccountMapping } from '../../export/journal.ts';
import { BillingStand } from '../../export/requests.ts';
import { QueueId, RoundNumber } from '../../kernel/id.ts';
import { Currency } from '../../kernel/money.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { Period } from './finance.ts';

const FINANCE = ['company.admin', 'company.finance', 'provider.admin', 'provider.finance', 'market.finance'] as const;
const READ = { who: 'members', roles: FINANCE, scope: 'finance:read' } as const;
const WRITE = { who: 'members', roles: FINANCE, scope: 'finance:write' } as const;

const Query = z.object({
  period: Period.optional(),
  currency: Currency.default('USD'),
  queue: QueueId.optional().meta({ description: 'Of requests: whose' }),
  round: z.coerce.number().pipe(RoundNumber).optional().meta({ description: 'Of requests: in which round' }),
  stand: BillingStand.optional().meta({ description: 'Of requests: only those that stand so in money' }),
  cursor: PageQuery.cursor,
  limit: z.coerce.number().int().min(1).max(2_000).default(1_000).meta({ description: 'Rows of a page, about' }),
});
const params = z.object({ kind: ExportKind });
const DESCRIPTION =
  'A page of the file. Where there is another one, the header `parley-next` has its cursor; the pages one after the other are the file.';

export const exportRoutes = defineRoutes([
  {
    id: 'exportCsv',
    function: 'export',
    method: 'GET',
    path: '/v1/exports/{kind}/csv',
    access: READ,
    repeat: 'none',
    summary: 'Figures of a month as CSV',
    description: DESCRIPTION,
    params,
    query: Query,
    answers: 'text/csv',
    responses: { 200: z.string() },
    problems: ['export_not_yours', 'balances_behind'],
  },
  {
    id: 'exportLines',
    function: 'export',
    method: 'GET',
    path: '/v1/exports/{kind}/ndjson',
    access: READ,
    repeat: 'none',
    summary: 'Figures of a month, one JSON object per line',
    description: DESCRIPTION,
    params,
    query: Query,
    answers: 'application/x-ndjson',
    responses: { 200: z.string() },
    problems: ['export_not_yours', 'balances_behind'],
  },
  {
    id: 'getAccountMapping',
    function: 'export',
    method: 'GET',
    path: '/v1/account-mapping',
    access: READ,
    repeat: 'none',
    summary: 'One’s own account numbers for the journal',
    responses: { 200: AccountMapping },
    problems: [],
  },
  {
    id: 'putAccountMapping',
    function: 'export',
    method: 'PUT',
    path: '/v1/account-mapping',
    access: WRITE,
    repeat: 'natural',
    summary: 'Set one’s own account numbers for the journal',
    body: AccountMapping,
    responses: { 200: AccountMapping },
    problems: [],
  },
  {
    id: 'listAuditRecords',
    function: 'export',
    method: 'GET',
    path: '/v1/audit-trail',
    access: READ,
    repeat: 'none',
    summary: 'Who changed money, the market or the organisation, by whom and how it ended',
    query: z.object({ period: Period.optional(), ...PageQuery }),
    responses: { 200: pageOf(AuditRecord) },
    problems: [],
  },
]);
