/** What is billed against what was charged, over any months of a company: properties 6, 8 (our side) and 15 of the plan of money. */
import { describe, expect, it } from 'vitest';
import { BillingLife, Months } from './billing-life.ts';
import { always, SEED } from './runs.ts';

const CENT = 10_000;
const FLOOR = 25_000_000;

describe(`any months of a company (seed ${SEED})`, () => {
  it('6: rated less credits is invoiced less voids and credit notes, with what is disputed and what is carried over', () => {
    always(Months, (months) => {
      const life = BillingLife.live(months);
      const stands = () => life.billedMicros + BigInt(life.balance('1110')) + BigInt(life.balance('1100'));
      expect(stands()).toBe(life.ratedMicros);
      life.end();
      expect(stands()).toBe(life.ratedMicros);
      expect(life.balance('1110')).toBe(0);
      // Three months after the last thing that happened nothing is too little to be billed: what is left is less than a cent, or credit.
      const left = life.balance('1100');
      const { reason } = life.plans.at(-1) ?? {};
      expect([reason, left, reason === 'credit_balance' ? left < 0 : left >= 0 && left < CENT]).toEqual([
        reason,
        left,
        true,
      ]);
    });
  });

  it('6: a month is billed to the cent, or not at all and with the reason', () => {
    always(Months, (months) => {
      for (const { draft, leftMicros: left } of BillingLife.live(months).closed) {
        const { reason, drafted, belowFloorMonths } = draft;
        if (reason === null) expect(drafted.totalMicros).toBeGreaterThan(0);
        else expect(drafted.totalMicros).toBe(0);
        // What is disputed is not among it, and what later months brought is not either.
        if (reason === null || reason === 'nothing') expect([left, left >= 0, left < CENT]).toEqual([left, true, true]);
        if (reason === 'credit_balance') expect(left).toBeLessThan(0);
        if (reason === 'below_floor')
          expect([left >= CENT, left < FLOOR, belowFloorMonths <= 3]).toEqual([true, true, true]);
      }
    });
  });

  it('6: what a plan keeps of the months that it carries over is billed as if they were read again', () => {
    always(Months, (months) => {
      for (const { draft, readAgain } of BillingLife.live(months).closed)
        expect({ ...draft, before: null }).toEqual({ ...readAgain, before: null });
    });
  });

  it('8: 1200 is what is open of each invoice, and 2200 the credit', () => {
    always(Months, (months) => {
      const life = BillingLife.live(months);
      life.end();
      const open = life.bills.reduce((sum, { remainingMicros }) => sum + remainingMicros, 0);
      expect(life.balance('1200')).toBe(open);
      expect(life.balance('2200')).toBe(0 - life.creditMicros);
      for (const { id, remainingMicros } of life.bills) {
        const legs = life.ledger.all().flatMap((entry) => entry.legs);
        const own = legs.reduce((sum, leg) => sum + (leg.of === id && leg.account === '1200' ? leg.micros : 0), 0);
        expect([id, own]).toEqual([id, remainingMicros]);
      }
    });
  });

  it('15: the lines of an invoice are its subtotal, and no more is taken back of one than it has', () => {
    always(Months, (months) => {
      const life = BillingLife.live(months);
      life.end();
      for (const { lines, subtotalMicros } of life.bills) {
        expect(lines.reduce((sum, line) => sum + line.micros, 0)).toBe(subtotalMicros);
        for (const { micros, creditedMicros } of lines) expect(creditedMicros <= micros && micros >= 0).toBe(true);
      }
    });
  });
});
