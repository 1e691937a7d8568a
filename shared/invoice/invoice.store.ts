/**
 * Invoices `I#<invoice>` / `-`, their lines `L#<nnnnn>` and, where those are put together, their detail `D#<nnnnn>`; `S` has
 * the names of the lines at Stripe. A company's invoices are listed by month; a close's under `close#<period>`, those with work left under `todo#`.
 */
import * as z from 'zod';
import type { StoredProfile } from '../billing-profile/billing-profile.store.ts';
import { holdsOn } from '../billing-profile/billing-profile.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ABSENT, type Item, type Key, keyText, type ListPage, type Write } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import type { LedgerWrite } from '../ledger/together.ts';
import type { Draft } from './draft.ts';
import { Invoice, InvoiceLine, type InvoiceState, invoiceIdOf } from './invoice.ts';
import type { DraftLine } from './lines.ts';
import { carriedKeys, planKey, readPlan } from './plan.store.ts';
import { concernsNext, isCarried, Plan } from './plan.ts';

const WIDTH = 8;
/** Lines that are written together with their invoice, in the hundred writes of a transaction. */
const MOST_TOGETHER = 90;
const MOST_WRITES = 100;
/** A transaction takes four megabytes: what was carried over for long is some tens of kilobytes a plan. */
const MOST_CHARACTERS = 1_000_000;
const GROUPS_AT_ONCE = 4;
const BY_COMPANY = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
const BY_PROVIDER = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
const ListKey = z.object({ pk: z.string(), sk: z.string() });

export const invoiceKey = (invoice: string): Key => ({ pk: `I#${invoice}`, sk: '-' });
export const lineKey = (invoice: string, kind: 'L' | 'D', line: number): Key => ({
  pk: `I#${invoice}`,
  sk: `${kind}#${String(line).padStart(5, '0')}`,
});
export const invoiceList = (company: string): string => `invoices#${company}`;
export const closeList = (period: string): string => `close#${period}`;
export const TODO = 'todo#';
export const DONE = 'done#';

export async function readInvoice(call: Call, invoice: string): Promise<Invoice | undefined> {
  return call.tables.get('ledger', invoiceKey(invoice), Invoice, { consistent: true });
}

/** Some invoices by id; what is not there is absent. */
export async function readInvoices(call: Call, invoices: readonly string[]): Promise<Map<string, Invoice>> {
  const found = await call.tables.getMany('ledger', invoices.map(invoiceKey), Invoice, { consistent: true });
  return new Map([...found.values()].map((invoice) => [invoice.id, invoice]));
}

/** The lines of an invoice in their order; its detail with `D`. */
export async function readLines(call: Call, invoice: Invoice, kind: 'L' | 'D' = 'L'): Promise<InvoiceLine[]> {
  const most = kind === 'L' ? invoice.lines : invoice.details;
  if (most === 0) return [];
  const { pk, sk: from } = lineKey(invoice.id, kind, 1);
  const { sk: to } = lineKey(invoice.id, kind, most);
  return call.tables.queryAll('ledger', InvoiceLine, { pk, from, to, consistent: true });
}

/** A page of the lines or of the detail. */
export async function pageOfLines(
  call: Call,
  invoice: Invoice,
  kind: 'L' | 'D',
  page: { limit: number; after: number },
): Promise<InvoiceLine[]> {
  const most = Math.min(kind === 'L' ? invoice.lines : invoice.details, page.after + page.limit);
  if (most <= page.after) return [];
  const { pk, sk: from } = lineKey(invoice.id, kind, page.after + 1);
  const { sk: to } = lineKey(invoice.id, kind, most);
  return call.tables.queryAll('ledger', InvoiceLine, { pk, from, to, consistent: true });
}

/** A page of a company's invoices, newest month first. */
export async function listInvoices(
  call: Call,
  company: string,
  page: ListPage,
): Promise<{ items: Invoice[]; after: Item | undefined }> {
  const { items, after } = await listed(call, { index: BY_COMPANY, pk: invoiceList(company), descending: true }, page);
  return { items, after };
}

/** All of a company's invoices that are not wholly paid. */
export async function openInvoices(call: Call, company: string): Promise<Invoice[]> {
  const open: Invoice[] = [];
  let after: Item | undefined;
  do {
    const page = await listInvoices(call, company, { limit: 100, ...(after === undefined ? {} : { after }) });
    open.push(...page.items.filter(({ state, remainingMicros }) => state === 'open' && remainingMicros > 0));
    after = page.after;
  } while (after !== undefined);
  return open;
}

/** A page of the invoices of a month's close: all of them, or those with work left. */
export async function listOfClose(
  call: Call,
  period: string,
  which: 'all' | 'todo',
  page: { limit: number; after?: Item },
): Promise<{ items: Invoice[]; after: Item | undefined }> {
  const prefix = which === 'todo' ? { prefix: TODO } : {};
  return listed(call, { index: BY_PROVIDER, pk: closeList(period), ...prefix }, page);
}

type Listing = Pick<Parameters<Call['tables']['query']>[2], 'index' | 'pk' | 'prefix' | 'descending'>;
async function listed(
  call: Call,
  query: Listing & { pk: string },
  page: ListPage,
): Promise<{ items: Invoice[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, { ...query, ...page });
  const invoices = await call.tables.getMany('ledger', found.items, Invoice, { consistent: true });
  return {
    items: found.items.flatMap((key) => invoices.get(keyText(key)) ?? []),
    after: found.after as Item | undefined,
  };
}

/** What an invoice takes over as it is planned: what is changed later holds for the next one. */
export type InvoiceTerms = { profile: StoredProfile | undefined; automaticTax: boolean };

/**
 * Plans a drafted month, once: plan, invoice and lines together, or the lines first where they are many. Answers the plan
 * that stands, which is another's where one was made before.
 */
export async function savePlan(call: Call, draft: Draft, terms: InvoiceTerms): Promise<Plan> {
  const { company, currency, period } = draft;
  const plan = planOf(draft);
  const item = planItem(plan);
  if (plan.invoice === null) {
    const written = await call.tables.put('ledger', item, ABSENT);
    return written.ok ? plan : Plan.parse(written.old);
  }
  const made = invoiceWrites(call, draft, terms, 0);
  // Another plan's lines are never written over.
  const known = made.lines.length > MOST_TOGETHER ? await readPlan(call, company, currency, period) : undefined;
  if (known !== undefined) return known;
  const left = await writeAhead(call, made);
  const written = await call.tables.transact([{ kind: 'put', table: 'ledger', item, when: ABSENT }, ...left]);
  if (written.ok) return plan;
  const stands = await readPlan(call, company, currency, period);
  if (stands === undefined) throw new Error(`a plan for ${company} in ${period} was written and is not there`);
  return stands;
}

export type Planning = { draft: Draft; terms: InvoiceTerms };

/** The same of some months, in their order: as many in one transaction as fit, each by itself where one of those stands already. */
export async function savePlans(call: Call, plannings: readonly Planning[]): Promise<Plan[]> {
  const groups: { plannings: Planning[]; writes: Write[]; characters: number }[] = [];
  for (const planning of plannings) {
    const writes = planWrites(call, planning);
    const characters = JSON.stringify(writes).length;
    const last = groups.at(-1);
    const hasRoom =
      last !== undefined &&
      last.writes.length + writes.length <= MOST_WRITES &&
      last.characters + characters <= MOST_CHARACTERS;
    if (hasRoom) {
      last.plannings.push(planning);
      last.writes.push(...writes);
      last.characters += characters;
    } else groups.push({ plannings: [planning], writes, characters });
  }
  const saved = await mapConcurrent(groups, GROUPS_AT_ONCE, async ({ plannings: some, writes }) => {
    const isSaved = some.length > 1 && (await call.tables.transact(writes)).ok;
    return isSaved
      ? some.map(({ draft }) => planOf(draft))
      : mapConcurrent(some, WIDTH, ({ draft, terms }) => savePlan(call, draft, terms));
  });
  return saved.flat();
}

function planWrites(call: Call, { draft, terms }: Planning): Write[] {
  const plan = planOf(draft);
  const own: Write = { kind: 'put', table: 'ledger', item: planItem(plan), when: ABSENT };
  if (plan.invoice === null) return [own];
  const { invoice, lines } = invoiceWrites(call, draft, terms, 0);
  return [own, invoice, ...lines];
}

function planOf({ drafted, ...draft }: Draft): Plan {
  const { company, currency, period, reason } = draft;
  const plan: Plan = {
    company,
    currency,
    period,
    invoice: reason === null ? invoiceIdOf(company, currency, period, 0) : null,
    reason,
    balanceMicros: draft.balanceMicros,
    invoicedMicros: drafted.totalMicros,
    since: draft.since,
    baseMicros: draft.baseMicros,
    belowFloorMonths: draft.belowFloorMonths,
    volumes: draft.volumes,
  };
  if (isCarried(plan)) plan.sums = draft.sums;
  return plan;
}

const planItem = (plan: Plan): Item => ({
  ...planKey(plan.company, plan.currency, plan.period),
  ...plan,
  ...(concernsNext(plan) ? carriedKeys(plan) : {}),
});

type InvoiceWrites = { invoice: Write; lines: readonly (Write & { kind: 'put' })[] };

/** The writes that make a drafted month's invoice with its lines, once. */
export function invoiceWrites(call: Call, draft: Draft, terms: InvoiceTerms, version: number): InvoiceWrites {
  const invoice = invoiceOf(call, draft, terms, version);
  const { lines, details } = draft.drafted;
  return {
    invoice: { kind: 'put', table: 'ledger', item: listedInvoice(invoice, TODO), when: ABSENT },
    lines: [...linePuts(invoice.id, 'L', lines), ...linePuts(invoice.id, 'D', details)],
  };
}

/** Writes the lines of an invoice first where they are too many for one transaction; answers what is left to be written together. */
export async function writeAhead(call: Call, { invoice, lines }: InvoiceWrites): Promise<Write[]> {
  if (lines.length <= MOST_TOGETHER) return [invoice, ...lines];
  await mapConcurrent(lines, WIDTH, ({ table, item }) => call.tables.put(table, item));
  return [invoice];
}

function invoiceOf(call: Call, draft: Draft, { profile, automaticTax }: InvoiceTerms, version: number): Invoice {
  const { company, currency, period, drafted } = draft;
  const order = profile?.purchaseOrder ?? null;
  return {
    id: invoiceIdOf(company, currency, period, version),
    company,
    currency,
    period,
    version,
    state: 'planned',
    subtotalMicros: drafted.totalMicros,
    taxMicros: 0,
    totalMicros: drafted.totalMicros,
    creditAppliedMicros: 0,
    paidMicros: 0,
    availableMicros: 0,
    creditedMicros: 0,
    remainingMicros: drafted.totalMicros,
    collectionMethod: profile?.collectionMethod ?? 'charge_automatically',
    daysUntilDue: profile?.daysUntilDue ?? 30,
    automaticTax,
    stripeInvoice: null,
    number: null,
    purchaseOrder: order !== null && holdsOn(order, call.now) ? order.number : null,
    costCentre: profile?.costCentre ?? null,
    since: draft.since,
    lines: drafted.lines.length,
    details: drafted.details.length,
    held: null,
    writeOff: null,
    plannedAt: iso(call.now),
    finalizedAt: null,
    dueAt: null,
    paidAt: null,
  };
}

const listedInvoice = (invoice: Invoice, place: typeof TODO | typeof DONE): Item => ({
  ...invoiceKey(invoice.id),
  ...invoice,
  cpk: invoiceList(invoice.company),
  csk: `${invoice.period}#${invoice.currency}#v${String(invoice.version).padStart(3, '0')}`,
  ppk: closeList(invoice.period),
  psk: `${place}${invoice.id}`,
});

const linePuts = (invoice: string, kind: 'L' | 'D', lines: readonly DraftLine[]): InvoiceWrites['lines'] =>
  lines.map((draft, place) => {
    const line: InvoiceLine = { line: place + 1, ...draft, creditedMicros: 0 };
    return { kind: 'put', table: 'ledger', item: { ...lineKey(invoice, kind, line.line), ...line } };
  });

const stripeLinesKey = (invoice: string): Key => ({ pk: `I#${invoice}`, sk: 'S' });

/** The write that notes which lines at Stripe the lines of an invoice are, in their order: in one item, since only a credit note asks for them. */
export const stripeLinesWrite = (invoice: string, stripeLines: readonly string[]): LedgerWrite => ({
  kind: 'put',
  item: { ...stripeLinesKey(invoice), stripeLines },
});

/** They; none of an invoice that was never a whole draft there. */
export async function readStripeLines(call: Call, invoice: string): Promise<readonly string[]> {
  const schema = z.object({ stripeLines: z.array(z.string()) });
  const stored = await call.tables.get('ledger', stripeLinesKey(invoice), schema, { consistent: true });
  return stored?.stripeLines ?? [];
}

/** Changes an invoice while it is in one of these states; false where it is not. `isDone` takes it off the list of its close's work. */
export async function changeInvoice(
  call: Call,
  invoice: string,
  from: readonly InvoiceState[],
  set: Partial<Invoice>,
  isDone = false,
): Promise<boolean> {
  const { key, change, when } = invoiceChange(invoice, from, set, isDone);
  return (await call.tables.update('ledger', key, change, when)).ok;
}

/** The write that does so. */
export const invoiceChange = (
  invoice: string,
  from: readonly InvoiceState[],
  set: Partial<Invoice>,
  isDone = false,
): LedgerWrite & { kind: 'update' } => ({
  kind: 'update',
  key: invoiceKey(invoice),
  change: { set: { ...set, ...(isDone ? { psk: `${DONE}${invoice}` } : {}) } },
  when: [['in', 'state', [...from]]],
});
