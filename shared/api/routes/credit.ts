/** What a company owes and may owe. */
import * as z from 'zod';
import { Pause } from '../../budget/pause.ts';
import { Exposure } from '../../credit/credit.ts';
import { Invoice, InvoiceId } from '../../invoice/invoice.ts';
import { OrganisationId } from '../../kernel/id.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const OWN = { who: 'members', roles: ['company.admin', 'company.finance'], scope: 'finance:read' } as const;
const MARKET = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const WRITE = { who: 'members', roles: ['market.finance'], scope: 'finance:write' } as const;
const Credit = z.object({ exposure: Exposure, sentence: z.string(), pause: Pause.nullable() }).meta({ id: 'Credit' });

export const creditRoutes = defineRoutes([
  {
    id: 'getCredit',
    function: 'billing',
    method: 'GET',
    path: '/v1/credit',
    access: OWN,
    repeat: 'none',
    summary: 'What one owes, could owe at worst, and may owe',
    responses: { 200: Credit },
    problems: ['not_found'],
  },
  {
    id: 'getCompanyCredit',
    function: 'money',
    method: 'GET',
    path: '/v1/organisations/{organisation}/credit',
    access: MARKET,
    repeat: 'none',
    summary: 'What a company owes, could owe at worst, and may owe',
    params: z.object({ organisation: OrganisationId }),
    responses: { 200: Credit },
    problems: [],
  },
  {
    id: 'listWriteOffs',
    function: 'money',
    method: 'GET',
    path: '/v1/write-offs',
    access: MARKET,
    repeat: 'none',
    summary: 'Invoices that somebody proposed to write off, which wait for a second person; oldest first',
    description: 'A page may be shorter than asked for; the list ends where `next` is null.',
    query: z.object(PageQuery),
    responses: { 200: pageOf(Invoice) },
    problems: [],
  },
  {
    id: 'writeOffInvoice',
    function: 'money',
    method: 'POST',
    path: '/v1/invoices/{invoice}/write-off',
    access: { ...WRITE, byPeople: true },
    repeat: 'natural',
    summary: 'Write off what is unpaid of an overdue invoice: one person proposes, another’s same call carries it out',
    params: z.object({ invoice: InvoiceId }),
    responses: { 200: Invoice },
    problems: ['invoice_state', 'invoice_disputed', 'second_person_needed', 'stripe_refused', 'stripe_unavailable'],
  },
  {
    id: 'withdrawWriteOff',
    function: 'money',
    method: 'DELETE',
    path: '/v1/invoices/{invoice}/write-off',
    access: { ...WRITE, byPeople: true },
    repeat: 'natural',
    summary: 'Take back what was proposed to be written off',
    params: z.object({ invoice: InvoiceId }),
    responses: { 200: Invoice },
    problems: ['invoice_state'],
  },
]);
