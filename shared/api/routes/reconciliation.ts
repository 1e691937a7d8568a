/** Whether the ledger and Stripe say the same. */
import * as z from 'zod';
import { Break, Reconciliation } from '../../reconciliation/reconciliation.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const READ = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const WRITE = { who: 'members', roles: ['market.finance'], scope: 'finance:write' } as const;
const Params = z.object({ reconciliation: z.string().max(60) });

export const reconciliationRoutes = defineRoutes([
  {
    id: 'startReconciliation',
    function: 'money',
    method: 'POST',
    path: '/v1/reconciliations',
    access: WRITE,
    repeat: 'natural',
    summary: 'Compare the ledger with Stripe now, with everything since the beginning of a day',
    description: 'It also runs by itself at 02:00 UTC, for the day before. One runs at a time.',
    body: z
      .strictObject({ day: z.iso.date().optional().meta({ description: 'UTC; today where left out' }) })
      .meta({ id: 'ReconciliationInput' }),
    responses: { 202: Reconciliation },
    problems: ['still_running'],
  },
  {
    id: 'listReconciliations',
    function: 'money',
    method: 'GET',
    path: '/v1/reconciliations',
    access: READ,
    repeat: 'none',
    summary: 'Reconciliations, the newest day first',
    query: z.object(PageQuery),
    responses: { 200: pageOf(Reconciliation) },
    problems: [],
  },
  {
    id: 'getReconciliation',
    function: 'money',
    method: 'GET',
    path: '/v1/reconciliations/{reconciliation}',
    access: READ,
    repeat: 'none',
    summary: 'A reconciliation',
    params: Params,
    responses: { 200: Reconciliation },
    problems: ['not_found'],
  },
  {
    id: 'listBreaks',
    function: 'money',
    method: 'GET',
    path: '/v1/reconciliations/{reconciliation}/breaks',
    access: READ,
    repeat: 'none',
    summary: 'The breaks of a reconciliation, in order of comparison, currency and subject',
    params: Params,
    query: z.object(PageQuery),
    responses: { 200: pageOf(Break) },
    problems: ['not_found'],
  },
  {
    id: 'exportReconciliation',
    function: 'money',
    method: 'GET',
    path: '/v1/reconciliations/{reconciliation}/csv',
    access: READ,
    repeat: 'none',
    summary: 'The breaks of a reconciliation as CSV',
    description:
      'A page of the file. Where there is another one, the header `parley-next` has its cursor; the pages one after the other are the file.',
    params: Params,
    query: z.object({
      cursor: PageQuery.cursor,
      limit: z.coerce.number().int().min(1).max(2_000).default(1_000).meta({ description: 'Rows of a page' }),
    }),
    answers: 'text/csv',
    responses: { 200: z.string() },
    problems: ['not_found'],
  },
]);
