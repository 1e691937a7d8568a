/**
 * Reads both sides and compares them; what differs is fetched again first, and only what then still differs is a break. What
 * grows with the market is compared a chunk at a time, and goes on where it stopped: companies' resolutions, invoices' lines.
 */
import { settleBankPayout } from '../cash/bank-payout.store.ts';
import type { Booked } from '../cash/booking.store.ts';
import { invoiceKey } from '../cash/payment.store.ts';
import { settleDue, settlePayment, settleSince, settleTransaction } from '../cash/transaction.store.ts';
import { Invoice } from '../invoice/invoice.ts';
import { syncInvoice } from '../invoice/sync.store.ts';
import { Currency } from '../kernel/money.ts';
import { movedSince } from '../ledger/moved.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { sendAgain } from '../witness/witness.store.ts';
import { type CreditOf, noteCredit, readCredit, readHad } from './credit-side.store.ts';
import {
  finalInvoices,
  postedPayouts,
  postedTransactions,
  postedTransfers,
  readBooks,
  saidOf,
} from './ledger-side.store.ts';
import { changedIn } from './owned.store.ts';
import { type Break, type Comparison, compareSides, type Said, type Side, unknownBreak } from './reconciliation.ts';
import {
  type ByCurrency,
  balanceAtStripe,
  linesAtStripe,
  openAtStripe,
  payoutsAtStripe,
  type TransferAtStripe,
  transactionsAtStripe,
  transfersAtStripe,
} from './stripe-side.store.ts';
import { activeCompanies, witnessSides } from './witness-side.store.ts';

/** Where a comparison goes on: with companies or with Stripe's invoices after one, or with all that is left. */
export type Place = { part: 'meter' | 'lines' | 'rest'; after: string | null };
export const BEGIN: Place = { part: 'meter', after: null };
/** What was found, and how many subjects each comparison looked at. */
export type Found = { breaks: Break[]; subjects: Map<Comparison, number> };
export type Compared = Found & { booked: Booked[]; isDone: boolean };

export type Terms = {
  /** From this instant (ms) on everything is compared. */
  since: number;
  /** Whose credit is looked at. */
  creditOf: CreditOf;
  place?: Place;
  /** Keeps what was found up to a place; answers whether there is time to go on from it. */
  keep?: (place: Place, found: Found) => Promise<boolean>;
};

/** One chunk asks Stripe about once for each of them. */
const COMPANIES_A_CHUNK = 500;
const INVOICES_A_CHUNK = 500;
/** How large chunks are: smaller ones in tests. */
export type Chunks = { companies: number; invoices: number };

/** The six comparisons, from a place on; `isDone` is false where there was no time to go on. */
export async function compareMoney(
  by: StripeCall,
  terms: Terms,
  chunks: Chunks = { companies: COMPANIES_A_CHUNK, invoices: INVOICES_A_CHUNK },
): Promise<Compared> {
  const { since, keep } = terms;
  const call: StripeCall = { ...by, shared: by.shared ?? new Map() };
  const [came, became] = await Promise.all([settleSince(call, since), settleDue(call)]);
  const booked = [...came, ...became.booked];
  let found = nothingFound();
  let place = terms.place ?? BEGIN;
  for (;;) {
    const { breaks, subjects, next } = await chunkAt(call, terms, place, chunks, booked);
    found = { breaks: [...found.breaks, ...breaks], subjects: summed(found.subjects, subjects) };
    if (next === null) return { ...found, booked, isDone: true };
    // A chunk that was not full costs little to compare again.
    const isFull = next.part === place.part;
    place = next;
    if (!isFull || keep === undefined) continue;
    const mayGoOn = await keep(place, found);
    found = nothingFound();
    if (!mayGoOn) return { ...found, booked, isDone: false };
  }
}

const nothingFound = (): Found => ({ breaks: [], subjects: new Map() });

/** Numbers of subjects added up. */
export function summed(
  some: ReadonlyMap<Comparison, number>,
  more: ReadonlyMap<Comparison, number>,
): Map<Comparison, number> {
  const sums = new Map(some);
  for (const [comparison, count] of more) sums.set(comparison, (sums.get(comparison) ?? 0) + count);
  return sums;
}

type Chunk = Found & { next: Place | null; transfers?: TransferAtStripe[] };

/** Compares one chunk; where it differs it is fetched again, and compared once more. */
async function chunkAt(
  call: StripeCall,
  terms: Terms,
  { part, after }: Place,
  chunks: Chunks,
  booked: Booked[],
): Promise<Chunk> {
  const once = (by: StripeCall): Promise<Chunk> => {
    if (part === 'meter') return compareMeter(by, terms.since, after, chunks.companies);
    if (part === 'lines') return compareLines(by, terms.since, after, chunks.invoices);
    return compareRest(by, terms);
  };
  const first = await once(call);
  if (first.breaks.length === 0) return first;
  for (const one of first.breaks) booked.push(...(await fetchAgain(call, one, first.transfers ?? [])));
  // What was fetched may have posted something.
  return once({ ...call, shared: new Map() });
}

/** Adds what two sides of a comparison say to what was found. */
function comparing(call: StripeCall, { breaks, subjects }: Found) {
  return (comparison: Comparison, currency: Currency | null, ledger: Side, stripe: Side): void => {
    breaks.push(...compareSides(comparison, currency, ledger, stripe, call.now));
    const looked = new Set([...ledger.keys(), ...stripe.keys()]).size;
    subjects.set(comparison, (subjects.get(comparison) ?? 0) + looked);
  };
}

async function compareMeter(call: StripeCall, since: number, after: string | null, most: number): Promise<Chunk> {
  const found = nothingFound();
  const compare = comparing(call, found);
  const active = await activeCompanies(call, await movedSince(call, since), since);
  const left = active.filter(({ company }) => after === null || company > after);
  const chunk = left.slice(0, most);
  await witnessSides(call, chunk, (ledger, stripe) => compare('meter', null, ledger, stripe));
  const last = left.length > chunk.length ? chunk.at(-1)?.company : undefined;
  return { ...found, next: last === undefined ? { part: 'lines', after: null } : { part: 'meter', after: last } };
}

async function compareLines(call: StripeCall, since: number, after: string | null, most: number): Promise<Chunk> {
  const found = nothingFound();
  const compare = comparing(call, found);
  const page = await linesAtStripe(call, since, { after, most });
  for (const [currency, said] of page.said) {
    const final = [...said.keys()].filter((name) => name.endsWith(' subtotal')).map((name) => name.split(' ')[0] ?? '');
    if (final.length > 0) compare('invoices', currency, await finalInvoices(call, final), said);
  }
  return { ...found, next: page.after === null ? { part: 'rest', after: null } : { part: 'lines', after: page.after } };
}

/** What is open at Stripe, balances, transactions, transfers and payouts: page by page there, and by account here. */
async function compareRest(call: StripeCall, { since, creditOf }: Terms): Promise<Chunk> {
  const [moved, had] = await Promise.all([movedSince(call, since), readHad(call)]);
  // Stripe first: what is posted meanwhile can only be more.
  const [open, { credit, customers }, balance, transactions, transfers, payouts] = await Promise.all([
    openAtStripe(call),
    readCredit(call, creditOf, since, moved, had),
    balanceAtStripe(call),
    transactionsAtStripe(call, since),
    transfersAtStripe(call, since),
    payoutsAtStripe(call, since),
  ]);
  const changed = changedIn(moved);
  const [posted, sentHere, oursHere, booksOf] = await Promise.all([
    postedTransactions(call, since),
    postedTransfers(call, transfers),
    postedPayouts(call, payouts),
    readBooks(call, [...new Set([...changed, ...companiesIn(open), ...companiesIn(credit)])], { changed, since }),
  ]);
  const found = nothingFound();
  const compare = comparing(call, found);
  const inCredit: string[] = [];
  for (const currency of Currency.options) {
    const sent = transfers.filter((one) => one.currency === currency);
    const ours = payouts.filter((one) => one.currency === currency);
    const books = booksOf(currency);
    compare('invoices', currency, saidOf(books.of('1200')), open.get(currency) ?? new Map());
    const ownCredit = saidOf(books.of('2200'), -1);
    inCredit.push(...ownCredit.keys());
    compare('customer_credit', currency, ownCredit, credit.get(currency) ?? new Map());
    const cash = new Map<string, Said>();
    for (const account of ['1300', '1310'] as const)
      cash.set(account, { value: books.of(account).get('') ?? 0, at: null });
    compare('stripe_balance', currency, cash, balance.get(currency) ?? new Map());
    compare('stripe_balance', currency, posted.get(currency) ?? new Map(), transactions.get(currency) ?? new Map());
    const clearing = books.of('1390').get('') ?? 0;
    if (clearing !== 0) found.breaks.push(unknownBreak(currency, clearing));
    compare('provider_paid', currency, sentHere.get(currency) ?? new Map(), byGroup(sent));
    const wayOf = ({ id, at, inTransitMicros, arrivedMicros }: (typeof ours)[number]): [string, Said][] => [
      [`${id} 1020`, { value: inTransitMicros, at }],
      [`${id} 1010`, { value: arrivedMicros, at }],
    ];
    compare('bank', currency, oursHere.get(currency) ?? new Map(), new Map(ours.flatMap(wayOf)));
  }
  await noteCredit(call, had, { customers, companies: inCredit });
  return { ...found, transfers, next: null };
}

/** The companies that some subjects are of. */
const companiesIn = (said: ByCurrency): string[] =>
  [...said.values()].flatMap((side) => [...side.keys()].map((name) => name.split('.')[0] ?? name));

function byGroup(transfers: readonly TransferAtStripe[]): Map<string, Said> {
  const all = new Map<string, Said>();
  for (const { group, micros, at, provider } of transfers) {
    const before = all.get(group);
    all.set(group, {
      value: (before?.value ?? 0) + micros,
      at: Math.max(before?.at ?? 0, at),
      party: provider,
    });
  }
  return all;
}
/** Looks at what differs again, at Stripe, in the way that its event would have. */
async function fetchAgain(
  call: StripeCall,
  { comparison, subject }: Break,
  transfers: readonly TransferAtStripe[],
): Promise<Booked[]> {
  const name = subject.split(' ')[0] ?? '';
  switch (comparison) {
    case 'invoices':
      return invoiceAgain(call, name);
    case 'stripe_balance':
      return name.startsWith('txn_') ? settleTransaction(call, name) : [];
    case 'bank':
      return settleBankPayout(call, name);
    case 'provider_paid': {
      const moved = transfers.filter(({ group }) => group === subject).flatMap(({ transactions }) => transactions);
      const booked: Booked[] = [];
      for (const one of moved) booked.push(...(await settleTransaction(call, one)));
      return booked;
    }
    case 'meter':
      await sendAgain(call, name, subject.split(' ')[1] ?? '');
      return [];
    case 'customer_credit':
      return [];
  }
}

async function invoiceAgain(call: StripeCall, id: string): Promise<Booked[]> {
  const invoice = await call.tables.get('ledger', invoiceKey(id), Invoice, { consistent: true });
  if (invoice?.stripeInvoice == null) return [];
  const booked: Booked[] = [];
  const paid = { invoice: invoice.stripeInvoice, status: 'paid', limit: 100 } as const;
  for await (const payment of call.stripe.invoicePayments.list(paid))
    booked.push(...(await settlePayment(call, payment.id)).booked);
  await syncInvoice(call, invoice.stripeInvoice);
  return booked;
}
