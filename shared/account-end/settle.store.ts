/** Brings a company's account in one currency to nothing, step by step; each step is found by key where it was done. */
import { ensureCustomer } from '../billing-profile/customer.store.ts';
import { openDisputesOf } from '../dispute/dispute.store.ts';
import { chargebacksOn } from '../invoice/chargeback.store.ts';
import { makeCreditNote, readCreditNote } from '../invoice/credit-note.store.ts';
import { listInvoices, readLines } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { Call } from '../kernel/call.ts';
import { asMicros, type Currency, centsOf, formatMicros, MICROS_PER_CENT, wholeCents } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { balanceIn } from '../ledger/balance.ts';
import { post, readEntry } from '../ledger/ledger.store.ts';
import type { AccountCode, Leg } from '../ledger/ledger.ts';
import { closedThrough } from '../ledger/period.store.ts';
import { creditNoteLegs } from '../ledger/postings/credit-note.ts';
import { accountClosedLegs, creditOfEndLegs } from '../ledger/postings/market.ts';
import { ownBalances } from '../ledger/statement.store.ts';
import { readAllowance } from '../ledger/trial-balance.store.ts';
import { askRefund, readRefund } from '../refund/refund.store.ts';
import { onceAtStripe, type StripeCall } from '../stripe-call/stripe-call.store.ts';
import type { AccountEnd } from './account-end.ts';

const REASON = 'The account ends';

/**
 * Settles what is settled by itself, and answers what it waits for: null where nothing is left. Credit that is unbilled
 * goes onto the newest invoices by credit notes, and where they have no more to credit to the customer's balance at Stripe;
 * credit is paid out by a refund that a second person releases; less than a cent is rounded.
 */
export async function settleCurrency(call: StripeCall, end: AccountEnd, currency: Currency): Promise<string | null> {
  const { company } = end;
  const unbilled = await standsAt(call, company, currency, '1100');
  if (unbilled === null) return 'Balances are added up first.';
  if ((await standsAt(call, company, currency, '1110')) !== 0) return 'A charge that is not invoiced is disputed.';
  if (unbilled >= MICROS_PER_CENT)
    return `${formatMicros(unbilled)} are unbilled: the close of the month, three later at the most, bills them.`;
  const invoices = (await allInvoices(call, company)).filter((invoice) => invoice.currency === currency);
  for (const { id, state } of invoices) {
    if (state === 'planned' || state === 'draft') return `Invoice ${id} is not final.`;
    if ((await openDisputesOf(call, id)).length > 0) return `A charge of invoice ${id} is disputed.`;
  }
  if (wholeCents(0 - unbilled) > 0) {
    const waits = await giveBack(call, company, currency, invoices, 0 - unbilled);
    // Lists may say it a little later: what follows is done at the next look.
    return waits ?? `${formatMicros(0 - unbilled)} of unbilled credit became credit.`;
  }
  const unpaid = invoices.find(({ state, remainingMicros }) => state === 'open' && remainingMicros > 0);
  if (unpaid !== undefined) return `Invoice ${unpaid.id} has ${formatMicros(unpaid.remainingMicros)} to be paid.`;
  const credit = 0 - ((await standsAt(call, company, currency, '2200')) ?? 0);
  if (credit > 0) return payOut(call, end, currency, invoices, credit);
  if (unbilled !== 0) await postRounding(call, end, currency, unbilled);
  return null;
}

/** What an account of the company stands at, debit positive; null where balances are behind. */
async function standsAt(call: Call, company: string, currency: Currency, account: AccountCode): Promise<number | null> {
  const through = await closedThrough(call);
  const balances = await ownBalances(call, company, monthOf(call.now), through, readAllowance());
  if (balances === null) return null;
  const row = { currency, account, of: company };
  return balanceIn(balances.opening, row) + balanceIn(balances.moved, row);
}

async function allInvoices(call: Call, company: string): Promise<Invoice[]> {
  const all: Invoice[] = [];
  let after: Item | undefined;
  do {
    const page = await listInvoices(call, company, { limit: 100, ...(after === undefined ? {} : { after }) });
    all.push(...page.items);
    after = page.after;
  } while (after !== undefined);
  return all;
}

/** Unbilled credit as credit notes, the newest invoice first, and the rest as credit at Stripe. Answers what it waits for. */
async function giveBack(
  call: StripeCall,
  company: string,
  currency: Currency,
  invoices: readonly Invoice[],
  micros: number,
): Promise<string | null> {
  let left: number = wholeCents(micros);
  for (const invoice of invoices) {
    if (left === 0) return null;
    if (invoice.state !== 'open' && invoice.state !== 'paid') continue;
    if ((await chargebacksOn(call, invoice.id)).isOpen) continue;
    left = asMicros(left - (await creditOn(call, company, invoice, left)));
  }
  return left === 0 ? null : creditAtStripe(call, company, currency, left);
}

/** Gives back what an invoice's lines have left, up to an amount. Answers how much of it was given back now. */
async function creditOn(call: StripeCall, company: string, invoice: Invoice, micros: number): Promise<number> {
  const event = `account-credit#${invoice.id}`;
  if ((await readEntry(call, event)) !== undefined) return 0;
  const cause = `account.${company}`;
  // One that was begun has its amount already: the invoice's lines may know of it before the ledger does.
  const begun = await readCreditNote(call, invoice.id, cause);
  const givenBackMicros = begun?.givenBackMicros ?? Math.min(micros, await creditable(call, invoice));
  if (givenBackMicros === 0) return 0;
  const order = { invoice, cause, reason: REASON, givenBackMicros, of: null, refund: null };
  const made = await makeCreditNote(call, order);
  if (!made.ok) throw new Error(`${made.code}: ${made.detail}`);
  const { amounts } = made.value;
  const legs: Leg[] = [
    { account: '1100', of: company, micros: amounts.netMicros },
    ...creditNoteLegs(amounts, amounts.netMicros, { company, invoice: invoice.id }),
  ];
  await mustPost(call, company, invoice.currency, event, 'credit_note', legs, { creditNote: made.value.id });
  return amounts.netMicros;
}

/** What an invoice's lines have left to be given back. */
const creditable = async (call: Call, invoice: Invoice): Promise<number> =>
  (await readLines(call, invoice)).reduce((sum, line) => sum + line.micros - line.creditedMicros, 0);

/** What no invoice can take becomes credit at Stripe, once. */
async function creditAtStripe(
  call: StripeCall,
  company: string,
  currency: Currency,
  micros: number,
): Promise<string | null> {
  const event = `account-credit#${company}#${currency}`;
  if ((await readEntry(call, event)) !== undefined)
    return `Another ${formatMicros(micros)} came to be unbilled credit.`;
  const known = await ensureCustomer(call, company);
  if (!known.ok) return known.detail;
  const key = `cb:end:${company}:${currency}`;
  const made = await onceAtStripe(call, {
    key,
    make: (options) =>
      call.stripe.customers.createBalanceTransaction(
        known.value,
        {
          amount: centsOf(0 - micros),
          currency: currency.toLowerCase(),
          description: REASON,
          metadata: { parley: company, key },
        },
        options,
      ),
    find: async () =>
      (await call.stripe.customers.listBalanceTransactions(known.value, { limit: 100 })).data.find(
        ({ metadata }) => metadata?.key === key,
      ),
    read: (id) => call.stripe.customers.retrieveBalanceTransaction(known.value, id),
  });
  if (!made.ok) return made.detail;
  // What Stripe has, whatever came since the call that made it.
  const taken = asMicros(0 - made.value.amount * MICROS_PER_CENT);
  await mustPost(call, company, currency, event, 'account_closed', creditOfEndLegs(company, taken), {});
  return null;
}

/** Credit is paid out by a refund that another person than who asked for the end releases. */
async function payOut(
  call: StripeCall,
  end: AccountEnd,
  currency: Currency,
  invoices: readonly Invoice[],
  micros: number,
): Promise<string> {
  const { company, by, reason } = end;
  const id = `end.${company}.${currency}.${micros}`;
  const known = await readRefund(call, id);
  const invoice = invoices.find(({ state }) => state === 'paid') ?? invoices[0];
  if (known === undefined)
    await askRefund(call, {
      id,
      kind: 'credit',
      company,
      currency,
      invoice: invoice?.id ?? '',
      micros,
      reason,
      makers: [by],
    });
  return known?.state === 'declined'
    ? `The payout of ${formatMicros(micros)} of credit was declined: POST /v1/money/refunds asks for another.`
    : `${formatMicros(micros)} of credit are paid out when another person releases refund ${id}.`;
}

const postRounding = (call: Call, { company }: AccountEnd, currency: Currency, micros: number): Promise<void> =>
  mustPost(
    call,
    company,
    currency,
    `account-closed#${company}#${currency}#${micros}`,
    'account_closed',
    accountClosedLegs('1100', company, micros),
    {},
  );

async function mustPost(
  call: Call,
  company: string,
  currency: Currency,
  event: string,
  kind: 'credit_note' | 'account_closed',
  legs: Leg[],
  facts: Record<string, string>,
): Promise<void> {
  const entry = { event, kind, occurredAt: call.now, currency, company, provider: null, legs, facts };
  if ((await post(call, entry)) === 'refused' && (await readEntry(call, event)) === undefined)
    throw new Error(`${event} was refused`);
}
