/** Pages of documents of money: one party's, or for the market those of all parties, one party after the other. */
import * as z from 'zod';
import { readProfile } from '../billing-profile/billing-profile.store.ts';
import { holdsOn } from '../billing-profile/billing-profile.ts';
import { listDisputes } from '../dispute/dispute.store.ts';
import { viewOf } from '../dispute/dispute-view.ts';
import type { AgedRow } from '../finance-report/aged.ts';
import { agedPayables, agedReceivables } from '../finance-report/finance-report.store.ts';
import { listCreditNotes } from '../invoice/credit-note.store.ts';
import { type CreditNoteView, creditNoteView } from '../invoice/credit-note.ts';
import { listInvoices, listOfClose, readInvoice, readLines, readStripeLines } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { invoiceFor } from '../invoice/plan.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Item, ListPage } from '../kernel/table.ts';
import { fromIso } from '../kernel/time.ts';
import { endOf } from '../ledger/period.ts';
import type { Behind } from '../ledger/trial-balance.store.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';
import { listPayouts } from '../payout/payout.store.ts';
import type { Payout } from '../payout/payout.ts';
import { listDocuments } from '../payout/self-billed.store.ts';
import type { SelfBilledInvoice } from '../payout/self-billed.ts';
import { listReconciliations, readBreaks } from '../reconciliation/reconciliation.store.ts';
import type { BilledMonth } from './billed.ts';
import { tenantKind } from './export.ts';
import type { BreakRow, DisputeRow, LineRow } from './money.ts';

type Page = { limit: number; after?: Item };
type Rows<Row> = { rows: Row[]; after: Item | undefined };
/** Whose documents of which month and currency. `tenant` is the caller: the market sees all. */
export type Asked = { tenant: string; period: string; currency: Currency };

/** Organisations that one page goes through at the most, though they have nothing. */
const MOST_PARTIES = 100;
const READ = 100;
/** Invoices whose lines are read for a page, and reconciliations whose breaks are. */
const READ_WITH_PARTS = 10;
const WIDTH = 8;

/** Bounds of a list in order of time, or of one that begins with months. */
const within = (period: string) => ({
  from: timeKey(fromIso(`${period}-01T00:00:00Z`)),
  to: timeKey(endOf(period)),
});
const ofMonth = (period: string) => ({ from: `${period}#`, to: `${period}#~` });

type List<Row> = (party: string, page: Page) => Promise<Rows<Row>>;
const Place = z.object({
  parties: z.string().optional(),
  party: z.string().optional(),
  key: z.custom<Item>().optional(),
});
const placeOf = (place: z.infer<typeof Place>): Item => ({ pk: '', sk: '', ...place });

/**
 * A page of a list of the caller's, or of everybody's of a kind where the caller is the market. It may be short, or empty:
 * the list ends where there is no further place.
 */
export async function ofParties<Row>(
  call: Call,
  tenant: string,
  kind: 'company' | 'provider',
  page: Page,
  list: List<Row>,
): Promise<Rows<Row>> {
  if (tenantKind(tenant) !== 'market') return list(tenant, page);
  const { parties, party: from, key } = page.after === undefined ? {} : Place.parse(page.after);
  const here = parties === undefined ? {} : { parties };
  const found = await listOrganisations(call.tables, kind, {
    limit: MOST_PARTIES,
    ...(parties === undefined ? {} : { after: parties }),
  });
  const ids = found.items.map(({ id }) => id);
  const rows: Row[] = [];
  for (let at = from === undefined ? 0 : Math.max(ids.indexOf(from), 0); at < ids.length; at++) {
    const party = ids[at] ?? '';
    let after = party === from ? key : undefined;
    do {
      const next = await list(party, { limit: page.limit - rows.length, ...(after === undefined ? {} : { after }) });
      rows.push(...next.rows);
      after = next.after;
      if (rows.length >= page.limit && after !== undefined)
        return { rows, after: placeOf({ ...here, party, key: after }) };
    } while (after !== undefined);
    const following = ids[at + 1];
    if (rows.length >= page.limit && following !== undefined)
      return { rows, after: placeOf({ ...here, party: following }) };
  }
  return { rows, after: found.after === undefined ? undefined : placeOf({ parties: found.after }) };
}

const read = ({ limit, after }: Page, bounds: Pick<ListPage, 'from' | 'to'> = {}): ListPage => ({
  limit: Math.min(limit, READ),
  ...bounds,
  ...(after === undefined ? {} : { after }),
});

/** Invoices of a month: a company's that are final, the market's all. */
export async function invoicesPage(
  call: Call,
  { tenant, period, currency }: Asked,
  page: Page,
): Promise<Rows<Invoice>> {
  const isMarket = tenantKind(tenant) === 'market';
  const found = isMarket
    ? await listOfClose(call, period, 'all', read(page))
    : await listInvoices(call, tenant, read(page, ofMonth(period)));
  const rows = found.items.filter((one) => one.currency === currency && (isMarket || one.finalizedAt !== null));
  return { rows, after: found.after };
}

/** The lines of one invoice, each with its name at Stripe once it has one. */
async function linesOf(call: Call, invoice: Invoice): Promise<LineRow[]> {
  const [lines, stripeLines] = await Promise.all([readLines(call, invoice), readStripeLines(call, invoice.id)]);
  return lines.map((line) => ({ invoice, line, stripeLine: stripeLines[line.line - 1] ?? null }));
}

/** The lines of the same invoices. */
export async function linesPage(call: Call, asked: Asked, page: Page): Promise<Rows<LineRow>> {
  const { rows, after } = await invoicesPage(call, asked, { ...page, limit: READ_WITH_PARTS });
  const lines = await mapConcurrent(rows, WIDTH, async (invoice) => linesOf(call, invoice));
  return { rows: lines.flat(), after };
}

/** Credit notes that were made in a month, those of a company in order of their plans, the newest first. */
export const creditNotesPage = (
  call: Call,
  { tenant, period, currency }: Asked,
  page: Page,
): Promise<Rows<CreditNoteView>> =>
  ofParties(call, tenant, 'company', page, async (company, at) => {
    const found = await listCreditNotes(call, company, read(at, { to: within(period).to }));
    const rows = found.items
      .map(creditNoteView)
      .filter((note) => note !== undefined)
      .filter((note) => note.currency === currency && note.madeAt.startsWith(period));
    return { rows, after: found.after };
  });

/** Disputes that were opened in a month, with the amounts of one's own side; for the market of both. */
export const disputesPage = (call: Call, { tenant, period, currency }: Asked, page: Page): Promise<Rows<DisputeRow>> =>
  ofParties(call, tenant, 'company', page, async (party, at) => {
    const found = await listDisputes(call, party, read(at, within(period)));
    const views = found.items.map((dispute) => viewOf(dispute, tenantKind(tenant), call.now));
    const rows = views
      .filter((dispute) => dispute.currency === currency)
      .flatMap((dispute) => dispute.amounts.map((amounts) => ({ dispute, amounts })));
    return { rows, after: found.after };
  });

/** Payouts that were prepared in a month, the newest first; their amounts left account 2100 in it. */
export const payoutsPage = (call: Call, { tenant, period, currency }: Asked, page: Page): Promise<Rows<Payout>> =>
  ofParties(call, tenant, 'provider', page, async (provider, at) => {
    const found = await listPayouts(call, provider, read(at, within(period)));
    return { rows: found.items.filter((payout) => payout.currency === currency), after: found.after };
  });

/** Self-billed invoices for a month, and their credit notes. */
export const selfBilledPage = (
  call: Call,
  { tenant, period, currency }: Asked,
  page: Page,
): Promise<Rows<SelfBilledInvoice>> =>
  ofParties(call, tenant, 'provider', page, async (provider, at) => {
    const found = await listDocuments(call, provider, read(at, ofMonth(period)));
    return { rows: found.items.filter((document) => document.currency === currency), after: found.after };
  });

/** What the reconciliations of a month's days found, in every currency; the newest day first. */
export async function breaksPage(call: Call, { period }: Pick<Asked, 'period'>, page: Page): Promise<Rows<BreakRow>> {
  const bounds = { from: `${period}-`, to: `${period}-~` };
  const found = await listReconciliations(call, { ...read(page, bounds), limit: READ_WITH_PARTS });
  const breaks = await mapConcurrent(found.items, WIDTH, async ({ id, day }) =>
    (await readBreaks(call, id)).map((one): BreakRow => ({ day, reconciliation: id, found: one })),
  );
  return { rows: breaks.flat(), after: found.after };
}

/** What companies owe now, or what providers are owed, in every currency; the market sees a page of all parties. */
export async function agedPage(
  call: Call,
  tenant: string,
  which: 'receivables' | 'payables',
  page: Page,
): Promise<Result<Rows<AgedRow>, Behind>> {
  const { ids, after } = await partiesOf(call, tenant, which === 'receivables' ? 'company' : 'provider', page);
  if (which === 'receivables') return ok({ rows: await agedReceivables(call, ids), after });
  const rows = await agedPayables(call, ids);
  return rows.ok ? ok({ rows: rows.value, after }) : rows;
}

async function partiesOf(
  call: Call,
  tenant: string,
  kind: 'company' | 'provider',
  page: Page,
): Promise<{ ids: string[]; after: Item | undefined }> {
  if (tenantKind(tenant) !== 'market') return { ids: [tenant], after: undefined };
  const { parties } = page.after === undefined ? {} : Place.parse(page.after);
  const limit = Math.min(page.limit, MOST_PARTIES);
  const found = await listOrganisations(call.tables, kind, {
    limit,
    ...(parties === undefined ? {} : { after: parties }),
  });
  return {
    ids: found.items.map(({ id }) => id),
    after: found.after === undefined ? undefined : placeOf({ parties: found.after }),
  };
}

/** How a company's month is billed, for all of its entries. */
export async function readBilledMonth(call: Call, { tenant, period, currency }: Asked): Promise<BilledMonth> {
  const [invoiced, profile] = await Promise.all([
    invoiceFor(call, tenant, currency, period),
    readProfile(call, tenant),
  ]);
  const invoice = invoiced.invoice === null ? undefined : await readInvoice(call, invoiced.invoice);
  const order = profile?.purchaseOrder ?? null;
  return {
    period,
    invoiced,
    invoice: invoice === undefined || invoice.finalizedAt === null ? null : invoice,
    profile: {
      costCentre: profile?.costCentre ?? null,
      order: order !== null && holdsOn(order, call.now) ? order.number : null,
    },
  };
}
