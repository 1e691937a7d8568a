/** Rounding: invoices in whole cents over many lines and months lose nothing, by BigInt fractions of their own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitByLargestRemainder, wholeCents } from '../../../shared/kernel/money.ts';
import { always, SEED } from './runs.ts';

const CENT = 10_000n;
/** Twelve months of up to 200 lines each, in micro-units. */
const Months = fc.array(fc.array(fc.integer({ min: 1, max: 900_000_000 }), { minLength: 1, maxLength: 200 }), {
  minLength: 1,
  maxLength: 12,
});

/** The plan of a month: its whole cents, handed out over its lines. */
function billed(carryMicros: number, lines: readonly number[]): { carry: number; cents: Map<string, number> } {
  const balance = lines.reduce((sum, line) => sum + line, carryMicros);
  const total = wholeCents(balance);
  const weights = new Map(lines.map((line, i) => [String(i).padStart(3, '0'), line]));
  const cents = splitByLargestRemainder(total / Number(CENT), weights);
  return { carry: balance - total, cents };
}

describe(`invoices in whole cents (seed ${SEED})`, () => {
  it('of 200 lines over months drift by nothing: what is billed and what is carried is what was rated', () => {
    always(Months, (months) => {
      let carry = 0;
      let ratedMicros = 0n;
      let billedMicros = 0n;
      for (const lines of months) {
        const month = billed(carry, lines);
        ratedMicros += lines.reduce((sum, line) => sum + BigInt(line), 0n);
        billedMicros += [...month.cents.values()].reduce((sum, cents) => sum + BigInt(cents) * CENT, 0n);
        carry = month.carry;
        expect(carry).toBeGreaterThanOrEqual(0);
        expect(BigInt(carry)).toBeLessThan(CENT);
        expect(billedMicros + BigInt(carry)).toBe(ratedMicros);
      }
    });
  });

  it('give each line the cent below or above its exact share, the larger remainders first', () => {
    always(Months, ([lines = []]) => {
      const { cents } = billed(0, lines);
      const weight = lines.reduce((sum, line) => sum + BigInt(line), 0n);
      const total = weight / CENT;
      // Each share is total · line / weight: its whole part, and what is left as a fraction over weight.
      const shares = lines.map((line, i) => {
        const product = total * BigInt(line);
        return { id: String(i).padStart(3, '0'), floor: product / weight, rest: product % weight };
      });
      const more = total - shares.reduce((sum, share) => sum + share.floor, 0n);
      const first = shares
        .toSorted((a, b) => (a.rest === b.rest ? (a.id < b.id ? -1 : 1) : a.rest > b.rest ? -1 : 1))
        .slice(0, Number(more));
      const raised = new Set(first.map(({ id }) => id));
      for (const { id, floor } of shares) expect(BigInt(cents.get(id) ?? -1)).toBe(floor + (raised.has(id) ? 1n : 0n));
    });
  });
});
