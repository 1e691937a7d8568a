/** The detail of a long invoice, for whoever holds the link at its foot. */
import { CHARGE_OF_INVOICE_COLUMNS, DETAIL_COLUMNS } from '../../shared/export/invoice-detail.ts';
import { written } from '../../shared/export/table.ts';
import { ChargesAfter, chargesOfInvoice } from '../../shared/invoice/charges.store.ts';
import { readDetailLink } from '../../shared/invoice/detail-link.ts';
import { pageOfLines, readInvoice } from '../../shared/invoice/invoice.store.ts';
import type { Invoice } from '../../shared/invoice/invoice.ts';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';
import { SECOND } from '../../shared/kernel/time.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { type Bucket, takeToken } from '../middleware/rate-limit.ts';

/** A reader opens a few; a whole file of charges is some tens of pages. */
const CALLS: Bucket = { name: 'invoice-detail', size: 60, refillMs: SECOND };
const UNKNOWN = refuse('not_found', 'This link is not known. It stands at the foot of the invoice: copy all of it.');
const ENDED = refuse(
  'link_expired',
  'This link has ended. Sign in: GET /v1/invoices/{invoice}/lines?detail=true has the same lines.',
);

/** The final invoice that a link is of. A caller without one learns nothing, and may not try often. */
async function invoiceOf(
  context: Context,
  token: string,
): Promise<Result<Invoice, 'not_found' | 'link_expired' | 'rate_limited'>> {
  const { tables, runtime, machineNow, sourceAddress: address } = context;
  const { signingKey } = runtime;
  const taken = await takeToken(CALLS, { tables, address, signingKey, machineNow });
  if (!taken.ok) return taken;
  const link = await readDetailLink(signingKey, token);
  if (link === undefined) return UNKNOWN;
  if (context.now >= link.exp) return ENDED;
  const invoice = await readInvoice(context, link.invoice);
  return invoice === undefined || invoice.finalizedAt === null ? UNKNOWN : ok(invoice);
}

export const getInvoiceDetail: Handler<'getInvoiceDetail'> = async (context, { params }) => {
  const found = await invoiceOf(context, params.detailLink);
  if (!found.ok) return found;
  const invoice = found.value;
  const kind = invoice.details > 0 ? 'D' : 'L';
  const lines = await pageOfLines(context, invoice, kind, {
    after: 0,
    limit: Math.max(invoice.details, invoice.lines),
  });
  const rows = lines.map((line) => ({ invoice: invoice.number ?? invoice.id, currency: invoice.currency, line }));
  return { status: 200, body: written(DETAIL_COLUMNS, rows, { format: 'csv', withHeader: true }) };
};

export const getInvoiceDetailCharges: Handler<'getInvoiceDetailCharges'> = async (context, { params, query }) => {
  const found = await invoiceOf(context, params.detailLink);
  if (!found.ok) return found;
  const after = await pageKeyOf(context, query.cursor, ChargesAfter);
  if (!after.ok) return after;
  const invoice = found.value;
  const page = await chargesOfInvoice(context, invoice, { limit: query.limit, after: after.value });
  const rows = page.items.map((charge) => ({ invoice: invoice.number ?? invoice.id, charge }));
  const withHeader = query.cursor === undefined;
  return {
    status: 200,
    body: written(CHARGE_OF_INVOICE_COLUMNS, rows, { format: 'csv', withHeader }),
    next: await cursorOf(context, page.after),
  };
};
