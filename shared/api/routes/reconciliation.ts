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
    summary: 'A reconciliation with its breaks',
    params: Params,
    responses: { 200: Reconciliation.extend({ found: z.array(Break) }).meta({ id: 'ReconciliationWithBreaks' }) },
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
    params: Params,
    answers: 'text/csv',
    responses: { 200: z.string() },
    problems: ['not_found'],
  },
]);
