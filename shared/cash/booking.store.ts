/**
 * Balance transactions in the ledger: `BT#<transaction>` / `-`. What decides how one is posted is fixed by the first write,
 * so that whoever posts it posts the same. Until its money is available it is listed as due.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { DAY, dayOf, MINUTE } from '../kernel/time.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { mustPost } from './payment.store.ts';
import { currencyOf, msOf } from './stripe-object.ts';
import {
  availableEntry,
  availableEvent,
  type Booking,
  createdEntry,
  createdEvent,
  Meaning,
  meaningOf,
  Transaction,
} from './transaction.ts';

/** What stands in 1390 until people explain it. */
export const UNKNOWN_LIST = 'unknown-transactions';
export const TRANSACTION_DUE = 'transaction';
/** What nobody has finished is looked at again after so long. */
const UNFINISHED_MS = 10 * MINUTE;
/** What should be available by now, and is not, is asked for again so much later. */
const LATE_MS = 60 * MINUTE;

export const StoredTransaction = Transaction.extend({
  meaning: Meaning,
  at: z.enum(['1300', '1310']),
  party: z.string().nullable(),
  from: z.enum(['1400', '5300', '1020', '1010']).nullable(),
  /** `new`: being posted. `pending`: posted, its money comes later. */
  state: z.enum(['new', 'pending', 'done']),
});
export type StoredTransaction = z.infer<typeof StoredTransaction>;

export const transactionKey = (transaction: string): Key => ({ pk: `BT#${transaction}`, sk: '-' });
/** Transactions by day, for the reconciliation. */
const dayPartition = (day: string): string => `transactions#${day}`;
const DAYS_TOGETHER = 8;
const BY_DAY = { name: 'byProvider', pk: 'ppk', sk: 'psk' };

export function transactionOf(found: Stripe.BalanceTransaction): Transaction {
  const { source } = found;
  return {
    id: found.id,
    type: found.type,
    currency: currencyOf(found.currency),
    amountCents: found.amount,
    feeCents: found.fee,
    netCents: found.net,
    isAvailable: found.status === 'available',
    createdAt: msOf(found.created),
    availableAt: msOf(Math.max(found.available_on, found.created)),
    source: source === null || typeof source === 'string' ? null : { id: source.id, object: source.object },
  };
}

/** A transaction as it is now, with what it is about. */
export const fetchTransaction = (call: StripeCall, id: string): Promise<Stripe.BalanceTransaction> =>
  call.stripe.balanceTransactions.retrieve(id, { expand: ['source'] });

export const readTransaction = (call: Call, id: string): Promise<StoredTransaction | undefined> =>
  call.tables.get('ledger', transactionKey(id), StoredTransaction, { consistent: true });

export type Booked = {
  /** Whether this call was the first to see it. */
  isNew: boolean;
  /** Whether the work on it had ended before. */
  isDone: boolean;
  /** It stands in 1390, and people have to say what it is. */
  isUnknown: boolean;
  isAvailable: boolean;
  transaction: Transaction;
};

/**
 * Posts a transaction as far as it has come: (transaction, created), to 1300 or 1310 by the status it was first seen with,
 * and (transaction, available). Repeating it posts nothing twice. `finish` ends the watching; until then it is due.
 */
export async function book(
  call: StripeCall,
  transaction: Transaction,
  extra: {
    party?: string | null;
    from?: Booking['from'];
    company?: string | null;
    facts?: Record<string, string | null>;
  } = {},
): Promise<Booked> {
  const fresh: StoredTransaction = StoredTransaction.parse({
    ...transaction,
    meaning: meaningOf(transaction),
    at: transaction.isAvailable ? '1310' : '1300',
    party: extra.party ?? null,
    from: extra.from ?? null,
    state: 'new',
  });
  const { id, createdAt, currency } = transaction;
  const listed = { ppk: dayPartition(dayOf(createdAt)), psk: `${timeKey(createdAt)}#${id}` };
  const due = financeDueAt(call.now + UNFINISHED_MS, TRANSACTION_DUE, id);
  const written = await call.tables.put('ledger', { ...transactionKey(id), ...fresh, ...listed, ...due }, ABSENT);
  const stored = written.ok ? fresh : StoredTransaction.parse(written.old);
  const { kind, legs } = createdEntry(stored, stored);
  const isUnknown = kind === 'unknown_transaction';
  const common = {
    currency,
    company: extra.company ?? null,
    provider: kind === 'payout_done' || kind === 'transfer_reversed' ? stored.party : null,
    facts: { transaction: id, type: stored.type, source: stored.source?.id ?? null, ...extra.facts },
  };
  const isDone = stored.state === 'done';
  if (stored.state === 'new')
    await mustPost(call, { ...common, event: createdEvent(id), kind, occurredAt: createdAt, legs });
  if (stored.at === '1300' && transaction.isAvailable && !isDone)
    await mustPost(call, {
      ...common,
      company: null,
      provider: null,
      event: availableEvent(id),
      kind: 'balance_available',
      occurredAt: stored.availableAt,
      legs: availableEntry(stored),
    });
  return { isNew: written.ok, isDone, isUnknown, isAvailable: transaction.isAvailable, transaction };
}

/** Ends the work on a transaction as far as it has come: done, or due again when its money should be available. */
export async function finishBooking(
  call: Call,
  { transaction, isAvailable, isUnknown, isDone }: Booked,
): Promise<void> {
  if (isDone) return;
  const key = transactionKey(transaction.id);
  if (isAvailable && isUnknown) {
    const listed = { cpk: UNKNOWN_LIST, csk: `${timeKey(transaction.createdAt)}#${transaction.id}` };
    await call.tables.update('ledger', key, { set: { state: 'done', ...listed } }, [
      ['in', 'state', ['new', 'pending']],
    ]);
    return;
  }
  if (isAvailable) {
    await call.tables.update('ledger', key, { set: { state: 'done' }, remove: ['cpk', 'csk'] }, [
      ['in', 'state', ['new', 'pending']],
    ]);
    return;
  }
  const at = Math.max(transaction.availableAt, call.now + (transaction.availableAt <= call.now ? LATE_MS : 0));
  await call.tables.update(
    'ledger',
    key,
    { set: { state: 'pending', ...financeDueAt(at, TRANSACTION_DUE, transaction.id) } },
    [['in', 'state', ['new', 'pending']]],
  );
}

const Made = z.object({ psk: z.string() });

/** The transactions made since `since` (ms) that are known here, and when each was made. */
export async function transactionsSince(call: Call, since: number): Promise<{ id: string; createdAt: number }[]> {
  const first = Math.floor(since / DAY) * DAY;
  const days = Array.from({ length: Math.floor((call.now - first) / DAY) + 1 }, (_, i) => dayOf(first + i * DAY));
  const made = await mapConcurrent(days, DAYS_TOGETHER, (day) =>
    call.tables.queryAll('ledger', Made, { index: BY_DAY, pk: dayPartition(day), from: timeKey(since) }),
  );
  return made.flat().map(({ psk }) => {
    const [at, id = ''] = psk.split('#');
    return { id, createdAt: Number(at) };
  });
}

/**
 * Which of these transactions have come as far here as at Stripe: done, or payments that are posted here and still pending
 * there, from which nothing follows before their money is available.
 */
export async function settledTransactions(
  call: Call,
  found: readonly Stripe.BalanceTransaction[],
): Promise<Set<string>> {
  const keys = found.map(({ id }) => transactionKey(id));
  const stored = await call.tables.getMany('ledger', keys, StoredTransaction);
  const pending = new Set(found.flatMap(({ id, status }) => (status === 'pending' ? [id] : [])));
  const settled = [...stored.values()].filter(
    ({ id, state, meaning }) => state === 'done' || (state === 'pending' && meaning === 'payment' && pending.has(id)),
  );
  return new Set(settled.map(({ id }) => id));
}
