/** The balance of the platform and of each connected account, and the transactions that move it; nothing else does. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import type { Fee } from '../settings.ts';

export const DAY = 86_400;

type Type = Stripe.BalanceTransaction.Type;
export type Booking = {
  type: Type;
  /** Cents, negative where money leaves. */
  amount: number;
  currency: string;
  source: string | null;
  description?: string | null;
  /** Cents that Stripe takes, and for what. */
  fee?: { amount: number; description: string };
  /** Midnight so many days from now; at once where left out. */
  settlementDays?: number;
  /** Not before this instant (seconds): the refund of money that is itself not there yet. */
  notBefore?: number;
  category?: string;
};
/** Cents of an account in one currency. */
export type Funds = { available: number; pending: number };

/** Stripe's names for groups of types in its reports. */
const CATEGORY: Readonly<Record<string, string>> = {
  adjustment: 'other_adjustment',
  payment: 'charge',
  payment_failure_refund: 'charge_failure',
  payment_refund: 'refund',
  payout_cancel: 'payout_reversal',
  payout_failure: 'payout_reversal',
  stripe_fee: 'fee',
  transfer_refund: 'transfer_reversal',
};

export function feeOf(amount: number, { bps, fixed, most }: Fee): number {
  const fee = Number((BigInt(amount) * BigInt(bps) * 2n + 10_000n) / 20_000n) + fixed;
  return most === null ? fee : Math.min(fee, most);
}

const nameOf = (context: Context, currency: string): string => `balance:${context.account}:${currency}`;

export function fundsOf(context: Context, currency: string): Funds {
  const note = context.get('local.note', nameOf(context, currency));
  return { available: Number(note?.available ?? 0), pending: Number(note?.pending ?? 0) };
}

/** All currencies of an account. */
export function fundsIn(context: Context): [currency: string, funds: Funds][] {
  const notes = context.find('local.note', { type: 'balance' });
  return notes.map(({ currency, available, pending }) => [
    String(currency),
    { available: Number(available), pending: Number(pending) },
  ]);
}

function keepFunds(context: Context, currency: string, funds: Funds): void {
  const id = nameOf(context, currency);
  context.put('local.note', {
    id,
    object: 'local.note',
    type: 'balance',
    currency,
    ...funds,
  });
}

/** Moves an account's balance, for good: a transaction is never changed, only answered by another. */
export function book(context: Context, booking: Booking): Stripe.BalanceTransaction {
  const days = booking.settlementDays ?? 0;
  const midnight = (Math.floor(context.now / DAY) + days) * DAY;
  const availableOn = Math.max(days === 0 ? context.now : midnight, booking.notBefore ?? 0);
  const isAvailable = availableOn <= context.now;
  const fee = booking.fee?.amount ?? 0;
  const net = booking.amount - fee;
  const { currency } = booking;
  const kept = context.put('balance_transaction', {
    id: context.newId('txn_1', 23),
    object: 'balance_transaction',
    amount: booking.amount,
    available_on: availableOn,
    balance_type: 'payments',
    created: context.now,
    currency,
    description: booking.description ?? null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: booking.fee?.description ?? null,
              type: 'stripe_fee',
            },
          ],
    net,
    reporting_category: booking.category ?? CATEGORY[booking.type] ?? booking.type,
    source: booking.source,
    status: isAvailable ? 'available' : 'pending',
    type: booking.type,
  });
  const { available, pending } = fundsOf(context, currency);
  keepFunds(
    context,
    currency,
    isAvailable ? { available: available + net, pending } : { available, pending: pending + net },
  );
  if (isAvailable && net > 0) context.emit('balance.available', 'balance', balanceOf(context));
  if (!isAvailable) settleAt(context, availableOn);
  return kept;
}

/** One job for all that becomes available at an instant. */
function settleAt(context: Context, at: number): void {
  const id = `settles:${context.account}:${at}`;
  if (context.get('local.note', id) !== undefined) return;
  context.put('local.note', { id, object: 'local.note' });
  context.later(at, 'settle_balance', { at });
}

function settle(context: Context, at: number): void {
  context.remove(`settles:${context.account}:${at}`);
  const due = context
    .find('balance_transaction', { status: 'pending' })
    .filter((one) => one.available_on <= context.now);
  const settled = new Map<string, number>();
  for (const transaction of due) {
    context.put('balance_transaction', { ...transaction, status: 'available' });
    settled.set(transaction.currency, (settled.get(transaction.currency) ?? 0) + transaction.net);
  }
  for (const [currency, net] of settled) {
    const { available, pending } = fundsOf(context, currency);
    keepFunds(context, currency, { available: available + net, pending: pending - net });
  }
  if (due.some((one) => one.net > 0)) context.emit('balance.available', 'balance', balanceOf(context));
}

function balanceOf(context: Context): Stripe.Balance {
  const found = fundsIn(context);
  const currencies: [string, Funds][] = found.length === 0 ? [['usd', { available: 0, pending: 0 }]] : found;
  const part = (field: 'available' | 'pending') =>
    currencies.map(([currency, funds]) => ({
      amount: funds[field],
      currency,
      source_types: { card: funds[field] },
    }));
  return {
    object: 'balance',
    available: part('available'),
    connect_reserved: currencies.map(([currency]) => ({ amount: 0, currency })),
    livemode: false,
    pending: part('pending'),
  };
}

/** Refuses where an account has not so much available. */
export function needFunds(context: Context, currency: string, amount: number, message: string): void {
  if (fundsOf(context, currency).available < amount) throw invalid(message, { code: 'balance_insufficient' });
}

const listed = {
  ...p.page,
  created: p.created,
  currency: p.currency.optional(),
  payout: p.text.optional(),
  source: p.text.optional(),
  type: p.text.optional(),
} satisfies p.ParamsOf<Stripe.BalanceTransactionListParams>;

export const balance: Resource = {
  routes: [
    route('GET', '/v1/balance', {}, (context) => balanceOf(context)),
    route('GET', '/v1/balance_transactions', listed, (context, { params }) => {
      const { currency, source, type, payout } = params;
      const where = { currency, source: source ?? payout, type };
      return context.list('balance_transaction', params, { url: '/v1/balance_transactions', where });
    }),
    route('GET', '/v1/balance_transactions/:id', {}, (context, { ids }) =>
      context.need('balance_transaction', ids.id ?? ''),
    ),
  ],
  jobs: { settle_balance: job<{ at: number }>((context, { at }) => settle(context, at)) },
  actions: {
    stripe_fee: action(
      'Has Stripe take a fee of its own, such as for Billing or Connect.',
      { amount: p.whole, currency: p.currency, description: p.text.default('Billing - Usage Fee') },
      (context, { amount, currency, description }) =>
        book(context, { type: 'stripe_fee', amount: -amount, currency, source: null, description }),
    ),
    move_balance: action(
      'Has Stripe move the balance in a way that the market does not know.',
      { amount: p.integer, currency: p.currency, type: p.text.default('adjustment'), description: p.text.optional() },
      (context, { amount, currency, type, description }) =>
        book(context, { type, amount, currency, source: null, description: description ?? null }),
    ),
  },
};
