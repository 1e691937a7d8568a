/** Lines of invoices against exact arithmetic of another kind: fractions of cents as BigInt, summed by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addEntry, nothingBillable, totalOf } from '../../../shared/invoice/billable.ts';
import { draftLines, MOST_LINES } from '../../../shared/invoice/lines.ts';
import { varianceOf, volumesOf } from '../../../shared/invoice/variance.ts';
import type { EntryView } from '../../../shared/ledger/ledger.ts';
import { check } from './runs.ts';

const COMPANY = 'co_rounding1';

const micros = fc.oneof(fc.integer({ min: 0, max: 12_000_000 }), fc.integer({ min: 0, max: 30_000 }));
const place = { queue: fc.integer({ min: 0, max: 4 }).map((n) => `queue-${n}`), round: fc.integer({ min: 1, max: 3 }) };
const charge = fc.record({
  kind: fc.constant('charge' as const),
  micros,
  ...place,
  outcome: fc.constantFrom('confirmed', 'assumed'),
  route: fc.constantFrom('slot', 'overflow'),
});
const other = fc.record({
  kind: fc.constantFrom('sla_credit', 'release_credit', 'true_up', 'dispute_opened', 'shortfall', 'adjustment'),
  micros: fc.integer({ min: 1, max: 3_000_000 }),
  ...place,
});
type Made = { kind: string; micros: number; queue: string; round: number; outcome?: string; route?: string };

const entryOf = (made: Made): EntryView => {
  const signed = made.kind === 'charge' || made.kind === 'shortfall' ? made.micros : 0 - made.micros;
  return {
    event: 'e',
    kind: made.kind as EntryView['kind'],
    occurredAt: '2026-01-05T00:00:00.000Z',
    period: '2026-01',
    currency: 'USD',
    legs: [
      { account: '1100', of: COMPANY, micros: signed },
      { account: '4100', of: null, micros: 0 - signed },
    ],
    facts: { queue: made.queue, round: made.round, outcome: made.outcome ?? null, route: made.route ?? null },
  };
};
const entries = fc.array(fc.oneof({ weight: 5, arbitrary: charge }, { weight: 1, arbitrary: other }), {
  maxLength: 60,
});
const fold = (all: readonly Made[], carried = 0) => {
  const billable = nothingBillable(carried);
  for (const made of all) addEntry(billable, entryOf(made), COMPANY);
  return billable;
};

describe('the lines of an invoice', () => {
  it('sum to what is owed in whole cents, never below nothing, whatever the charges, credits and what was carried over', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: -500_000, max: 500_000 }), (all, carried) => {
        const owed = all.reduce(
          (sum, made) => sum + BigInt(made.micros) * (made.kind === 'charge' || made.kind === 'shortfall' ? 1n : -1n),
          BigInt(carried),
        );
        const cents = owed <= 0n ? 0n : owed / 10_000n;
        const { lines, totalMicros } = draftLines(fold(all, carried), 'USD');
        expect(BigInt(totalMicros)).toBe(cents * 10_000n);
        expect(lines.reduce((sum, line) => sum + BigInt(line.micros), 0n)).toBe(cents * 10_000n);
        for (const line of lines) {
          expect(line.micros).toBeGreaterThanOrEqual(0);
          expect(line.micros % 10_000).toBe(0);
        }
      }),
      check,
    );
  });

  it('bill every resolution once, at less than a cent from its exact amount where nothing lowers it', () => {
    fc.assert(
      fc.property(fc.array(charge, { minLength: 1, maxLength: 60 }), (all) => {
        const { lines } = draftLines(fold(all), 'EUR');
        const exact = new Map<string, [number, bigint]>();
        for (const made of all) {
          const kind = made.route === 'overflow' ? 'overflow' : made.outcome;
          const key = `${made.queue} ${made.round} ${kind}`;
          const [count, sum] = exact.get(key) ?? [0, 0n];
          exact.set(key, [count + 1, sum + BigInt(made.micros)]);
        }
        for (const line of lines) {
          const [count, sum] = exact.get(`${line.queue} ${line.round} ${line.kind}`) ?? [0, 0n];
          expect(line.quantity).toBe(count);
          const off = BigInt(line.micros) - sum;
          expect(off > -10_000n && off < 10_000n).toBe(true);
        }
        const total = [...exact.values()].reduce((sum, [, amount]) => sum + amount, 0n);
        // Below a cent in all there is no invoice, and no line.
        if (total >= 10_000n) expect(lines).toHaveLength(exact.size);
      }),
      check,
    );
  });

  it('are the same in whatever order and batches the entries come', () => {
    fc.assert(
      fc.property(
        entries.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(draftLines(fold(shuffled), 'USD')).toEqual(draftLines(fold(all), 'USD'));
        },
      ),
      check,
    );
  });

  it('are at most 200; beyond that one a queue, whose detail sums to it', () => {
    const many: Made[] = Array.from({ length: 260 }, (_, n) => ({
      kind: 'charge',
      micros: 873_512 + n * 17,
      queue: `queue-${String(n % 130).padStart(3, '0')}`,
      round: 1 + Math.floor(n / 130),
      outcome: 'confirmed',
      route: 'slot',
    }));
    const drafted = draftLines(fold(many), 'USD');
    expect(drafted.lines).toHaveLength(130);
    expect(drafted.details).toHaveLength(260);
    for (const line of drafted.lines) {
      const own = drafted.details.filter((detail) => detail.queue === line.queue);
      expect(own.reduce((sum, detail) => sum + detail.micros, 0)).toBe(line.micros);
    }
    const wide = draftLines(fold(Array.from({ length: 450 }, (_, n) => ({ ...many[0]!, queue: `q-${n}` }))), 'USD');
    expect(wide.lines).toHaveLength(MOST_LINES);
    expect(wide.lines.reduce((sum, line) => sum + line.quantity, 0)).toBe(450);
    expect(wide.lines.reduce((sum, line) => sum + line.micros, 0)).toBe(wide.totalMicros);
  });

  it('drift by nothing: 200 lines of odd prices against exact sums', () => {
    const all: Made[] = Array.from({ length: 20_000 }, (_, n) => ({
      kind: 'charge',
      micros: 333_333 + ((n * 7_919) % 999_983),
      queue: `queue-${n % 100}`,
      round: 1 + (n % 200 >= 100 ? 1 : 0),
      outcome: 'confirmed',
      route: 'slot',
    }));
    const exact = all.reduce((sum, made) => sum + BigInt(made.micros), 0n);
    const { lines, totalMicros } = draftLines(fold(all), 'USD');
    expect(lines).toHaveLength(200);
    expect(BigInt(totalMicros)).toBe((exact / 10_000n) * 10_000n);
    expect(lines.reduce((sum, line) => sum + BigInt(line.micros), 0n)).toBe(BigInt(totalMicros));
  });
});

describe('the text of a line', () => {
  it('says how many resolutions at what average, and names the cause of what lowers it', () => {
    const all: Made[] = [
      ...Array.from({ length: 1_204 }, () => ({
        kind: 'charge',
        micros: 873_512,
        queue: 'mortgage-web',
        round: 3,
        outcome: 'confirmed',
        route: 'slot',
      })),
      { kind: 'sla_credit', micros: 1_250_000, queue: 'mortgage-web', round: 3 },
    ];
    // 1,204 × 0.873512 − 1.25 = 1,050.458448
    const { lines, totalMicros } = draftLines(fold(all), 'USD');
    expect(totalMicros).toBe(1_050_450_000);
    expect(lines.map((line) => line.description)).toEqual([
      'mortgage-web, round 3: 1,204 resolutions, average $0.873512; less $1.25 SLA credits',
    ]);
  });
});

describe('why a month differs', () => {
  it('adds up exactly: before + volume + mix + price + other = after', () => {
    fc.assert(
      fc.property(entries, entries, (one, two) => {
        const [a, b] = [fold(one), fold(two)];
        const [before, after] = [volumesOf(a, totalOf(a)), volumesOf(b, totalOf(b))];
        const v = varianceOf(before, after);
        expect(v.beforeMicros).toBe(totalOf(a));
        expect(v.afterMicros).toBe(totalOf(b));
        expect(v.beforeMicros + v.volumeMicros + v.mixMicros + v.priceMicros + v.otherMicros).toBe(v.afterMicros);
      }),
      check,
    );
  });
});
