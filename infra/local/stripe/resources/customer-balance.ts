/** What a customer has in hand or owes besides invoices: the balance that invoices draw on, and cash that came by bank. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, resourceMissing } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';

const create = {
  amount: p.integer,
  currency: p.currency,
  description: p.text.optional(),
  metadata: p.metadata.optional(),
} satisfies p.ParamsOf<Stripe.CustomerCreateBalanceTransactionParams>;
const update = {
  description: p.text.optional(),
  metadata: p.metadata.optional(),
} satisfies p.ParamsOf<Stripe.CustomerUpdateBalanceTransactionParams>;
const list = {
  ...p.page,
  created: p.created,
  invoice: p.text.optional(),
} satisfies p.ParamsOf<Stripe.CustomerListBalanceTransactionsParams>;
const fund = {
  amount: p.whole,
  currency: p.currency,
  reference: p.text.optional(),
};

const at = '/v1/customers/:customer';

export const customerBalance: Resource = {
  routes: [
    route('POST', `${at}/balance_transactions`, create, (context, { ids, params }) => {
      if (params.amount === 0) throw invalid('The amount must not be zero.', { param: 'amount' });
      return moveBalance(context, ids.customer ?? '', { ...params, type: 'adjustment' });
    }),
    route('GET', `${at}/balance_transactions`, list, (context, { ids, params }) => {
      const { id } = context.need('customer', ids.customer ?? '');
      const where = { customer: id, invoice: params.invoice };
      return context.list('customer_balance_transaction', params, {
        url: `/v1/customers/${id}/balance_transactions`,
        where,
      });
    }),
    route('GET', `${at}/balance_transactions/:id`, {}, (context, { ids }) => transactionOf(context, ids)),
    route('POST', `${at}/balance_transactions/:id`, update, (context, { ids, params }) => {
      const old = transactionOf(context, ids);
      const metadata = p.mergeMetadata(old.metadata, params.metadata);
      const description = params.description ?? old.description;
      return context.put('customer_balance_transaction', { ...old, description, metadata });
    }),
    route('GET', `${at}/cash_balance`, {}, (context, { ids }) => cashBalance(context, ids.customer ?? '')),
    route('GET', `${at}/cash_balance_transactions`, p.page, (context, { ids, params }) => {
      const { id } = context.need('customer', ids.customer ?? '');
      const url = `/v1/customers/${id}/cash_balance_transactions`;
      return context.list('customer_cash_balance_transaction', params, { url, where: { customer: id } });
    }),
    route('GET', `${at}/cash_balance_transactions/:id`, {}, (context, { ids }) => {
      const found = context.need('customer_cash_balance_transaction', ids.id ?? '');
      if (found.customer !== ids.customer) throw resourceMissing('customer_cash_balance_transaction', found.id);
      return found;
    }),
    route('POST', '/v1/test_helpers/customers/:customer/fund_cash_balance', fund, (context, { ids, params }) =>
      fundCash(context, ids.customer ?? '', params),
    ),
  ],
  views: {
    // Only who asks for it by name sees the balances of all currencies.
    customer: (_, { invoice_credit_balance: _balances, ...customer }) => customer,
  },
  includes: {
    customer: {
      invoice_credit_balance: (context, { id }) => context.get('customer', id)?.invoice_credit_balance ?? {},
      cash_balance: (context, { id }) => cashBalance(context, id),
    },
  },
};

export type BalanceMove = {
  /** Cents; negative is in the customer's favour. */
  amount: number;
  currency: string;
  type: Stripe.CustomerBalanceTransaction.Type;
  description?: string | undefined;
  invoice?: string | undefined;
  credit_note?: string | undefined;
  metadata?: Record<string, string | null> | null | undefined;
};

/** Changes a customer's balance in a currency, with the transaction that says why. */
export function moveBalance(context: Context, id: string, move: BalanceMove): Stripe.CustomerBalanceTransaction {
  const customer = context.need('customer', id);
  const currency = customer.currency ?? move.currency;
  const ending = balanceOf(customer, move.currency) + move.amount;
  const balances = { ...customer.invoice_credit_balance, [move.currency]: ending };
  const balance = balances[currency] ?? 0;
  context.put('customer', { ...customer, currency, balance, invoice_credit_balance: balances });
  const transaction = context.put('customer_balance_transaction', {
    id: context.newId('cbtxn_1'),
    object: 'customer_balance_transaction',
    amount: move.amount,
    checkout_session: null,
    created: context.now,
    credit_note: move.credit_note ?? null,
    currency: move.currency,
    customer: id,
    customer_account: null,
    description: move.description ?? null,
    ending_balance: ending,
    invoice: move.invoice ?? null,
    livemode: false,
    metadata: p.mergeMetadata({}, move.metadata),
    type: move.type,
  } satisfies Stripe.CustomerBalanceTransaction);
  context.emit('customer.updated', 'customer', context.need('customer', id), { balance: customer.balance });
  return transaction;
}

/** Cents in a currency; negative is in the customer's favour. */
export const balanceOf = (customer: Stripe.Customer, currency: string): number =>
  customer.invoice_credit_balance?.[currency] ?? 0;

function transactionOf(context: Context, ids: Readonly<Record<string, string>>): Stripe.CustomerBalanceTransaction {
  const found = context.need('customer_balance_transaction', ids.id ?? '');
  if (found.customer !== ids.customer) throw resourceMissing('customer_balance_transaction', found.id);
  return found;
}

function cashBalance(context: Context, customer: string): Stripe.CashBalance {
  const { id } = context.need('customer', customer);
  const available: Record<string, number> = {};
  for (const { currency, net_amount: amount } of context.find('customer_cash_balance_transaction', { customer: id }))
    available[currency] = (available[currency] ?? 0) + amount;
  return {
    object: 'cash_balance',
    available: Object.keys(available).length === 0 ? null : available,
    customer: id,
    customer_account: null,
    livemode: false,
    settings: { reconciliation_mode: 'manual', using_merchant_default: false },
  } satisfies Stripe.CashBalance;
}

type Funding = { amount: number; currency: string; reference?: string | undefined };

/** Money that a customer sent by bank: it waits in the cash balance until somebody applies it. */
function fundCash(
  context: Context,
  customer: string,
  { amount, currency, reference }: Funding,
): Stripe.CustomerCashBalanceTransaction {
  const before = cashBalance(context, customer).available?.[currency] ?? 0;
  const transaction = context.put('customer_cash_balance_transaction', {
    id: context.newId('ccsbtxn_1'),
    object: 'customer_cash_balance_transaction',
    created: context.now,
    currency,
    customer,
    customer_account: null,
    ending_balance: before + amount,
    funded: {
      bank_transfer: {
        eu_bank_transfer: { bic: null, iban_last4: null, sender_name: null },
        reference: reference ?? null,
        type: 'eu_bank_transfer',
      },
    },
    livemode: false,
    net_amount: amount,
    type: 'funded',
  } satisfies Stripe.CustomerCashBalanceTransaction);
  context.emit('customer_cash_balance_transaction.created', 'customer_cash_balance_transaction', transaction);
  return transaction;
}
