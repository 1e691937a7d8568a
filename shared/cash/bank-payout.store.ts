/**
 * The market's own payouts to its bank. How far one has come is `PO#<payout>` / `-`: that it arrived is noted only as long
 * as it has not failed, so that what comes back is taken from where it had got to.
 */
import * as z from 'zod';
import { microsOfCents } from '../kernel/money.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { bankArrivedLegs } from '../ledger/postings/cash.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { type Booked, book, fetchTransaction, finishBooking, transactionOf } from './booking.store.ts';
import { mustPost } from './payment.store.ts';
import { currencyOf, idOf, msOf } from './stripe-object.ts';

const Way = z.object({ arrivedAt: z.number().nullable(), failedAt: z.number().nullable() });
const keyOf = (payout: string): Key => ({ pk: `PO#${payout}`, sk: '-' });

/** Fetches a payout of the market's own and posts how far it has come. */
export async function settleBankPayout(call: StripeCall, id: string): Promise<Booked[]> {
  const payout = await call.stripe.payouts.retrieve(id);
  const way = await noteWay(call, id, payout.status, msOf(payout.arrival_date));
  const facts = { payout: id };
  const booked: Booked[] = [];
  const sent = idOf(payout.balance_transaction);
  if (sent !== null) booked.push(await book(call, transactionOf(await fetchTransaction(call, sent)), { facts }));
  if (way.arrivedAt !== null)
    await mustPost(call, {
      event: `bank-arrived#${id}`,
      kind: 'bank_arrived',
      occurredAt: way.arrivedAt,
      currency: currencyOf(payout.currency),
      company: null,
      provider: null,
      legs: bankArrivedLegs(microsOfCents(payout.amount)),
      facts,
    });
  const back = idOf(payout.failure_balance_transaction);
  if (back !== null) {
    const from = way.arrivedAt === null ? '1020' : '1010';
    booked.push(await book(call, transactionOf(await fetchTransaction(call, back)), { from, facts }));
  }
  for (const one of booked) await finishBooking(call, one);
  return booked;
}

async function noteWay(call: StripeCall, id: string, status: string, arrivedAt: number): Promise<z.infer<typeof Way>> {
  const key = keyOf(id);
  await call.tables.put('ledger', { ...key, arrivedAt: null, failedAt: null }, ABSENT);
  if (status === 'failed' || status === 'canceled')
    await call.tables.update('ledger', key, { set: { failedAt: call.now } }, [['=', 'failedAt', null]]);
  if (status === 'paid')
    await call.tables.update('ledger', key, { set: { arrivedAt } }, [
      ['=', 'arrivedAt', null],
      ['=', 'failedAt', null],
    ]);
  const way = await call.tables.get('ledger', key, Way, { consistent: true });
  return way ?? { arrivedAt: null, failedAt: null };
}
