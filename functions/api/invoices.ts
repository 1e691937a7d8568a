/** Invoices and what is behind them, for their company and for the market's finance people. */
import * as z from 'zod';
import type { Member } from '../../shared/identity/identity.ts';
import { ChargesAfter, chargesOfLine } from '../../shared/invoice/charges.store.ts';
import { pageOfNotes } from '../../shared/invoice/credit-note.store.ts';
import { creditNoteView } from '../../shared/invoice/credit-note.ts';
import { documentOf } from '../../shared/invoice/document.store.ts';
import { estimateMonth } from '../../shared/invoice/estimate.store.ts';
import {
  listInvoices as invoicesOf,
  listOfClose,
  pageOfLines,
  readInvoice,
} from '../../shared/invoice/invoice.store.ts';
import type { Invoice } from '../../shared/invoice/invoice.ts';
import { approveReissue as approveAnew, askReissue, readReissue } from '../../shared/invoice/reissue.store.ts';
import { dropInvoice as drop, voidInvoice as takeBack } from '../../shared/invoice/void.store.ts';
import { pageOfMatching } from '../../shared/kernel/matching.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { MARKET_ORGANISATION, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';
import { stripeCall } from '../stripe-out.ts';

const NO_INVOICE = refuse('not_found', 'There is no such invoice of yours; GET /v1/invoices lists them.');
const NO_REISSUE = refuse('not_found', 'Nobody asked to issue this invoice anew.');
const NO_LINE = refuse('not_found', 'The invoice has no such line.');

/** An invoice that its company or the market may see. */
async function seen(context: Context<Member>, id: string): Promise<Invoice | Refusal<'not_found'>> {
  const { tenant } = context.actor;
  if (tenant !== MARKET_ORGANISATION && !id.startsWith(`${tenant}.`)) return NO_INVOICE;
  const invoice = await readInvoice(context, id);
  // Before it is final it is the market's plan.
  if (invoice === undefined) return NO_INVOICE;
  return tenant === MARKET_ORGANISATION || invoice.finalizedAt !== null ? invoice : NO_INVOICE;
}

async function pageOfInvoices(
  context: Context<Member>,
  company: string,
  query: { limit: number; cursor?: string | undefined },
) {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await invoicesOf(context, company, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value as Item }),
  });
  return { ok: true as const, items: page.items, next: await cursorOf(context, page.after) };
}

export const listInvoices: Handler<'listInvoices'> = async (context, { query }) => {
  const page = await pageOfInvoices(context, context.actor.tenant, query);
  if (!page.ok) return page;
  return {
    status: 200,
    body: { items: page.items.filter(({ finalizedAt }) => finalizedAt !== null), next: page.next },
  };
};

export const listCompanyInvoices: Handler<'listCompanyInvoices'> = async (context, { params, query }) => {
  const page = await pageOfInvoices(context, params.organisation, query);
  return page.ok ? { status: 200, body: { items: page.items, next: page.next } } : page;
};

export const listInvoicesOfMonth: Handler<'listInvoicesOfMonth'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const wanted = (invoice: Invoice) =>
    (query.state === undefined || query.state === invoice.state) &&
    (query.currency === undefined || query.currency === invoice.currency)
      ? invoice
      : undefined;
  const page = await pageOfMatching((more) => listOfClose(context, query.period, 'all', more), wanted, {
    limit: query.limit,
    after: after.value,
  });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const getInvoice: Handler<'getInvoice'> = async (context, { params }) => {
  const invoice = await seen(context, params.invoice);
  return 'ok' in invoice ? invoice : { status: 200, body: invoice };
};

export const listInvoiceLines: Handler<'listInvoiceLines'> = async (context, { params, query }) => {
  const invoice = await seen(context, params.invoice);
  if ('ok' in invoice) return invoice;
  const after = await pageKeyOf(context, query.cursor, z.int());
  if (!after.ok) return after;
  const from = after.value ?? 0;
  const kind = query.detail && invoice.details > 0 ? 'D' : 'L';
  const items = await pageOfLines(context, invoice, kind, { limit: query.limit, after: from });
  const most = kind === 'D' ? invoice.details : invoice.lines;
  const at = from + items.length;
  return { status: 200, body: { items, next: await cursorOf(context, at < most ? at : undefined) } };
};

export const listLineCharges: Handler<'listLineCharges'> = async (context, { params, query }) => {
  const invoice = await seen(context, params.invoice);
  if ('ok' in invoice) return invoice;
  const kind = query.detail && invoice.details > 0 ? 'D' : 'L';
  const [line] = await pageOfLines(context, invoice, kind, { limit: 1, after: params.line - 1 });
  if (line === undefined) return NO_LINE;
  const after = await pageKeyOf(context, query.cursor, ChargesAfter);
  if (!after.ok) return after;
  const page = await chargesOfLine(context, invoice, line, { limit: query.limit, after: after.value });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const listInvoiceCreditNotes: Handler<'listInvoiceCreditNotes'> = async (context, { params, query }) => {
  const invoice = await seen(context, params.invoice);
  if ('ok' in invoice) return invoice;
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await pageOfMatching((more) => pageOfNotes(context, invoice.id, more), creditNoteView, {
    limit: query.limit,
    after: after.value,
  });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

export const getInvoiceDocument: Handler<'getInvoiceDocument'> = async (context, { params }) => {
  const invoice = await seen(context, params.invoice);
  if ('ok' in invoice) return invoice;
  const found = await documentOf(await stripeCall(context.runtime, context), invoice);
  return found.ok ? { status: 200, body: found.value } : found;
};

export const getInvoiceEstimate: Handler<'getInvoiceEstimate'> = async (context, { query }) => {
  const company = await readOrganisation(context.tables, context.actor.tenant);
  if (company === undefined) return refuse('not_found', 'Your organisation is not there any more.');
  const period = query.period ?? monthOf(context.now);
  return { status: 200, body: { items: await estimateMonth(context, company, period) } };
};

export const voidInvoice: Handler<'voidInvoice'> = async (context, { params }) => {
  const voided = await takeBack(await stripeCall(context.runtime, context), params.invoice);
  return voided.ok ? { status: 200, body: voided.value } : voided;
};

export const dropInvoice: Handler<'dropInvoice'> = async (context, { params }) => {
  const dropped = await drop(await stripeCall(context.runtime, context), params.invoice);
  return dropped.ok ? { status: 200, body: dropped.value } : dropped;
};

export const reissueInvoice: Handler<'reissueInvoice'> = async (context, { params }) => {
  const asked = await askReissue(context, context.actor.user, params.invoice);
  return asked.ok ? { status: 200, body: asked.value } : asked;
};

export const getReissue: Handler<'getReissue'> = async (context, { params }) => {
  const reissue = await readReissue(context, params.invoice);
  return reissue === undefined ? NO_REISSUE : { status: 200, body: reissue };
};

export const approveReissue: Handler<'approveReissue'> = async (context, { params }) => {
  const approved = await approveAnew(context, context.actor.user, params.invoice);
  return approved.ok ? { status: 200, body: approved.value } : approved;
};
