/**
 * Balance transactions in the ledger: `BT#<transaction>` / `-`. What decides how one is posted is fixed by the first write,
 * so that whoever posts it posts the same. Until its money is available it is listed as due.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Change, type Item, type Key } from '../kernel/table.ts';
import { DAY, dayOf, MINUTE } from '../kernel/time.ts';
import { type NewEntry, postWith } from '../ledger/ledger.store.ts';
import { inLedger, type LedgerWrite, writeEach } from '../ledger/together.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { mustPost, PaymentRef } from './payment.store.ts';
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
  /** The payment that a charge brings the cash of, where that was known when it was first seen. */
  pays: PaymentRef.nullable().default(null),
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

/** Some of them as they are stored, by id. */
export async function readTransactions(call: Call, keys: readonly Key[]): Promise<Map<string, StoredTransaction>> {
  const found = await call.tables.getMany('ledger', keys, StoredTransaction, { consistent: true });
  return new Map([...found.values()].map((stored) => [stored.id, stored]));
}

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
  pays: PaymentRef | null;
  /** That its money is available, where that is still to be posted: with the end of the work. */
  available: NewEntry | null;
};

/**
 * Posts that a transaction was made, to 1300 or 1310 by the status it was first seen with. Repeating it posts nothing twice.
 * `finishBooking` posts that its money is available and ends the watching; until then it is due. `known` is what was
 * just read of it, where anything was.
 */
export async function book(
  call: StripeCall,
  transaction: Transaction,
  extra: {
    party?: string | null;
    from?: Booking['from'];
    company?: string | null;
    pays?: PaymentRef | null;
    facts?: Record<string, string | null>;
  } = {},
  known?: StoredTransaction,
): Promise<Booked> {
  const meaning = meaningOf(transaction);
  // Nothing follows from a payment before its money is available.
  const isPending = meaning === 'payment' && !transaction.isAvailable;
  const fresh: StoredTransaction = StoredTransaction.parse({
    ...transaction,
    meaning,
    at: transaction.isAvailable ? '1310' : '1300',
    party: extra.party ?? null,
    from: extra.from ?? null,
    pays: extra.pays ?? null,
    state: isPending ? 'pending' : 'new',
  });
  const { id, createdAt, currency } = transaction;
  const factsOf = ({ type, source }: StoredTransaction) => ({
    transaction: id,
    type,
    source: source?.id ?? null,
    ...extra.facts,
  });
  const createdOf = (one: StoredTransaction): NewEntry => {
    const { kind, legs } = createdEntry(one, one);
    const provider = kind === 'payout_done' || kind === 'transfer_reversed' ? one.party : null;
    const company = extra.company ?? null;
    return {
      event: createdEvent(id),
      kind,
      occurredAt: createdAt,
      currency,
      company,
      provider,
      legs,
      facts: factsOf(one),
    };
  };
  const listed = { ppk: dayPartition(dayOf(createdAt)), psk: `${timeKey(createdAt)}#${id}` };
  const due = isPending
    ? dueWhenAvailable(call, transaction)
    : financeDueAt(call.now + UNFINISHED_MS, TRANSACTION_DUE, id);
  const item = { ...transactionKey(id), ...fresh, ...listed, ...due };
  const before = known ?? (await postFirst(call, createdOf(fresh), item));
  const stored = before ?? fresh;
  const created = createdOf(stored);
  if (before?.state === 'new') await mustPost(call, created);
  const isDone = stored.state === 'done';
  const available: NewEntry = {
    event: availableEvent(id),
    kind: 'balance_available',
    occurredAt: stored.availableAt,
    currency,
    company: null,
    provider: null,
    legs: availableEntry(stored),
    facts: factsOf(stored),
  };
  return {
    isNew: before === undefined,
    isDone,
    isUnknown: created.kind === 'unknown_transaction',
    isAvailable: transaction.isAvailable,
    transaction,
    pays: stored.pays,
    available: stored.at === '1300' && transaction.isAvailable && !isDone ? available : null,
  };
}

/** Posts that a transaction was made, together with the item that says how; answers that item where it was there before. */
async function postFirst(call: StripeCall, created: NewEntry, item: Item): Promise<StoredTransaction | undefined> {
  const posted = await postWith(call, created, [{ kind: 'put', table: 'ledger', item, when: ABSENT }]);
  if (posted === 'posted') return undefined;
  if (typeof posted === 'object') return StoredTransaction.parse(posted.old);
  throw new Error(`the entry ${created.event} was posted without its transaction`);
}

/** Due again when the money should be available; a while later where that was before now. */
const dueWhenAvailable = (call: Call, { id, availableAt }: Transaction) =>
  financeDueAt(Math.max(availableAt, call.now + (availableAt <= call.now ? LATE_MS : 0)), TRANSACTION_DUE, id);

/**
 * Ends the work on a transaction as far as it has come: done, with that its money is available, or due again when it should
 * be. A payment that was first seen before that is as far already.
 */
export async function finishBooking(call: StripeCall, booked: Booked): Promise<void> {
  const { transaction, isNew, isAvailable, isDone, available } = booked;
  if (isDone || (isNew && !isAvailable && meaningOf(transaction) === 'payment')) return;
  const ended: LedgerWrite = {
    kind: 'update',
    key: transactionKey(transaction.id),
    change: changeAfter(call, booked),
    when: [['in', 'state', ['new', 'pending']]],
  };
  if (available !== null) {
    if ((await postWith(call, available, [inLedger(ended)])) === 'posted') return;
    await mustPost(call, available);
  }
  await writeEach(call, [ended]);
}

function changeAfter(call: Call, { transaction, isAvailable, isUnknown }: Booked): Change {
  if (!isAvailable) return { set: { state: 'pending', ...dueWhenAvailable(call, transaction) } };
  if (!isUnknown) return { set: { state: 'done' }, remove: ['cpk', 'csk'] };
  const listed = { cpk: UNKNOWN_LIST, csk: `${timeKey(transaction.createdAt)}#${transaction.id}` };
  return { set: { state: 'done', ...listed } };
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
