/** Invoices: for the company they are for, and for the market's finance people. */
import * as z from 'zod';
import { CreditNoteView } from '../../invoice/credit-note.ts';
import { InvoiceDocument } from '../../invoice/document.ts';
import { InvoiceEstimate } from '../../invoice/estimate.ts';
import { Invoice, InvoiceId, InvoiceLine, InvoiceState } from '../../invoice/invoice.ts';
import { Reissue } from '../../invoice/reissue.ts';
import { OrganisationId } from '../../kernel/id.ts';
import { Currency } from '../../kernel/money.ts';
import { Charge } from '../../ledger/ledger.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { Period } from './finance.ts';

const OWN = { who: 'members', roles: ['company.admin', 'company.finance'], scope: 'finance:read' } as const;
const BOTH = {
  who: 'members',
  roles: ['company.admin', 'company.finance', 'market.finance', 'market.operator'],
  scope: 'finance:read',
} as const;
const MARKET = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const MARKET_WRITE = { who: 'members', roles: ['market.finance'], scope: 'finance:write' } as const;
const OfInvoice = z.object({ invoice: InvoiceId });
const Detail = z
  .stringbool()
  .default(false)
  .meta({ description: 'By queue, round and kind, where the lines put those together' });

export const invoiceRoutes = defineRoutes([
  {
    id: 'listInvoices',
    function: 'billing',
    method: 'GET',
    path: '/v1/invoices',
    access: OWN,
    repeat: 'none',
    summary: 'One’s invoices, newest month first',
    query: z.object(PageQuery),
    responses: { 200: pageOf(Invoice) },
    problems: [],
  },
  {
    id: 'listCompanyInvoices',
    function: 'money',
    method: 'GET',
    path: '/v1/organisations/{organisation}/invoices',
    access: MARKET,
    repeat: 'none',
    summary: 'A company’s invoices, newest month first',
    params: z.object({ organisation: OrganisationId }),
    query: z.object(PageQuery),
    responses: { 200: pageOf(Invoice) },
    problems: [],
  },
  {
    id: 'listInvoicesOfMonth',
    function: 'money',
    method: 'GET',
    path: '/v1/money/invoices',
    access: MARKET,
    repeat: 'none',
    summary: 'The invoices of all companies for a month',
    description: 'A page may be shorter than asked for, or empty; the list ends where `next` is null.',
    query: z.object({
      period: Period,
      currency: Currency.optional(),
      state: InvoiceState.optional(),
      ...PageQuery,
    }),
    responses: { 200: pageOf(Invoice) },
    problems: [],
  },
  {
    id: 'getInvoice',
    function: 'billing',
    method: 'GET',
    path: '/v1/invoices/{invoice}',
    access: BOTH,
    repeat: 'none',
    summary: 'One invoice',
    params: OfInvoice,
    responses: { 200: Invoice },
    problems: [],
  },
  {
    id: 'listInvoiceLines',
    function: 'billing',
    method: 'GET',
    path: '/v1/invoices/{invoice}/lines',
    access: BOTH,
    repeat: 'none',
    summary: 'The lines of an invoice; they sum to its subtotal',
    params: OfInvoice,
    query: z.object({ detail: Detail, ...PageQuery }),
    responses: { 200: pageOf(InvoiceLine) },
    problems: [],
  },
  {
    id: 'listLineCharges',
    function: 'billing',
    method: 'GET',
    path: '/v1/invoices/{invoice}/lines/{line}/charges',
    access: BOTH,
    repeat: 'none',
    summary: 'The charges behind a line of an invoice',
    description:
      'Each names its request, whose receipt and thread can be read. A page may be short: go on until `next` is null.',
    params: z.object({ invoice: InvoiceId, line: z.coerce.number().int().min(1) }),
    query: z.object({ detail: Detail, ...PageQuery }),
    responses: { 200: pageOf(Charge) },
    problems: [],
  },
  {
    id: 'listInvoiceCreditNotes',
    function: 'billing',
    method: 'GET',
    path: '/v1/invoices/{invoice}/credit-notes',
    access: BOTH,
    repeat: 'none',
    summary: 'The credit notes on an invoice, each with where the money went',
    params: OfInvoice,
    query: z.object(PageQuery),
    responses: { 200: pageOf(CreditNoteView) },
    problems: [],
  },
  {
    id: 'getInvoiceDocument',
    function: 'billing',
    method: 'GET',
    path: '/v1/invoices/{invoice}/document',
    access: BOTH,
    repeat: 'none',
    summary: 'Stripe’s page of a final invoice, and its PDF',
    params: OfInvoice,
    responses: { 200: InvoiceDocument },
    problems: ['invoice_state', 'stripe_unavailable'],
  },
  {
    id: 'getInvoiceEstimate',
    function: 'billing',
    method: 'GET',
    path: '/v1/invoice-estimate',
    access: OWN,
    repeat: 'none',
    summary: 'What the invoice of a month would be by now, by currency',
    query: z.object({ period: Period.optional() }),
    responses: { 200: z.object({ items: z.array(InvoiceEstimate) }) },
    problems: [],
  },
  {
    id: 'voidInvoice',
    function: 'money',
    method: 'POST',
    path: '/v1/invoices/{invoice}/void',
    access: MARKET_WRITE,
    repeat: 'natural',
    summary: 'Void an open invoice: what it billed is unbilled again',
    description: 'Refused once something of it was paid or credited, and while one of its charges is disputed.',
    params: OfInvoice,
    responses: { 200: Invoice },
    problems: ['invoice_state', 'invoice_paid', 'invoice_disputed', 'stripe_refused', 'stripe_unavailable'],
  },
  {
    id: 'dropInvoice',
    function: 'money',
    method: 'POST',
    path: '/v1/invoices/{invoice}/drop',
    access: MARKET_WRITE,
    repeat: 'natural',
    summary: 'Take back an invoice that is not final: what it was to bill is carried over',
    params: OfInvoice,
    responses: { 200: Invoice },
    problems: ['invoice_state', 'stripe_refused', 'stripe_unavailable'],
  },
  {
    id: 'reissueInvoice',
    function: 'money',
    method: 'POST',
    path: '/v1/invoices/{invoice}/reissue',
    access: { ...MARKET_WRITE, byPeople: true },
    repeat: 'natural',
    summary: 'Ask to bill anew, under the next version, what a voided or dropped invoice billed',
    description:
      'Its amount is fixed minutes later, when all is posted that counts for it; a second person then approves it. Until it is final or dropped the next month’s close waits.',
    params: OfInvoice,
    responses: { 200: Reissue },
    problems: ['invoice_state'],
  },
  {
    id: 'getReissue',
    function: 'money',
    method: 'GET',
    path: '/v1/invoices/{invoice}/reissue',
    access: MARKET,
    repeat: 'none',
    summary: 'How far the reissue of an invoice is',
    params: OfInvoice,
    responses: { 200: Reissue },
    problems: [],
  },
  {
    id: 'approveReissue',
    function: 'money',
    method: 'POST',
    path: '/v1/invoices/{invoice}/reissue/approve',
    access: { ...MARKET_WRITE, byPeople: true },
    repeat: 'natural',
    summary: 'Approve the invoice that bills a voided one’s month anew, as another person than who asked for it',
    params: OfInvoice,
    responses: { 200: Reissue },
    problems: ['invoice_state', 'second_person_needed'],
  },
]);
