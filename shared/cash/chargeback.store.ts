/**
 * Chargebacks, posted from a dispute's balance transactions and not from its status, since what is lost can be appealed.
 * Each withdrawal is `I#<invoice>` / `W#<transaction>` (or under `CB#<dispute>`, where no invoice of ours was paid): it is
 * lost once, or reinstated, and the first write decides from where the money comes back.
 */
import type Stripe from 'stripe';
import { microsOfCents } from '../kernel/money.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { chargebackLostLegs } from '../ledger/postings/cash.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { type Booked, book, finishBooking, transactionOf } from './booking.store.ts';
import { isLost, pairTransactions } from './chargeback.ts';
import { companyIn, invoiceOfIntent, mustPost, recountCash } from './payment.store.ts';
import { lostEvent, Withdrawal } from './payment.ts';
import { idOf } from './stripe-object.ts';
import type { Transaction } from './transaction.ts';

/** Fetches a dispute and posts what its transactions and its status have come to. */
export async function settleChargeback(call: StripeCall, id: string): Promise<Booked[]> {
  const dispute = await call.stripe.disputes.retrieve(id);
  const intent = idOf(dispute.payment_intent);
  const invoice = intent === null ? undefined : await invoiceOfIntent(call, intent);
  const transactions = dispute.balance_transactions.map((one) => transactionOf(withSource(one, dispute)));
  const { pairs, unmatched } = pairTransactions(transactions);
  const known = {
    company: invoice === undefined ? null : companyIn(invoice),
    facts: { dispute: id, invoice: invoice ?? null },
  };
  const booked: Booked[] = [];
  for (const { withdrawn, reinstated } of pairs) {
    const key = withdrawalKey(invoice, id, withdrawn.id);
    await keepWithdrawal(call, key, id, withdrawn);
    booked.push(await book(call, withdrawn, known));
    if (reinstated !== null) await noteReinstated(call, key, reinstated.createdAt);
    else if (isLost(dispute.status)) await noteLost(call, key);
    const stored = await readWithdrawal(call, key);
    if (stored.lostAt !== null) await postLost(call, stored, withdrawn, known);
    if (reinstated !== null)
      booked.push(await book(call, reinstated, { ...known, from: stored.lostAt === null ? '1400' : '5300' }));
  }
  for (const one of unmatched) booked.push(await book(call, one, { ...known, from: '1400' }));
  if (invoice !== undefined) await recountCash(call, invoice);
  for (const one of booked) await finishBooking(call, one);
  return booked;
}

/** Transactions inside a dispute name it only by id. */
const withSource = (one: Stripe.BalanceTransaction, dispute: Stripe.Dispute): Stripe.BalanceTransaction => ({
  ...one,
  source: dispute,
});

const withdrawalKey = (invoice: string | undefined, dispute: string, transaction: string): Key => ({
  pk: invoice === undefined ? `CB#${dispute}` : `I#${invoice}`,
  sk: `W#${transaction}`,
});

async function keepWithdrawal(call: StripeCall, key: Key, dispute: string, withdrawn: Transaction): Promise<void> {
  const withdrawal: Withdrawal = {
    transaction: withdrawn.id,
    dispute,
    micros: microsOfCents(-withdrawn.amountCents),
    withdrawnAt: withdrawn.createdAt,
    lostAt: null,
    reinstatedAt: null,
  };
  await call.tables.put('ledger', { ...key, ...withdrawal }, ABSENT);
}

/** From here on it cannot be lost any more. */
async function noteReinstated(call: StripeCall, key: Key, reinstatedAt: number): Promise<void> {
  await call.tables.update('ledger', key, { set: { reinstatedAt } }, [['=', 'reinstatedAt', null]]);
}

async function noteLost(call: StripeCall, key: Key): Promise<void> {
  await call.tables.update('ledger', key, { set: { lostAt: call.now } }, [
    ['=', 'lostAt', null],
    ['=', 'reinstatedAt', null],
  ]);
}

async function readWithdrawal(call: StripeCall, key: Key): Promise<Withdrawal> {
  const stored = await call.tables.get('ledger', key, Withdrawal, { consistent: true });
  if (stored === undefined) throw new Error(`the withdrawal ${key.sk} is not kept`);
  return stored;
}

async function postLost(
  call: StripeCall,
  { transaction, micros, lostAt }: Withdrawal,
  { currency }: Transaction,
  known: { company: string | null; facts: Record<string, string | null> },
): Promise<void> {
  await mustPost(call, {
    event: lostEvent(transaction),
    kind: 'chargeback_lost',
    occurredAt: lostAt ?? call.now,
    currency,
    company: known.company,
    provider: null,
    legs: chargebackLostLegs(micros),
    facts: { ...known.facts, transaction },
  });
}
