/** Whatever is done to the stand-in, in whatever order: every sum that a reader could check is right. */
import * as fc from 'fast-check';
import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { type Money, openMoney } from '../../../../tests/support/stripe-money.ts';

const SEED = 20_260_907;
const KINDS = [
  'draft',
  'lines',
  'finalise',
  'pay',
  'decline',
  'outside',
  'note',
  'void',
  'writeOff',
  'refund',
  'failRefund',
  'chargeback',
  'decide',
  'transfer',
  'reverse',
  'topup',
  'payout',
  'failPayout',
  'fee',
  'days',
] as const;
/** Without these the others find nothing. */
const OFTEN = ['draft', 'finalise', 'pay', 'note', 'days'] as const;
type Step = { kind: (typeof KINDS)[number]; pick: number; cents: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS, ...OFTEN),
    pick: fc.nat(1_000),
    cents: fc.integer({ min: 1, max: 20_000 }),
  }),
  { minLength: 60, maxLength: 100, size: 'max' },
);

type World = { customers: string[]; accounts: string[] };

/** Everybody is there, something is paid already, and there is money for transfers. */
async function begin(money: Money): Promise<World> {
  const card = await money.customer();
  const debit = await money.customer({ method: 'pm_sepaDebit' });
  const none = await money.customer({ method: null, country: 'DE', taxId: 'DE123456789' });
  const accounts = [await money.account(), await money.account()];
  await money.fund(100_000);
  for (const amounts of [[9_000, 800], [12_000]])
    await money.stripe.invoices.pay((await money.draft(card.id, amounts, { automatic_tax: { enabled: true } })).id);
  for (const { id } of accounts)
    await money.stripe.transfers.create({ amount: 9_000, currency: 'eur', destination: id });
  return { customers: [card.id, debit.id, none.id], accounts: accounts.map(({ id }) => id) };
}

const one = <T>(from: readonly T[], pick: number): T | undefined => from[pick % Math.max(1, from.length)];

/** Does a step to something that is there; nothing where nothing fits. */
async function act(money: Money, world: World, { kind, pick, cents }: Step): Promise<unknown> {
  const { stripe } = money;
  const invoices = async (status: string) => (await stripe.invoices.list({ status, limit: 100 })).data;
  const invoice = async (...statuses: string[]) => one((await Promise.all(statuses.map(invoices))).flat(), pick);
  const charge = async () => one((await stripe.charges.list({ limit: 100 })).data, pick);
  switch (kind) {
    case 'draft': {
      const customer = one(world.customers, pick) ?? '';
      const isSent = pick % 4 === 0;
      const terms = isSent ? { collection_method: 'send_invoice', days_until_due: 10 } : {};
      return money.draft(customer, [cents, cents + 7], { automatic_tax: { enabled: pick % 2 === 0 }, ...terms });
    }
    case 'lines': {
      const draft = await invoice('draft');
      const line = one(draft?.lines.data ?? [], pick);
      if (draft === undefined || line === undefined) return undefined;
      if (pick % 3 === 0)
        return stripe.invoices.removeLines(draft.id, { lines: [{ id: line.id, behavior: 'delete' }] });
      if (pick % 3 === 1) return stripe.invoices.updateLines(draft.id, { lines: [{ id: line.id, amount: cents }] });
      return stripe.invoices.addLines(draft.id, { lines: [{ amount: cents }, { amount: 1 }] });
    }
    case 'finalise': {
      const draft = await invoice('draft');
      return draft && stripe.invoices.finalizeInvoice(draft.id, { auto_advance: pick % 2 === 0 });
    }
    case 'pay': {
      const open = await invoice('open', 'uncollectible', 'draft');
      return open && stripe.invoices.pay(open.id);
    }
    case 'decline':
      return money.act('decline_next', { customer: one(world.customers, pick) });
    case 'outside': {
      const open = await invoice('open', 'uncollectible');
      if (open === undefined) return undefined;
      const record = await stripe.paymentRecords.reportPayment({
        amount_requested: { currency: 'eur', value: cents },
        initiated_at: money.now(),
        outcome: 'guaranteed',
        guaranteed: { guaranteed_at: money.now() },
        payment_method_details: { type: 'custom', custom: { display_name: 'Bank' } },
      });
      return stripe.invoices.attachPayment(open.id, { payment_record: record.id });
    }
    case 'note': {
      const final = await invoice('open', 'paid');
      const line = one(final?.lines.data ?? [], pick);
      if (final === undefined || line === undefined) return undefined;
      return credit(money, final, line.id, Math.min(cents, line.amount), pick);
    }
    case 'void': {
      const open = await invoice('open', 'uncollectible');
      return open && stripe.invoices.voidInvoice(open.id);
    }
    case 'writeOff': {
      const open = await invoice('open');
      return open && stripe.invoices.markUncollectible(open.id);
    }
    case 'refund': {
      const found = await charge();
      return found && stripe.refunds.create({ charge: found.id, amount: cents });
    }
    case 'failRefund': {
      const refund = one((await stripe.refunds.list({ limit: 100 })).data, pick);
      return refund && money.act('fail_refund', { refund: refund.id });
    }
    case 'chargeback': {
      const found = await charge();
      return found && money.act('chargeback', { charge: found.id, amount: cents });
    }
    case 'decide': {
      const dispute = one((await stripe.disputes.list({ limit: 100 })).data, pick);
      return dispute && money.act(pick % 2 === 0 ? 'win_dispute' : 'lose_dispute', { dispute: dispute.id });
    }
    case 'transfer':
      return stripe.transfers.create({ amount: cents, currency: 'eur', destination: one(world.accounts, pick) ?? '' });
    case 'reverse': {
      const transfer = one((await stripe.transfers.list({ limit: 100 })).data, pick);
      return transfer && stripe.transfers.createReversal(transfer.id, { amount: cents });
    }
    case 'topup':
      return stripe.topups.create({ amount: cents, currency: 'eur' });
    case 'payout':
      return stripe.payouts.create({ amount: cents, currency: 'eur' });
    case 'failPayout': {
      const payout = one((await stripe.payouts.list({ limit: 100 })).data, pick);
      return payout && money.act('fail_payout', { payout: payout.id });
    }
    case 'fee':
      return money.act('stripe_fee', { amount: cents % 100, currency: 'eur' });
    case 'days':
      return money.later((pick % 6) + 1);
  }
}

/** A note that gives back by credit what its preview says was paid. */
async function credit(money: Money, invoice: Stripe.Invoice, line: string, amount: number, pick: number) {
  const lines = [{ type: 'invoice_line_item', invoice_line_item: line, amount }];
  const shown = await money.stripe.invoices.retrieve(invoice.id);
  const found = shown.lines.data.find((each) => each.id === line);
  // The stand-in is asked with too little first, and says what the sum must be.
  const refused = await money.refusal(
    money.stripe.creditNotes.preview({ invoice: invoice.id, lines, credit_amount: 1_000_000_000 }),
  );
  const post = Number(/credit note \((\d+)\)\.$/.exec(refused.message)?.[1] ?? 0);
  const isRefund = pick % 2 === 0 && post > 0;
  expect(found).toBeDefined();
  return money.stripe.creditNotes.create({
    invoice: invoice.id,
    lines,
    ...(isRefund ? { refund_amount: post } : { credit_amount: post }),
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const all = <T extends { id: string }>(list: { autoPagingToArray: (max: { limit: number }) => Promise<T[]> }) =>
  list.autoPagingToArray({ limit: 10_000 });

async function checkBalance(money: Money, account?: string): Promise<void> {
  const options = account === undefined ? {} : { stripeAccount: account };
  const moves = await all(money.stripe.balanceTransactions.list({ limit: 100 }, options));
  const of = (status: string) => sum(moves.filter((move) => move.status === status).map((move) => move.net));
  expect(await money.balance(account)).toEqual({ available: of('available'), pending: of('pending') });
  for (const { amount, fee, net, fee_details: fees } of moves) {
    expect(net).toBe(amount - fee);
    expect(fee).toBe(sum(fees.map((each) => each.amount)));
  }
}

async function checkInvoices(money: Money): Promise<void> {
  const { stripe } = money;
  for (const invoice of await all(stripe.invoices.list({ limit: 100 }))) {
    const lines = await all(stripe.invoices.listLineItems(invoice.id, { limit: 100 }));
    const taxes = sum((invoice.total_taxes ?? []).map((tax) => tax.amount));
    expect(invoice.subtotal).toBe(sum(lines.map((line) => line.amount)));
    expect(taxes).toBe(sum(lines.flatMap((line) => line.taxes ?? []).map((tax) => tax.amount)));
    expect(invoice.total).toBe(invoice.subtotal + taxes);
    expect(invoice.amount_remaining).toBe(invoice.amount_due - invoice.amount_paid);
    const payments = (await stripe.invoicePayments.list({ invoice: invoice.id, status: 'paid', limit: 100 })).data;
    expect(sum(payments.map((payment) => payment.amount_paid ?? 0))).toBe(
      invoice.amount_paid + invoice.amount_overpaid,
    );
    const notes = (await stripe.creditNotes.list({ invoice: invoice.id, limit: 100 })).data;
    expect(sum(notes.map((note) => note.pre_payment_amount))).toBe(invoice.pre_payment_credit_notes_amount);
    expect(sum(notes.map((note) => note.post_payment_amount))).toBe(invoice.post_payment_credit_notes_amount);
    for (const line of lines) {
      const credited = notes.flatMap((note) => note.lines.data).filter((each) => each.invoice_line_item === line.id);
      expect(sum(credited.map((each) => each.amount))).toBeLessThanOrEqual(line.amount);
    }
    expect(sum(notes.map((note) => note.total))).toBeLessThanOrEqual(invoice.total);
    if (invoice.status === 'paid') expect(invoice.amount_remaining).toBe(0);
    if (invoice.status === 'draft') continue;
    // What the customer's credit and notes leave of the total is asked for.
    const applied = (invoice.ending_balance ?? 0) - invoice.starting_balance;
    expect(invoice.amount_due).toBe(invoice.total - applied - invoice.pre_payment_credit_notes_amount);
  }
}

async function checkRest(money: Money, world: World): Promise<void> {
  const { stripe } = money;
  for (const id of world.customers) {
    const customer = (await stripe.customers.retrieve(id)) as Stripe.Customer;
    const moves = await all(stripe.customers.listBalanceTransactions(id, { limit: 100 }));
    expect(customer.balance).toBe(sum(moves.map((move) => move.amount)));
    expect(customer.balance).toBe(moves[0]?.ending_balance ?? 0);
  }
  for (const charge of await all(stripe.charges.list({ limit: 100 }))) {
    const refunds = await all(stripe.refunds.list({ charge: charge.id, limit: 100 }));
    expect(charge.amount_refunded).toBe(
      sum(refunds.filter((each) => each.status !== 'failed').map((each) => each.amount)),
    );
    expect(charge.amount_refunded).toBeLessThanOrEqual(charge.amount);
  }
  for (const account of world.accounts) {
    const transfers = await all(stripe.transfers.list({ destination: account, limit: 100 }));
    const came = sum(transfers.map((transfer) => transfer.amount - transfer.amount_reversed));
    const payouts = await all(stripe.payouts.list({ limit: 100 }, { stripeAccount: account }));
    const left = sum(payouts.filter((payout) => payout.status !== 'failed').map((payout) => payout.amount));
    const { available, pending } = await money.balance(account);
    expect(available + pending).toBe(came - left);
    for (const transfer of transfers) {
      const reversals = await all(stripe.transfers.listReversals(transfer.id, { limit: 100 }));
      expect(transfer.amount_reversed).toBe(sum(reversals.map((each) => each.amount)));
    }
  }
}

it('adds up after any sequence of events', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const money = await openMoney();
      try {
        const world = await begin(money);
        for (const step of sequence) {
          try {
            await act(money, world, step);
          } catch (error) {
            const isRefused = error instanceof Stripe.errors.StripeError && (error.statusCode ?? 500) < 500;
            if (!isRefused && !(error instanceof Error && error.name === 'Error' && 'status' in error)) throw error;
          }
        }
        await checkBalance(money);
        for (const account of world.accounts) await checkBalance(money, account);
        await checkInvoices(money);
        await checkRest(money, world);
      } finally {
        await money.stop();
      }
    }),
    { seed: SEED, numRuns: 6 },
  );
});
