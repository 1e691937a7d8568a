/** Reads both sides and compares them; what differs is fetched again first, and only what then still differs is a break. */
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
import { type CreditOf, noteCredit, readCredit } from './credit-side.store.ts';
import {
  BY_OWNER,
  finalInvoices,
  postedPayouts,
  postedTransactions,
  postedTransfers,
  readBooks,
  saidOf,
} from './ledger-side.store.ts';
import { type Break, type Comparison, compareSides, type Said, unknownBreak } from './reconciliation.ts';
import {
  balanceAtStripe,
  invoicesAtStripe,
  payoutsAtStripe,
  type TransferAtStripe,
  transactionsAtStripe,
  transfersAtStripe,
} from './stripe-side.store.ts';
import { witnessSides } from './witness-side.store.ts';

export type Compared = { breaks: Break[]; subjects: Map<Comparison, number>; booked: Booked[] };

/** The six comparisons, of everything since `since` (ms); `creditOf` says whose credit is looked at. */
export async function compareMoney(call: StripeCall, since: number, creditOf: CreditOf = 'all'): Promise<Compared> {
  const booked = [...(await settleSince(call, since)), ...(await settleDue(call)).booked];
  const first = await compareOnce(call, since, creditOf);
  if (first.breaks.length === 0) return { ...first, booked };
  for (const one of first.breaks) booked.push(...(await fetchAgain(call, one, first.transfers)));
  return { ...(await compareOnce(call, since, creditOf)), booked };
}

type Once = { breaks: Break[]; subjects: Map<Comparison, number>; transfers: TransferAtStripe[] };

async function compareOnce(call: StripeCall, since: number, creditOf: CreditOf): Promise<Once> {
  const moved = await movedSince(call, since);
  // Stripe first: what is posted meanwhile can only be more.
  const [invoices, { credit, customers }, balance, transactions, transfers, payouts] = await Promise.all([
    invoicesAtStripe(call, since),
    readCredit(call, creditOf, since, moved),
    balanceAtStripe(call),
    transactionsAtStripe(call, since),
    transfersAtStripe(call, since),
    payoutsAtStripe(call, since),
  ]);
  const posted = await postedTransactions(call, since);
  const said = [...invoices.values(), ...credit.values()].flatMap((side) => [...side.keys()]);
  const owing = said.map((name) => name.split('.')[0] ?? name);
  const changed = [...moved].flatMap(([company, { accounts }]) =>
    BY_OWNER.some((one) => accounts.has(one)) ? [company] : [],
  );
  const booksOf = await readBooks(call, [...new Set([...changed, ...owing])]);
  const breaks: Break[] = [];
  const subjects = new Map<Comparison, number>();
  const compare = (
    comparison: Comparison,
    currency: Currency | null,
    ledger: ReadonlyMap<string, Said>,
    stripe: ReadonlyMap<string, Said>,
  ): void => {
    breaks.push(...compareSides(comparison, currency, ledger, stripe, call.now));
    const looked = new Set([...ledger.keys(), ...stripe.keys()]).size;
    subjects.set(comparison, (subjects.get(comparison) ?? 0) + looked);
  };
  const inCredit: string[] = [];
  const witness = await witnessSides(call, moved, since);
  compare('meter', null, witness.ledger, witness.stripe);
  for (const currency of Currency.options) {
    const said = invoices.get(currency) ?? new Map<string, Said>();
    const books = booksOf(currency);
    const final = [...said.keys()].filter((name) => name.endsWith(' subtotal')).map((name) => name.split(' ')[0] ?? '');
    compare('invoices', currency, merged(saidOf(books.of('1200')), await finalInvoices(call, final)), said);
    const [ownCredit, creditThere] = [saidOf(books.of('2200'), -1), credit.get(currency) ?? new Map<string, Said>()];
    inCredit.push(...ownCredit.keys());
    compare('customer_credit', currency, ownCredit, creditThere);
    const cash = new Map<string, Said>();
    for (const account of ['1300', '1310'] as const)
      cash.set(account, { value: books.of(account).get('') ?? 0, at: null });
    compare('stripe_balance', currency, cash, balance.get(currency) ?? new Map());
    compare('stripe_balance', currency, posted.get(currency) ?? new Map(), transactions.get(currency) ?? new Map());
    const clearing = books.of('1390').get('') ?? 0;
    if (clearing !== 0) breaks.push(unknownBreak(currency, clearing));
    const sent = transfers.filter((one) => one.currency === currency);
    compare('provider_paid', currency, await postedTransfers(call, sent), byGroup(sent));
    const ours = payouts.filter((one) => one.currency === currency);
    const wayOf = ({ id, at, inTransitMicros, arrivedMicros }: (typeof ours)[number]): [string, Said][] => [
      [`${id} 1020`, { value: inTransitMicros, at }],
      [`${id} 1010`, { value: arrivedMicros, at }],
    ];
    compare('bank', currency, await postedPayouts(call, ours), new Map(ours.flatMap(wayOf)));
  }
  await noteCredit(call, { customers, companies: inCredit });
  return { breaks, subjects, transfers };
}

const merged = (...sides: ReadonlyMap<string, Said>[]): Map<string, Said> =>
  new Map(sides.flatMap((side) => [...side]));

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
