/**
 * Takes a planned invoice to Stripe and makes it final there: create, lines, compare, finalise, post. Every step finds what an
 * earlier run did, so that it may stop anywhere and begin again. At most seven calls to
 * Stripe, with the making of its customer.
 */
import type Stripe from 'stripe';
import { ensureCustomer } from '../billing-profile/customer.store.ts';
import { centsOf, microsOfCents } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { DAY, iso } from '../kernel/time.ts';
import { type NewEntry, post, postWith } from '../ledger/ledger.store.ts';
import { creditAppliedLegs, invoiceFinalLegs } from '../ledger/postings/invoice.ts';
import { inLedger, type LedgerWrite, writeEach, writeTogether } from '../ledger/together.ts';
import { onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { differenceOf, placeOf } from './compare.ts';
import { type DetailUrl, detailFooter } from './detail-link.ts';
import { dueWrite } from './due.store.ts';
import { invoiceChange, readInvoice, readLines, stripeLinesWrite } from './invoice.store.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';
import { noteOwn } from './own.store.ts';
import { ensureProducts, productOf } from './product.store.ts';

export type RunRefusal = StripeRefusal | 'not_found' | 'invoice_differs';

/** Lines that one call adds; Stripe lists as many in one page. */
const BATCH = 100;
/** What is charged automatically is due when Stripe has had its first tries. */
export const AUTOMATIC_DUE_DAYS = 7;

/**
 * Takes an invoice on until it is final; one that is final already, or was dropped, is left as it is. A refusal by Stripe and
 * a difference from the ledger are kept on the invoice as `held`, and tried again when it is run again. `detailUrl` is named
 * at its foot where it has more lines than it shows.
 */
export async function runInvoice(
  call: StripeCall,
  id: string,
  detailUrl?: DetailUrl,
): Promise<Result<Invoice, RunRefusal>> {
  const invoice = await readInvoice(call, id);
  if (invoice === undefined) return refuse('not_found', `There is no invoice ${id}.`);
  if (invoice.state !== 'planned' && invoice.state !== 'draft') return ok(invoice);
  const waiting: LedgerWrite[] = [];
  try {
    const done = await finalise(call, invoice, waiting, detailUrl);
    if (!done.ok && !done.retryable) waiting.push(invoiceChange(id, ['planned', 'draft'], { held: done.detail }));
    return done;
  } finally {
    await writeTogether(call, waiting);
  }
}

/** What `waiting` holds is written with what comes next: before Stripe is asked again, or at the end. */
async function finalise(
  call: StripeCall,
  invoice: Invoice,
  waiting: LedgerWrite[],
  detailUrl: DetailUrl | undefined,
): Promise<Result<Invoice, RunRefusal>> {
  const lines = await readLines(call, invoice);
  const footer =
    invoice.details === 0 || detailUrl === undefined ? undefined : detailFooter(await detailUrl(invoice), invoice);
  const drafted = await draftAtStripe(call, invoice, lines, footer, waiting);
  if (!drafted.ok) return drafted;
  const same = await compared(call, invoice, lines, drafted.value);
  if (!same.ok) return same;
  waiting.push(
    stripeLinesWrite(invoice.id, same.value),
    invoiceChange(invoice.id, ['planned', 'draft'], { state: 'draft', stripeInvoice: drafted.value.id, held: null }),
  );
  const final = await onceAtStripe(call, {
    key: `fin:${invoice.id}`,
    make: (options) => call.stripe.invoices.finalizeInvoice(drafted.value.id, { auto_advance: true }, options),
    find: async () => finalOnly(await call.stripe.invoices.retrieve(drafted.value.id)),
    read: (known) => call.stripe.invoices.retrieve(known),
    waiting,
  });
  return final.ok ? opened(call, invoice, final.value, waiting) : final;
}

const finalOnly = (invoice: Stripe.Invoice): Stripe.Invoice | undefined =>
  invoice.status_transitions.finalized_at === null ? undefined : invoice;

/** A draft at Stripe, and its lines where Stripe has just answered with all of them. */
type Draft = { id: string; lines?: Stripe.InvoiceLineItem[] | undefined };

/** The draft at Stripe with all its lines. */
async function draftAtStripe(
  call: StripeCall,
  invoice: Invoice,
  lines: readonly InvoiceLine[],
  footer: string | undefined,
  waiting: LedgerWrite[],
): Promise<Result<Draft, RunRefusal>> {
  const customer = await ensureCustomer(call, invoice.company);
  if (!customer.ok) return customer;
  const products = await ensureProducts(
    call,
    lines.map((line) => line.kind),
  );
  if (!products.ok) return products;
  const made = await createDraft(call, invoice, customer.value, footer, waiting);
  if (!made.ok) return made;
  noteOwn(call, made.value.id, invoice.id);
  let draft: Draft = made.value;
  for (let from = 0; from < lines.length; from += BATCH) {
    const batch = lines.slice(from, from + BATCH);
    const added = await addLines(call, invoice, made.value.id, { batch, number: from / BATCH }, waiting);
    if (!added.ok) return added;
    draft = added.value;
  }
  return ok(draft);
}

async function createDraft(
  call: StripeCall,
  invoice: Invoice,
  customer: string,
  footer: string | undefined,
  waiting: LedgerWrite[],
): Promise<Result<{ id: string }, StripeRefusal>> {
  const { company, currency, period, version } = invoice;
  const key = `inv:${company}:${currency}:${period}:v${version}`;
  const order = invoice.purchaseOrder;
  const params: Stripe.InvoiceCreateParams = {
    customer,
    currency: currency.toLowerCase(),
    collection_method: invoice.collectionMethod,
    ...(invoice.collectionMethod === 'send_invoice' ? { days_until_due: invoice.daysUntilDue } : {}),
    auto_advance: false,
    pending_invoice_items_behavior: 'exclude',
    ...(invoice.automaticTax ? { automatic_tax: { enabled: true } } : {}),
    ...(footer === undefined ? {} : { footer }),
    custom_fields: order === null ? '' : [{ name: 'PO number', value: order }],
    metadata: { parley: invoice.id, key },
  };
  return onceAtStripe<{ id: string }>(call, {
    key,
    make: (options) => call.stripe.invoices.create(params, options),
    find: () => listedDraft(call, customer, key),
    read: async (id) => ({ id }),
    waiting,
  });
}

async function listedDraft(call: StripeCall, customer: string, key: string): Promise<{ id: string } | undefined> {
  for await (const one of call.stripe.invoices.list({ customer, limit: 100 }))
    if (one.metadata?.key === key) return { id: one.id };
  return undefined;
}

function addLines(
  call: StripeCall,
  invoice: Invoice,
  stripeInvoice: string,
  { batch, number }: { batch: readonly InvoiceLine[]; number: number },
  waiting: LedgerWrite[],
): Promise<Result<Draft, StripeRefusal>> {
  const params = { lines: batch.map((line) => lineParams(line, invoice)) };
  return onceAtStripe<Draft>(call, {
    key: `al:${invoice.id}:${number}`,
    make: async (options) => allLines(await call.stripe.invoices.addLines(stripeInvoice, params, options)),
    find: async () => {
      const known = await linesAtStripe(call, stripeInvoice);
      return known.some((line) => placeOf(line) === batch[0]?.line) ? { id: stripeInvoice } : undefined;
    },
    read: async (id) => ({ id }),
    waiting,
  });
}

/** What Stripe answers has the first lines in it. An answer that comes again says how it was then, not how it is. */
function allLines({ id, lines, lastResponse }: Stripe.Response<Stripe.Invoice>): Draft {
  const isWhole = !lines.has_more && lastResponse.headers['idempotent-replayed'] !== 'true';
  return { id, lines: isWhole ? lines.data : undefined };
}

const lineParams = (line: InvoiceLine, invoice: Invoice): Stripe.InvoiceAddLinesParams.Line => ({
  description: line.description.slice(0, MOST_TEXT),
  quantity: 1,
  price_data: {
    currency: invoice.currency.toLowerCase(),
    product: productOf(line.kind),
    tax_behavior: 'exclusive',
    unit_amount: centsOf(line.micros),
  },
  metadata: { parley: invoice.id, line: String(line.line) },
});
/** Stripe cuts nothing: a longer text is refused. */
const MOST_TEXT = 500;

async function linesAtStripe(call: StripeCall, stripeInvoice: string): Promise<Stripe.InvoiceLineItem[]> {
  const all: Stripe.InvoiceLineItem[] = [];
  for await (const line of call.stripe.invoices.listLineItems(stripeInvoice, { limit: 100 })) all.push(line);
  return all;
}

/** Holds the draft's lines as Stripe has them against the ledger's; answers their names at Stripe, in their order. */
async function compared(
  call: StripeCall,
  invoice: Invoice,
  lines: readonly InvoiceLine[],
  draft: Draft,
): Promise<Result<string[], 'invoice_differs'>> {
  const atStripe = draft.lines ?? (await linesAtStripe(call, draft.id));
  const difference = differenceOf(invoice, lines, atStripe);
  if (difference !== undefined)
    return refuse('invoice_differs', `Invoice ${invoice.id} does not become final: ${difference}.`);
  const inOrder = [...atStripe].sort((a, b) => placeOf(a) - placeOf(b));
  return ok(inOrder.map(({ id }) => id));
}

/** Posts what became final and shows it: a run that stops between posts the same again. */
async function opened(
  call: StripeCall,
  invoice: Invoice,
  final: Stripe.Invoice,
  waiting: LedgerWrite[],
): Promise<Result<Invoice, 'invoice_differs'>> {
  const { subtotalMicros } = invoice;
  if (microsOfCents(final.subtotal) !== subtotalMicros)
    return refuse('invoice_differs', `Invoice ${invoice.id} is final at Stripe with another subtotal.`);
  const taxMicros = microsOfCents((final.total_taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0));
  const appliedMicros = microsOfCents((final.ending_balance ?? 0) - final.starting_balance);
  const finalizedAt = (final.status_transitions.finalized_at ?? 0) * 1_000;
  const of = { company: invoice.company, invoice: invoice.id };
  const common = { occurredAt: finalizedAt, currency: invoice.currency, company: invoice.company, provider: null };
  const facts = { invoice: invoice.id, billed: invoice.period };
  const entries: NewEntry[] = [
    {
      ...common,
      event: `invoice-final#${invoice.id}`,
      kind: 'invoice_final',
      legs: invoiceFinalLegs(of, subtotalMicros, taxMicros),
      facts,
    },
  ];
  if (appliedMicros !== 0)
    entries.push({
      ...common,
      event: `credit-applied#${invoice.id}`,
      kind: 'credit_applied',
      legs: creditAppliedLegs(of, appliedMicros),
      facts,
    });
  const totalMicros = subtotalMicros + taxMicros;
  const dueAt = final.due_date === null ? finalizedAt + AUTOMATIC_DUE_DAYS * DAY : final.due_date * 1_000;
  const remainingMicros = totalMicros - appliedMicros;
  const set = {
    state: remainingMicros === 0 ? ('paid' as const) : ('open' as const),
    stripeInvoice: final.id,
    held: null,
    taxMicros,
    totalMicros,
    creditAppliedMicros: appliedMicros,
    remainingMicros,
    number: final.number,
    finalizedAt: iso(finalizedAt),
    dueAt: iso(dueAt),
    paidAt: remainingMicros === 0 ? iso(finalizedAt) : null,
  };
  const writes = waiting.splice(0);
  if (remainingMicros > 0) writes.push(dueWrite(invoice.id, dueAt));
  writes.push(invoiceChange(invoice.id, ['planned', 'draft'], set, true));
  await postAll(call, entries, writes);
  return ok({ ...invoice, ...set });
}

/** Posts some entries, the last one together with these writes; where one of all these stands already, the writes come after, each by itself. */
async function postAll(call: StripeCall, entries: readonly NewEntry[], writes: readonly LedgerWrite[]): Promise<void> {
  for (const entry of entries) {
    const isLast = entry === entries.at(-1);
    if (isLast && (await postWith(call, entry, writes.map(inLedger))) === 'posted') return;
    if ((await post(call, entry)) === 'refused') throw new Error(`${entry.event} was posted with other content`);
  }
  // In order: what shows that all is done is the last of them.
  for (const write of writes) await writeEach(call, [write]);
}
