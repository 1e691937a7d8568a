/** The detail of a long invoice, for whoever holds its link. */
import * as z from 'zod';
import { defineRoutes, PageQuery } from '../route.ts';

const params = z.object({
  detailLink: z.string().max(600).meta({ description: 'Signed by the market; it stands at the foot of the invoice' }),
});
const PROBLEMS = ['not_found', 'link_expired', 'rate_limited'] as const;

export const invoiceDetailRoutes = defineRoutes([
  {
    id: 'getInvoiceDetail',
    function: 'export',
    method: 'GET',
    path: '/v1/invoice-details/{detailLink}/csv',
    access: { who: 'everybody' },
    repeat: 'none',
    summary: 'The detail of an invoice with more than 200 lines, as CSV',
    description:
      'One row for each queue, round and kind; they sum to the invoice’s subtotal. The link ends 120 days after the invoice was planned; after that its company signs in and asks for its lines.',
    params,
    answers: 'text/csv',
    responses: { 200: z.string() },
    problems: PROBLEMS,
  },
  {
    id: 'getInvoiceDetailCharges',
    function: 'export',
    method: 'GET',
    path: '/v1/invoice-details/{detailLink}/charges/csv',
    access: { who: 'everybody' },
    repeat: 'none',
    summary: 'Every charge of the months that such an invoice bills, as CSV',
    description:
      'A page of the file. Where there is another one, the header `parley-next` has its cursor; the pages one after the other are the file. Amounts are exact; what credits and earlier months change stands in the invoice’s lines.',
    params,
    query: z.object({
      cursor: PageQuery.cursor,
      limit: z.coerce.number().int().min(1).max(2_000).default(1_000).meta({ description: 'Rows of a page, about' }),
    }),
    answers: 'text/csv',
    responses: { 200: z.string() },
    problems: PROBLEMS,
  },
]);
