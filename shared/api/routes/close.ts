/** The close of a month: for the market's finance people. */
import * as z from 'zod';
import { Close } from '../../close/close.ts';
import { InvoiceEstimate } from '../../invoice/estimate.ts';
import { Invoice } from '../../invoice/invoice.ts';
import { Variance } from '../../invoice/variance.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { Period } from './finance.ts';

const READ = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const WRITE = { who: 'members', roles: ['market.finance'], scope: 'finance:write' } as const;
const OfMonth = z.object({ period: Period });

export const closeRoutes = defineRoutes([
  {
    id: 'startClose',
    function: 'money',
    method: 'POST',
    path: '/v1/closes',
    access: { ...WRITE, byPeople: true },
    repeat: 'natural',
    summary: 'Begin the close of a month',
    description:
      'The market then posts what was due, reconciles, closes the month and plans an invoice for each company and currency. Nothing reaches a company before a second person has approved.',
    body: z.strictObject({ period: Period }).meta({ id: 'CloseInput' }),
    responses: { 200: Close },
    problems: ['period_not_over', 'close_out_of_order'],
  },
  {
    id: 'listCloses',
    function: 'money',
    method: 'GET',
    path: '/v1/closes',
    access: READ,
    repeat: 'none',
    summary: 'Closes of months, newest first',
    responses: { 200: z.object({ items: z.array(Close) }) },
    problems: [],
  },
  {
    id: 'getClose',
    function: 'money',
    method: 'GET',
    path: '/v1/closes/{period}',
    access: READ,
    repeat: 'none',
    summary: 'A close as a checklist: each step, who, when, and what it waits for',
    params: OfMonth,
    responses: { 200: Close },
    problems: [],
  },
  {
    id: 'approveClose',
    function: 'money',
    method: 'POST',
    path: '/v1/closes/{period}/approve',
    access: { ...WRITE, byPeople: true },
    repeat: 'natural',
    summary: 'Approve the planned invoices, as another person than who began the close',
    params: OfMonth,
    responses: { 200: Close },
    problems: ['close_not_ready', 'second_person_needed'],
  },
  {
    id: 'listCloseInvoices',
    function: 'money',
    method: 'GET',
    path: '/v1/closes/{period}/invoices',
    access: READ,
    repeat: 'none',
    summary: 'The invoices of a close, each with why it differs from the month before',
    params: OfMonth,
    query: z.object({
      left: z.stringbool().default(false).meta({ description: 'Only those that are not final' }),
      ...PageQuery,
    }),
    responses: {
      200: pageOf(z.object({ invoice: Invoice, variance: Variance }).meta({ id: 'CloseInvoice' })),
    },
    problems: [],
  },
  {
    id: 'estimateClose',
    function: 'money',
    method: 'GET',
    path: '/v1/closes/{period}/estimate',
    access: READ,
    repeat: 'none',
    summary: 'A dry run: what each company’s invoice would be by now, a page of companies at a time',
    params: OfMonth,
    query: z.object({ ...PageQuery, limit: z.coerce.number().int().min(1).max(25).default(10) }),
    responses: { 200: pageOf(InvoiceEstimate) },
    problems: [],
  },
]);
