/**
 * Payouts to the bank: of the platform when it asks, of a connected account by its own schedule. What fails comes back
 * to the balance, even after it had arrived.
 */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import { settingsOf } from '../settings.ts';
import { book, DAY, fundsIn, needFunds } from './balance.ts';
import { nextPayoutAt, scheduleOf } from './balance-settings.ts';

type Payout = Stripe.Payout;

const create = {
  amount: p.whole,
  currency: p.currency,
  description: p.text.optional(),
  destination: p.text.optional(),
  metadata: p.metadata.optional(),
  method: p.oneOf(['instant', 'standard']).optional(),
  source_type: p.oneOf(['bank_account', 'card', 'fpx']).optional(),
  statement_descriptor: p.text.max(22).optional(),
} satisfies p.ParamsOf<Stripe.PayoutCreateParams>;
const list = {
  ...p.page,
  created: p.created,
  destination: p.text.optional(),
  status: p.oneOf(['canceled', 'failed', 'in_transit', 'paid', 'pending']).optional(),
} satisfies p.ParamsOf<Stripe.PayoutListParams>;

type PayoutOf = {
  amount: number;
  currency: string;
  description: string | null;
  isAutomatic: boolean;
  metadata: Record<string, string>;
  descriptor: string | null;
};

function makePayout(context: Context, of: PayoutOf): Payout {
  const { payoutDays } = settingsOf(context);
  const id = context.newId('po_1', 23);
  const { amount, currency } = of;
  const left = book(context, { type: 'payout', amount: -amount, currency, source: id, description: of.description });
  const arrival = (Math.floor(context.now / DAY) + payoutDays) * DAY;
  const payout = context.put('payout', {
    id,
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: arrival,
    automatic: of.isAutomatic,
    balance_transaction: left.id,
    created: context.now,
    currency,
    description: of.description,
    destination: bankOf(context, currency),
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: of.metadata,
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: of.isAutomatic ? 'in_progress' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: of.descriptor,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
  });
  context.emit('payout.created', 'payout', payout);
  if (payoutDays > 1) context.later(arrival - (payoutDays - 1) * DAY, 'payout_leaves', { payout: id });
  context.later(arrival, 'payout_arrives', { payout: id });
  return payout;
}

/** Every account has one bank account for each currency. */
function bankOf(context: Context, currency: string): string {
  const id = `bank:${context.account}:${currency}`;
  const note = context.get('local.note', id) ?? { id, object: 'local.note' as const, bank: context.newId('ba_1', 23) };
  context.put('local.note', note);
  return String(note.bank);
}

function leave(context: Context, id: string): void {
  const old = context.need('payout', id);
  if (old.status !== 'pending') return;
  const payout = context.put('payout', { ...old, status: 'in_transit' });
  context.emit('payout.updated', 'payout', payout, { status: old.status });
}

/** At the bank, unless it was planned that the bank refuses. */
function arrive(context: Context, id: string): void {
  const old = context.need('payout', id);
  if (old.status !== 'pending' && old.status !== 'in_transit') return;
  const planned = context.get('local.note', planName(context));
  if (planned !== undefined) {
    context.remove(planned.id);
    fail(context, id, String(planned.code));
    return;
  }
  const payout = context.put('payout', {
    ...old,
    status: 'paid',
    reconciliation_status: old.automatic ? 'completed' : old.reconciliation_status,
    trace_id: { status: 'supported', value: context.newId('', 15) },
  });
  context.emit('payout.paid', 'payout', payout);
  if (old.automatic) context.emit('payout.reconciliation_completed', 'payout', payout);
}

const planName = (context: Context): string => `payout_fails:${context.account}`;

/** The bank sends it back, whether or not it had arrived. */
function fail(context: Context, id: string, code: string): Payout {
  const old = context.need('payout', id, 'payout');
  if (old.status === 'failed' || old.status === 'canceled') throw invalid(`The payout is already ${old.status}.`);
  const back = book(context, { type: 'payout_failure', amount: old.amount, currency: old.currency, source: id });
  const payout = context.put('payout', {
    ...old,
    status: 'failed',
    failure_balance_transaction: back.id,
    failure_code: code,
    failure_message: `The bank says ${code.replaceAll('_', ' ')}.`,
  });
  context.emit('payout.failed', 'payout', payout);
  if (old.automatic) schedulePayout(context);
  return payout;
}

const jobName = (context: Context): string => `payout_at:${context.account}`;

/** Has the account's schedule pay out what it has; called whenever money comes or the schedule changes. */
export function schedulePayout(context: Context): void {
  const at = nextPayoutAt(scheduleOf(context), context.now);
  const id = jobName(context);
  if (at === null || context.get('local.note', id)?.at === at) return;
  context.put('local.note', { id, object: 'local.note', at });
  context.later(at, 'pay_out', { at });
}

/** Everything above the minimum balance, in each currency. */
function payOut(context: Context, at: number): void {
  const id = jobName(context);
  if (context.get('local.note', id)?.at !== at) return;
  context.remove(id);
  const schedule = scheduleOf(context);
  for (const [currency, { available }] of fundsIn(context)) {
    const amount = available - (schedule.minimum[currency] ?? 0);
    if (amount < 1) continue;
    const description = 'STRIPE PAYOUT';
    makePayout(context, {
      amount,
      currency,
      description,
      isAutomatic: true,
      metadata: {},
      descriptor: schedule.descriptor,
    });
  }
}

const place = { payout: p.text, account: p.text.default('') };

export const payouts: Resource = {
  routes: [
    route('POST', '/v1/payouts', create, (context, { params }) => {
      const { amount, currency } = params;
      if (amount < 1) throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
      needFunds(
        context,
        currency,
        amount,
        `You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.`,
      );
      return makePayout(context, {
        amount,
        currency,
        description: params.description ?? null,
        isAutomatic: false,
        metadata: p.mergeMetadata({}, params.metadata),
        descriptor: params.statement_descriptor ?? null,
      });
    }),
    route('GET', '/v1/payouts', list, (context, { params }) => {
      const { destination, status } = params;
      return context.list('payout', params, { url: '/v1/payouts', where: { destination, status } });
    }),
    route('GET', '/v1/payouts/:payout', {}, (context, { ids }) => context.need('payout', ids.payout ?? '')),
    route('POST', '/v1/payouts/:payout', { metadata: p.metadata.optional() }, (context, { ids, params }) => {
      const old = context.need('payout', ids.payout ?? '');
      const payout = context.put('payout', { ...old, metadata: p.mergeMetadata(old.metadata, params.metadata) });
      context.emit('payout.updated', 'payout', payout, { metadata: old.metadata });
      return payout;
    }),
    route('POST', '/v1/payouts/:payout/cancel', {}, (context, { ids }) => {
      const old = context.need('payout', ids.payout ?? '');
      if (old.status !== 'pending' || old.automatic)
        throw invalid('Payouts can only be canceled while they are pending, and automatic ones cannot.', {
          param: 'payout',
        });
      const back = book(context, { type: 'payout_cancel', amount: old.amount, currency: old.currency, source: old.id });
      const payout = context.put('payout', { ...old, status: 'canceled', failure_balance_transaction: back.id });
      context.emit('payout.canceled', 'payout', payout);
      return payout;
    }),
  ],
  jobs: {
    pay_out: job<{ at: number }>((context, { at }) => payOut(context, at)),
    payout_leaves: job<{ payout: string }>((context, { payout }) => leave(context, payout)),
    payout_arrives: job<{ payout: string }>((context, { payout }) => arrive(context, payout)),
  },
  actions: {
    fail_payout: action(
      'Has the bank send a payout back, of the platform or of an account, even one that was paid.',
      { ...place, code: p.text.default('account_closed') },
      (context, { payout, account, code }) => fail(context.as(account), payout, code),
    ),
    fail_next_payout: action(
      'Has the bank refuse the next payout that arrives.',
      { account: place.account, code: p.text.default('account_closed') },
      (context, { account, code }) => {
        const there = context.as(account);
        return there.put('local.note', { id: planName(there), object: 'local.note', code });
      },
    ),
  },
};
