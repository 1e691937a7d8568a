/** Edits of a draft's lines: many at once, or one; and invoice items, which wait for an invoice or stand on one. */
import type { Stripe } from 'stripe';
import type * as z from 'zod';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { idOf } from './intents.ts';
import {
  addLine,
  changeItem,
  dropLine,
  itemOf,
  type LineInput,
  lineFields,
  linesOf,
  MOST_LINES,
  makeItem,
  reckon,
} from './invoice-lines.ts';
import { keepInvoice } from './invoice-state.ts';

const added = p.hash({
  ...lineFields,
  invoice_item: p.text.optional(),
} satisfies p.ParamsOf<Stripe.InvoiceAddLinesParams.Line>);
const updated = p.hash({ ...lineFields, id: p.text } satisfies p.ParamsOf<Stripe.InvoiceUpdateLinesParams.Line>);
const removed = p.hash({ id: p.text, behavior: p.oneOf(['delete', 'unassign']) });
const many = <S extends z.ZodType>(line: S) => ({
  invoice_metadata: p.metadata.optional(),
  lines: p.listOf(line).min(1).max(MOST_LINES),
});
const item = { ...lineFields, currency: p.currency.optional(), customer: p.text, invoice: p.text.optional() };
const listed = {
  ...p.page,
  created: p.created,
  customer: p.text.optional(),
  invoice: p.text.optional(),
  pending: p.flag.optional(),
} satisfies p.ParamsOf<Stripe.InvoiceItemListParams>;

function needDraft(context: Context, id: string, param = 'invoice'): Stripe.Invoice {
  const invoice = context.need('invoice', id, param);
  if (invoice.status === 'draft') return invoice;
  throw invalid("Finalized invoices can't be updated in this way: lines can only be changed on a draft.", {
    code: 'invoice_not_editable',
  });
}

function needRoom(context: Context, invoice: string, more: number): void {
  if (context.store.count('line_item', context.account, { invoice }) + more <= MOST_LINES) return;
  throw invalid(`The invoice would have more than ${MOST_LINES} line items, which is the maximum.`, { param: 'lines' });
}

type Many<L> = { lines: L[]; invoice_metadata?: Record<string, string | null> | null | undefined };

/** Changes a draft's lines, then makes its sums anew. */
function edit<L>(
  context: Context,
  id: string,
  params: Many<L>,
  each: (draft: Stripe.Invoice, line: L, at: string) => void,
) {
  const draft = needDraft(context, id, 'id');
  for (const [index, line] of params.lines.entries()) each(draft, line, `lines[${index}]`);
  const metadata = p.mergeMetadata(draft.metadata, params.invoice_metadata);
  return keepInvoice(context, draft, reckon(context, { ...draft, metadata }));
}

function needLine(context: Context, invoice: string, id: string, param = 'id'): Stripe.InvoiceLineItem {
  const line = context.need('line_item', id, param);
  if (line.invoice === invoice) return line;
  throw invalid(`No such line item: '${id}'`, { code: 'resource_missing', param });
}

export const invoiceEdits: Resource = {
  routes: [
    route('GET', '/v1/invoices/:invoice/lines', p.page, (context, { ids, params }) => {
      const { id } = context.need('invoice', ids.invoice ?? '');
      return context.list('line_item', params, {
        url: `/v1/invoices/${id}/lines`,
        where: { invoice: id },
        order: 'oldest',
      });
    }),
    route('POST', '/v1/invoices/:invoice/add_lines', many(added), (context, { ids, params }) => {
      needRoom(context, ids.invoice ?? '', params.lines.length);
      return edit(
        context,
        ids.invoice ?? '',
        params as Many<LineInput & { invoice_item?: string }>,
        (draft, line, at) => {
          const { invoice_item: waiting, ...input } = line;
          const { id: invoice, currency } = draft;
          if (waiting === undefined) {
            const customer = idOf(draft.customer as string) ?? '';
            addLine(context, invoice, makeItem(context, { customer, currency, invoice, input, at }));
            return;
          }
          const found = context.need('invoiceitem', waiting, `${at}[invoice_item]`);
          if (found.invoice !== null || found.currency !== currency)
            throw invalid(`The invoice item ${waiting} cannot be put onto this invoice.`, {
              param: `${at}[invoice_item]`,
            });
          addLine(context, invoice, context.put('invoiceitem', { ...found, invoice }));
        },
      );
    }),
    route('POST', '/v1/invoices/:invoice/update_lines', many(updated), (context, { ids, params }) =>
      edit(context, ids.invoice ?? '', params as Many<LineInput & { id: string }>, (draft, { id, ...input }, at) => {
        changeItem(context, itemOf(context, needLine(context, draft.id, id, `${at}[id]`)), input, at);
      }),
    ),
    route('POST', '/v1/invoices/:invoice/remove_lines', many(removed), (context, { ids, params }) =>
      edit(
        context,
        ids.invoice ?? '',
        params as Many<{ id: string; behavior: 'delete' | 'unassign' }>,
        (draft, line, at) => dropLine(context, needLine(context, draft.id, line.id, `${at}[id]`), line.behavior),
      ),
    ),
    route('POST', '/v1/invoices/:invoice/lines/:line', lineFields, (context, { ids, params }) => {
      const draft = needDraft(context, ids.invoice ?? '', 'id');
      const line = needLine(context, draft.id, ids.line ?? '');
      changeItem(context, itemOf(context, line), params as LineInput, 'line');
      keepInvoice(context, draft, reckon(context, draft));
      return context.need('line_item', line.id);
    }),
    route('POST', '/v1/invoiceitems', item, (context, { params }) => {
      const { currency, customer: customerId, invoice, ...input } = params;
      const customer = context.need('customer', customerId, 'customer');
      const draft = invoice === undefined ? undefined : needDraft(context, invoice);
      if (draft !== undefined) needRoom(context, draft.id, 1);
      const made = makeItem(context, {
        customer: customer.id,
        currency: currency ?? draft?.currency ?? params.price_data?.currency ?? customer.currency ?? 'usd',
        invoice: draft?.id ?? null,
        input: input as LineInput,
        at: '',
      });
      if (draft !== undefined) {
        addLine(context, draft.id, made);
        keepInvoice(context, draft, reckon(context, draft));
      }
      return made;
    }),
    route('GET', '/v1/invoiceitems', listed, (context, { params }) => {
      const { customer, invoice, pending } = params;
      const where = { customer, ...(pending === true ? { invoice: null } : { invoice }) };
      return context.list('invoiceitem', params, { url: '/v1/invoiceitems', where });
    }),
    route('GET', '/v1/invoiceitems/:id', {}, (context, { ids }) => context.need('invoiceitem', ids.id ?? '')),
    route('POST', '/v1/invoiceitems/:id', lineFields, (context, { ids, params }) => {
      const old = context.need('invoiceitem', ids.id ?? '');
      const draft = old.invoice === null ? undefined : needDraft(context, idOf(old.invoice) ?? '');
      const next = changeItem(context, old, params as LineInput, '');
      if (draft !== undefined) keepInvoice(context, draft, reckon(context, draft));
      return next;
    }),
    route('DELETE', '/v1/invoiceitems/:id', {}, (context, { ids }) => {
      const old = context.need('invoiceitem', ids.id ?? '');
      const draft = old.invoice === null ? undefined : needDraft(context, idOf(old.invoice) ?? '');
      const line = draft && linesOf(context, draft.id).find((one) => itemOf(context, one).id === old.id);
      if (line !== undefined) dropLine(context, line, 'unassign');
      context.remove(old.id);
      context.emit('invoiceitem.deleted', 'invoiceitem', old);
      if (draft !== undefined) keepInvoice(context, draft, reckon(context, draft));
      return { id: old.id, object: 'invoiceitem', deleted: true } satisfies Stripe.DeletedInvoiceItem;
    }),
  ],
};
