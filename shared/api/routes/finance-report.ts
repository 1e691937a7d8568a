/** What is open and for how long, what is accrued, and what the month will come to. */
import * as z from 'zod';
import { Accrual } from '../../finance-report/accrual.ts';
import { AgedRow } from '../../finance-report/aged.ts';
import { Forecast } from '../../finance-report/forecast.ts';
import { Instant } from '../../kernel/time.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { Period } from './finance.ts';

const MARKET = ['market.finance', 'market.operator'] as const;
const COMPANY = ['company.admin', 'company.finance'] as const;
const PROVIDER = ['provider.admin', 'provider.finance'] as const;
const read = <const R extends readonly (typeof MARKET | typeof COMPANY | typeof PROVIDER)[number][]>(...roles: R) =>
  ({ who: 'members', roles, scope: 'finance:read' }) as const;
const PAGES =
  'Parties see themselves, the market all, page by page of parties; a page may be empty. The list ends where `next` is null.';

export const financeReportRoutes = defineRoutes([
  {
    id: 'listAgedReceivables',
    function: 'finance',
    method: 'GET',
    path: '/v1/aged-receivables',
    access: read(...COMPANY, ...MARKET),
    repeat: 'none',
    summary: 'What companies owe on final invoices, by how long it has been due',
    description: PAGES,
    query: z.object(PageQuery),
    responses: { 200: pageOf(AgedRow) },
    problems: [],
  },
  {
    id: 'listAgedPayables',
    function: 'finance',
    method: 'GET',
    path: '/v1/aged-payables',
    access: read(...PROVIDER, ...MARKET),
    repeat: 'none',
    summary: 'What providers are owed, by how long it has been due at the latest',
    description: `Account 2100 of each: what is disputed (2110) or on its way (2120) is not in it. ${PAGES}`,
    query: z.object(PageQuery),
    responses: { 200: pageOf(AgedRow) },
    problems: ['balances_behind'],
  },
  {
    id: 'listAccruals',
    function: 'finance',
    method: 'GET',
    path: '/v1/accruals',
    access: read(...COMPANY, ...MARKET),
    repeat: 'none',
    summary: 'What is on no final invoice, charged or confirmed, through a month or by an instant in it',
    description: PAGES,
    query: z.object({
      period: Period.optional(),
      at: Instant.optional().meta({
        description: 'An instant of the month; all that is posted in the month by now where left out',
      }),
      ...PageQuery,
    }),
    responses: { 200: pageOf(Accrual) },
    problems: ['balances_behind'],
  },
  {
    id: 'getForecast',
    function: 'finance',
    method: 'GET',
    path: '/v1/forecast',
    access: read(...COMPANY, ...PROVIDER),
    repeat: 'none',
    summary: 'What this month will come to, with its range: what a company is charged, what a provider earns',
    responses: { 200: z.object({ items: z.array(Forecast) }).meta({ id: 'Forecasts' }) },
    problems: ['not_found', 'balances_behind'],
  },
]);
