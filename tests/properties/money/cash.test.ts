/**
 * Properties 8, 9 and 13 of the ledger, over the real ways: random business at Stripe with webhooks that are duplicated,
 * shuffled, held back, dropped or lost, then swept.
 */
import { describe, expect, it } from 'vitest';
import { CashWorld } from '../../support/cash.ts';
import { dice } from '../../support/dice.ts';
import { ENGINE_SEEDS } from './runs.ts';

const STEPS = 14;
const COMPANIES = ['co_ada1', 'co_eve1'];
const HOUR = 3_600_000;

type Random = () => number;
type Step = (world: CashWorld, random: Random) => Promise<void>;

const pick = <T>(random: Random, from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
const cents = (random: Random): number => 50_00 + Math.floor(random() * 200_00);

/** What Stripe refuses, as one may not, is nothing that happened. */
const tried = async (work: () => unknown): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !((error as { type?: string }).type ?? error.constructor.name).startsWith('Stripe')
    )
      throw error;
  }
};

const openInvoices = async (world: CashWorld) =>
  (await world.test.stripe.invoices.list({ status: 'open', limit: 100 })).data;
const paidInvoices = async (world: CashWorld) =>
  (await world.test.stripe.invoices.list({ status: 'paid', limit: 100 })).data;

const STEPS_OF: readonly Step[] = [
  async (world, random) => {
    const company = pick(random, COMPANIES) ?? '';
    const { length } = (await world.test.stripe.invoices.list({ limit: 100 })).data;
    await world.invoice(company, cents(random), length);
  },
  async (world, random) => {
    const invoice = pick(random, await openInvoices(world));
    if (invoice !== undefined) await tried(() => world.test.stripe.invoices.pay(invoice.id));
  },
  // Paid outside, a part of it or more than it.
  async (world, random) => {
    const invoice = pick(random, await openInvoices(world));
    const value = cents(random);
    if (invoice === undefined) return;
    const at = Math.floor(world.edge.now / 1_000);
    const record = await world.test.stripe.paymentRecords.reportPayment({
      amount_requested: { currency: 'usd', value },
      initiated_at: at,
      guaranteed: { guaranteed_at: at },
      outcome: 'guaranteed',
      payment_method_details: { type: 'custom', custom: { display_name: 'Bank transfer' } },
    });
    await tried(() => world.test.stripe.invoices.attachPayment(invoice.id, { payment_record: record.id }));
  },
  async (world, random) => {
    const invoice = pick(random, await paidInvoices(world));
    if (invoice !== undefined) await tried(() => world.test.switches.act('chargeback', { invoice: invoice.id }));
  },
  async (world, random) => {
    const { data } = await world.test.stripe.disputes.list({ limit: 100 });
    const dispute = pick(
      random,
      data.filter(({ status }) => status === 'needs_response'),
    );
    const name = random() < 0.5 ? 'win_dispute' : 'lose_dispute';
    if (dispute !== undefined) await tried(() => world.test.switches.act(name, { dispute: dispute.id }));
  },
  async (world, random) => void (await world.test.stripe.topups.create({ amount: cents(random), currency: 'usd' })),
  async (world, random) => tried(() => world.test.stripe.payouts.create({ amount: cents(random), currency: 'usd' })),
  async (world, random) => {
    const { data } = await world.test.stripe.payouts.list({ limit: 100 });
    const payout = pick(
      random,
      data.filter(({ status }) => status !== 'failed'),
    );
    if (payout !== undefined) await tried(() => world.test.switches.act('fail_payout', { payout: payout.id }));
  },
  async (world, random) =>
    void world.test.switches.act('stripe_fee', { amount: 1 + Math.floor(random() * 5_00), currency: 'usd' }),
  async (world, random) => world.advance(Math.floor(1 + random() * 60) * HOUR),
];

/** The same business in every mode: what happens is drawn from one dice, what becomes of webhooks from another. */
async function live(seed: number, isFaulty: boolean): Promise<Record<string, number>> {
  const world = await CashWorld.open(`cash-${seed}`);
  try {
    const [happens, faults] = [dice(seed), dice(seed + 1_000_000)];
    if (isFaulty)
      world.test.switches.webhooks(
        () => pick(faults, ['deliver', 'drop', 'lose', 'duplicate', 'hold'] as const) ?? 'deliver',
      );
    const shuffled = <T>(all: T[]): T[] =>
      all
        .map((one) => [faults(), one] as const)
        .sort(([a], [b]) => a - b)
        .map(([, one]) => one);
    for (let step = 0; step < STEPS; step++) {
      // Every life begins with an invoice, so that none is of nothing.
      await (step === 0 ? STEPS_OF[0] : pick(happens, STEPS_OF))?.(world, happens);
      if (isFaulty && faults() < 0.3) world.test.switches.release(shuffled);
      expect(await world.settle(isFaulty ? shuffled : undefined)).toEqual([]);
    }
    world.test.switches.webhooks(undefined);
    world.test.switches.release(shuffled);
    // All that is still on its way arrives; then a night passes.
    for (let day = 0; day < 8; day++) await world.advance(24 * HOUR);
    await agrees(world);
    return await world.balances('owner');
  } finally {
    await world.stop();
  }
}

/** 8: 1200 is what is open, 2200 the customers' balances. 9: 1300 is what is pending, 1310 what is available. 1390 is nothing. */
async function agrees(world: CashWorld): Promise<void> {
  const balances = await world.balances('owner');
  const open = (await openInvoices(world)).map((one): [string, number] => [
    `1200 ${one.metadata?.parley}`,
    one.amount_remaining,
  ]);
  const customers = (await world.test.stripe.customers.list({ limit: 100 })).data;
  const credit = customers.map((one): [string, number] => [`2200 ${one.metadata.parley}`, one.balance]);
  const named = (account: string) => Object.entries(balances).filter(([name]) => name.startsWith(`${account} `));
  const present = (rows: [string, number][]) => Object.fromEntries(rows.filter(([, amount]) => amount !== 0));
  expect(Object.fromEntries(named('1200'))).toEqual(present(open));
  expect(Object.fromEntries(named('2200'))).toEqual(present(credit));
  const { available, pending } = await world.stripeBalance();
  expect([balances['1310'] ?? 0, balances['1300'] ?? 0, balances['1390'] ?? 0]).toEqual([available, pending, 0]);
}

describe('cash', () => {
  it.each(ENGINE_SEEDS)(
    'ends in the same balances, which are Stripe’s, whatever becomes of the webhooks (seed %i)',
    async (seed) => {
      const clean = await live(seed, false);
      expect(Object.keys(clean).length).toBeGreaterThan(0);
      expect(await live(seed, true)).toEqual(clean);
    },
    120_000,
  );
});
