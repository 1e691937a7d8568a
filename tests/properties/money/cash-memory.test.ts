/**
 * Properties 8, 9 and 13 of the plan of money in memory, over any business at a small model of Stripe; `cash.test.ts` holds
 * the same through the engine and the stand-in.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBalanced } from '../../../shared/ledger/entry.ts';
import { dice } from '../../support/dice.ts';
import { CashLife, KINDS, type Step } from './cash-life.ts';
import { always, SEED } from './runs.ts';
import type { Told } from './small-stripe.ts';

const Steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.nat({ max: KINDS - 1 }), fc.nat({ max: 1_000 }), fc.integer({ min: 1, max: 500_00 })),
  { maxLength: 60 },
);
const micros = (cents: number): number => cents * 10_000;

/** Webhooks that are lost, come twice, come late, or not in order. */
function faulty(seed: number): (told: Told[]) => Told[] {
  const roll = dice(seed);
  let held: Told[] = [];
  return (told) => {
    const now: Told[] = [];
    for (const one of [...held.splice(0), ...told]) {
      const fate = Math.floor(roll() * 5);
      if (fate === 0) continue;
      if (fate === 1) held = [...held, one];
      else now.push(...(fate === 2 ? [one, one] : [one]));
    }
    return now
      .map((one) => [roll(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  };
}

describe(`any business at Stripe (seed ${SEED})`, () => {
  it('8: 1200 is what is open of each invoice there, 2200 the customers’ credit, and each invoice stands as it does there', () => {
    always(fc.tuple(Steps, fc.nat()), ([steps, seed]) => {
      const life = CashLife.live(steps, faulty(seed));
      const balances = life.balances();
      const { stripe } = life;
      for (const one of stripe.invoices.values()) {
        const remaining = micros(stripe.remaining(one));
        expect([one.id, balances.get(`1200 ${one.id}`) ?? 0]).toEqual([one.id, one.status === 'open' ? remaining : 0]);
        expect(life.invoices.get(one.id)).toMatchObject({ state: one.status, remainingMicros: remaining });
      }
      for (const [company, cents] of stripe.credit)
        expect([company, balances.get(`2200 ${company}`) ?? 0]).toEqual([company, 0 - micros(cents)]);
    });
  });

  it('9: 1300 and 1310 are what is pending and available there at every moment when all is heard of, 1390 what nobody knows', () => {
    always(Steps, (steps) => {
      const life = new CashLife();
      for (const step of steps) {
        life.step(step);
        for (const told of life.stripe.news()) life.hear(told);
        const balances = life.balances();
        const { pending, available } = life.stripe.balance();
        expect([balances.get('1300') ?? 0, balances.get('1310') ?? 0]).toEqual([micros(pending), micros(available)]);
      }
      const unknown = life.stripe
        .all()
        .filter(({ about }) => about === 'transaction')
        .map(({ id }) => life.stripe.transaction(id))
        .reduce((sum, { type, netCents }) => sum + (type === 'moon_tax' ? netCents : 0), 0);
      expect(life.balances().get('1390') ?? 0).toBe(0 - micros(unknown));
    });
  });

  it('9: and in the end, whatever became of the webhooks', () => {
    always(fc.tuple(Steps, fc.nat()), ([steps, seed]) => {
      const life = CashLife.live(steps, faulty(seed));
      const { pending, available } = life.stripe.balance();
      const balances = life.balances();
      expect([balances.get('1300') ?? 0, balances.get('1310') ?? 0]).toEqual([micros(pending), micros(available)]);
      // What was charged back is decided or open, what is on its way to the bank arrived or is still on it.
      const open = [...life.stripe.chargebacks.values()].filter(({ status }) => status === 'needs_response');
      const held = open.reduce((sum, one) => sum - life.stripe.transaction(one.transactions[0] ?? '').amountCents, 0);
      const underWay = [...life.stripe.payouts.values()].filter(({ status }) => status === 'in_transit');
      expect(balances.get('1400') ?? 0).toBe(micros(held));
      expect(balances.get('1020') ?? 0).toBe(micros(underWay.reduce((sum, { cents }) => sum + cents, 0)));
    });
  });

  it('13: webhooks that are lost, come twice, late or in any order end in the same trial balance', () => {
    always(fc.tuple(Steps, fc.nat()), ([steps, seed]) => {
      const [clean, storm] = [CashLife.live(steps), CashLife.live(steps, faulty(seed))];
      expect([...storm.balances()]).toEqual([...clean.balances()]);
      for (const { event, legs } of storm.ledger.all()) expect([event, isBalanced(legs)]).toEqual([event, true]);
    });
  });

  it('13: and hearing of everything once more changes nothing', () => {
    always(fc.tuple(Steps, fc.nat()), ([steps, seed]) => {
      const life = CashLife.live(steps, faulty(seed));
      const before = life.ledger.entries.size;
      for (const told of life.stripe.all().reverse()) life.hear(told);
      expect(life.ledger.entries.size).toBe(before);
    });
  });
});
