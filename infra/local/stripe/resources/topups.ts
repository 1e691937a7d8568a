/** Top-ups: own funds that come from the market's bank into its balance. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import { settingsOf } from '../settings.ts';
import { book, DAY } from './balance.ts';

type Topup = Stripe.Topup;

const create = {
  amount: p.whole,
  currency: p.currency,
  description: p.text.optional(),
  metadata: p.metadata.optional(),
  source: p.text.optional(),
  statement_descriptor: p.text.max(15).optional(),
  transfer_group: p.text.optional(),
} satisfies p.ParamsOf<Stripe.TopupCreateParams>;
const list = {
  ...p.page,
  created: p.created,
  status: p.oneOf(['canceled', 'failed', 'pending', 'succeeded']).optional(),
} satisfies p.ParamsOf<Stripe.TopupListParams>;
const update = {
  description: p.text.optional(),
  metadata: p.metadata.optional(),
} satisfies p.ParamsOf<Stripe.TopupUpdateParams>;

function arrive(context: Context, id: string): void {
  const old = context.need('topup', id);
  if (old.status !== 'pending') return;
  const came = book(context, {
    type: 'topup',
    amount: old.amount,
    currency: old.currency,
    source: id,
    description: old.description,
  });
  const topup = context.put('topup', { ...old, status: 'succeeded', balance_transaction: came.id });
  context.emit('topup.succeeded', 'topup', topup);
}

/** The bank refuses; one that had arrived is taken back. */
function fail(context: Context, id: string, code: string): Topup {
  const old = context.need('topup', id, 'topup');
  if (old.status !== 'pending' && old.status !== 'succeeded') throw invalid(`The top-up is already ${old.status}.`);
  const isReversed = old.status === 'succeeded';
  if (isReversed) book(context, { type: 'topup_reversal', amount: -old.amount, currency: old.currency, source: id });
  const topup = context.put('topup', {
    ...old,
    status: isReversed ? 'reversed' : 'failed',
    failure_code: code,
    failure_message: `The bank says ${code.replaceAll('_', ' ')}.`,
  });
  context.emit(isReversed ? 'topup.reversed' : 'topup.failed', 'topup', topup);
  return topup;
}

export const topups: Resource = {
  routes: [
    route('POST', '/v1/topups', create, (context, { params }) => {
      if (params.amount < 1)
        throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
      const at = context.now + settingsOf(context).topupDays * DAY;
      const topup = context.put('topup', {
        id: context.newId('tu_1', 23),
        object: 'topup',
        amount: params.amount,
        balance_transaction: null,
        created: context.now,
        currency: params.currency,
        description: params.description ?? null,
        expected_availability_date: at,
        failure_code: null,
        failure_message: null,
        initiated_by: 'user',
        livemode: false,
        metadata: p.mergeMetadata({}, params.metadata),
        source: null,
        statement_descriptor: params.statement_descriptor ?? null,
        status: 'pending',
        transfer_group: params.transfer_group ?? null,
      });
      context.emit('topup.created', 'topup', topup);
      context.later(at, 'topup_arrives', { topup: topup.id });
      return topup;
    }),
    route('GET', '/v1/topups', list, (context, { params }) =>
      context.list('topup', params, { url: '/v1/topups', where: { status: params.status } }),
    ),
    route('GET', '/v1/topups/:topup', {}, (context, { ids }) => context.need('topup', ids.topup ?? '')),
    route('POST', '/v1/topups/:topup', update, (context, { ids, params }) => {
      const old = context.need('topup', ids.topup ?? '');
      const metadata = p.mergeMetadata(old.metadata, params.metadata);
      return context.put('topup', { ...old, description: params.description ?? old.description, metadata });
    }),
    route('POST', '/v1/topups/:topup/cancel', {}, (context, { ids }) => {
      const old = context.need('topup', ids.topup ?? '');
      if (old.status !== 'pending') throw invalid(`You can only cancel a pending top-up. This one is ${old.status}.`);
      const topup = context.put('topup', { ...old, status: 'canceled' });
      context.emit('topup.canceled', 'topup', topup);
      return topup;
    }),
  ],
  jobs: { topup_arrives: job<{ topup: string }>((context, { topup }) => arrive(context, topup)) },
  actions: {
    fail_topup: action(
      'Has the bank refuse a top-up, or take it back once it has arrived.',
      { topup: p.text, code: p.text.default('insufficient_funds') },
      (context, { topup, code }) => fail(context, topup, code),
    ),
  },
};
