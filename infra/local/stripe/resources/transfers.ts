/** Transfers from the platform to its connected accounts, and their reversals: both move two balances at once. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, parameterMissing, resourceMissing } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { book, needFunds } from './balance.ts';
import { makeTransferPayment } from './charge-object.ts';
import { idOf } from './intents.ts';
import { schedulePayout } from './payouts.ts';
import { makeRefund } from './refund-object.ts';

const create = {
  amount: p.whole.optional(),
  currency: p.currency,
  description: p.text.optional(),
  destination: p.text,
  metadata: p.metadata.optional(),
  source_transaction: p.text.optional(),
  source_type: p.oneOf(['bank_account', 'card', 'fpx']).optional(),
  transfer_group: p.text.optional(),
} satisfies p.ParamsOf<Stripe.TransferCreateParams>;
const update = {
  description: p.text.optional(),
  metadata: p.metadata.optional(),
} satisfies p.ParamsOf<Stripe.TransferUpdateParams>;
const list = {
  ...p.page,
  created: p.created,
  destination: p.text.optional(),
  transfer_group: p.text.optional(),
} satisfies p.ParamsOf<Stripe.TransferListParams>;
const reverse = {
  amount: p.whole.optional(),
  description: p.text.optional(),
  metadata: p.metadata.optional(),
  refund_application_fee: p.flag.optional(),
} satisfies p.ParamsOf<Stripe.TransferCreateReversalParams>;

const TOO_LITTLE =
  'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance';

/** Who is paid; refuses an account that cannot take transfers. */
function needDestination(context: Context, id: string): void {
  const account = context.get('v2.core.account', id);
  if (account === undefined || account.closed === true) throw resourceMissing('destination', id, 'destination');
  const transfers = account.configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers;
  if (transfers?.status === 'active') return;
  throw invalid(
    'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
    { code: 'insufficient_capabilities_for_transfer' },
  );
}

function needPlatform(context: Context): void {
  if (context.account === '') return;
  throw invalid('Only the platform can make and reverse transfers.', { code: 'platform_account_required' });
}

type TransferOf = {
  amount: number;
  currency: string;
  destination: string;
  description: string | null;
  metadata: Record<string, string>;
  group: string | null;
  source: string | null;
};

function transfer(context: Context, of: TransferOf): Stripe.Transfer {
  const id = context.newId('tr_1', 23);
  const { amount, currency } = of;
  const left = book(context, { type: 'transfer', amount: -amount, currency, source: id, description: of.description });
  const there = context.as(of.destination);
  const payment = makeTransferPayment(there, { id, amount, currency });
  const came = book(there, { type: 'payment', amount, currency, source: payment.id });
  there.put('charge', { ...payment, balance_transaction: came.id });
  schedulePayout(there);
  const made = context.put('transfer', {
    id,
    object: 'transfer',
    amount,
    amount_reversed: 0,
    balance_transaction: left.id,
    created: context.now,
    currency,
    description: of.description,
    destination: of.destination,
    destination_payment: payment.id,
    livemode: false,
    metadata: of.metadata,
    reversals: { object: 'list', data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: of.source,
    source_type: 'card',
    transfer_group: of.group,
  });
  context.emit('transfer.created', 'transfer', made);
  return made;
}

type ReversalOf = { amount: number | undefined; metadata: Record<string, string>; description: string | null };

function reversed(context: Context, old: Stripe.Transfer, of: ReversalOf): Stripe.TransferReversal {
  const left = old.amount - old.amount_reversed;
  const amount = of.amount ?? left;
  if (left === 0) throw invalid(`Transfer ${old.id} is already fully reversed.`);
  if (amount < 1) throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  if (amount > left)
    throw invalid(`Reversal amount (${amount}) is greater than unreversed amount on transfer (${left})`, {
      param: 'amount',
    });
  const { currency } = old;
  const there = context.as(idOf(old.destination) ?? '');
  needFunds(
    there,
    currency,
    amount,
    `The recipient of this transfer does not have enough funds in their Stripe balance to be reversed (${amount} ${currency}).`,
  );
  const id = context.newId('trr_1', 23);
  const back = book(context, { type: 'transfer_refund', amount, currency, source: id, description: of.description });
  const payment = there.need('charge', idOf(old.destination_payment) ?? '');
  const refund = makeRefund(there, { charge: payment, amount, status: 'succeeded', metadata: {}, reason: null });
  const went = book(there, { type: 'payment_refund', amount: -amount, currency, source: refund.id });
  there.put('refund', { ...refund, balance_transaction: went.id });
  const refunded = payment.amount_refunded + amount;
  there.put('charge', { ...payment, amount_refunded: refunded, refunded: refunded === payment.amount });
  const reversal = context.put('transfer_reversal', {
    id,
    object: 'transfer_reversal',
    amount,
    balance_transaction: back.id,
    created: context.now,
    currency,
    destination_payment_refund: refund.id,
    metadata: of.metadata,
    source_refund: null,
    transfer: old.id,
  });
  const next = context.put('transfer', {
    ...old,
    amount_reversed: old.amount_reversed + amount,
    reversed: old.amount_reversed + amount === old.amount,
  });
  context.emit('transfer.reversed', 'transfer', next);
  return reversal;
}

const reversalsOf = (context: Context, id: string, asked: object = {}) =>
  context.list('transfer_reversal', asked, { url: `/v1/transfers/${id}/reversals`, where: { transfer: id } });

function needReversal(context: Context, ids: Readonly<Record<string, string>>): Stripe.TransferReversal {
  const found = context.need('transfer_reversal', ids.reversal ?? '');
  if (idOf(found.transfer) === ids.id) return found;
  throw resourceMissing('transfer reversal', found.id);
}

export const transfers: Resource = {
  routes: [
    route('POST', '/v1/transfers', create, (context, { params }) => {
      needPlatform(context);
      needDestination(context, params.destination);
      const { source_transaction: source = null } = params;
      const charge = source === null ? undefined : context.need('charge', source, 'source_transaction');
      const amount = params.amount ?? charge?.amount;
      if (amount === undefined) throw parameterMissing('amount');
      if (amount < 1) throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
      needFunds(context, params.currency, amount, TOO_LITTLE);
      return transfer(context, {
        amount,
        currency: params.currency,
        destination: params.destination,
        description: params.description ?? null,
        metadata: p.mergeMetadata({}, params.metadata),
        group: params.transfer_group ?? null,
        source,
      });
    }),
    route('GET', '/v1/transfers', list, (context, { params }) => {
      const { destination, transfer_group } = params;
      return context.list('transfer', params, { url: '/v1/transfers', where: { destination, transfer_group } });
    }),
    route('GET', '/v1/transfers/:id', {}, (context, { ids }) => context.need('transfer', ids.id ?? '')),
    route('POST', '/v1/transfers/:id', update, (context, { ids, params }) => {
      const old = context.need('transfer', ids.id ?? '');
      const description = params.description ?? old.description;
      const next = { ...old, description, metadata: p.mergeMetadata(old.metadata, params.metadata) };
      context.put('transfer', next);
      context.emit('transfer.updated', 'transfer', next, { metadata: old.metadata });
      return next;
    }),
    route('POST', '/v1/transfers/:id/reversals', reverse, (context, { ids, params }) => {
      needPlatform(context);
      const metadata = p.mergeMetadata({}, params.metadata);
      const description = params.description ?? null;
      return reversed(context, context.need('transfer', ids.id ?? ''), {
        amount: params.amount,
        metadata,
        description,
      });
    }),
    route('GET', '/v1/transfers/:id/reversals', p.page, (context, { ids, params }) =>
      reversalsOf(context, context.need('transfer', ids.id ?? '').id, params),
    ),
    route('GET', '/v1/transfers/:id/reversals/:reversal', {}, (context, { ids }) => needReversal(context, ids)),
    route(
      'POST',
      '/v1/transfers/:id/reversals/:reversal',
      { metadata: p.metadata.optional() },
      (context, { ids, params }) => {
        const old = needReversal(context, ids);
        return context.put('transfer_reversal', { ...old, metadata: p.mergeMetadata(old.metadata, params.metadata) });
      },
    ),
  ],
  views: {
    transfer: (context, transfer) => ({ ...transfer, reversals: reversalsOf(context, transfer.id) }),
  },
};
