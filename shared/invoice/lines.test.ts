import { describe, expect, it } from 'vitest';
import { type Billable, type Cause, type Group, groupKey, nothingBillable } from './billable.ts';
import { amountText, countText, draftLines, MOST_LINES, toCents } from './lines.ts';

const CENT = 10_000;
const group = (set: Partial<Group> = {}): Group => ({
  kind: 'confirmed',
  queue: 'cards',
  round: 1,
  quantity: 10,
  micros: 100 * CENT,
  ...set,
});
const billable = (groups: Group[], credits: Partial<Record<Cause, number>> = {}, carriedMicros = 0): Billable => ({
  ...nothingBillable(carriedMicros),
  groups: new Map(groups.map((one) => [groupKey(one.kind, one.queue, one.round), one])),
  credits: new Map(Object.entries(credits) as [Cause, number][]),
});
const texts = (of: Billable): [string, number][] =>
  draftLines(of, 'USD').lines.map(({ description, micros }) => [description, micros / CENT]);

describe('the lines of an invoice', () => {
  it('stand in order of queue, round and kind, each saying what it is for', () => {
    const { lines, details, totalMicros } = draftLines(
      billable([
        group({ queue: 'loans', round: 2, quantity: 1, micros: 7 * CENT }),
        group({ round: 12, quantity: 3, micros: 10 * CENT }),
        group({ round: 2, kind: 'overflow', quantity: 1_204, micros: 1_204 * CENT }),
        group({ round: 2, kind: 'assumed', quantity: 2, micros: 3 * CENT }),
        group({ round: 2, kind: 'shortfall', quantity: 0, micros: 50 * CENT }),
      ]),
      'EUR',
    );
    expect(lines).toEqual([
      {
        kind: 'assumed',
        queue: 'cards',
        round: 2,
        quantity: 2,
        micros: 3 * CENT,
        description: 'cards, round 2: 2 assumed resolutions, average €0.015',
      },
      {
        kind: 'overflow',
        queue: 'cards',
        round: 2,
        quantity: 1_204,
        micros: 1_204 * CENT,
        description: 'cards, round 2: 1,204 overflow resolutions, average €0.01',
      },
      {
        kind: 'shortfall',
        queue: 'cards',
        round: 2,
        quantity: 0,
        micros: 50 * CENT,
        description: 'cards, round 2: Shortfall fee',
      },
      {
        kind: 'confirmed',
        queue: 'cards',
        round: 12,
        quantity: 3,
        micros: 10 * CENT,
        // ⌊100,000 / 3⌋ micro-units.
        description: 'cards, round 12: 3 resolutions, average €0.033333',
      },
      {
        kind: 'confirmed',
        queue: 'loans',
        round: 2,
        quantity: 1,
        micros: 7 * CENT,
        description: 'loans, round 2: 1 resolution, average €0.07',
      },
    ]);
    expect([details, totalMicros]).toEqual([[], 1_274 * CENT]);
  });

  it('are none where less than a cent is owed', () => {
    const none = { lines: [], details: [], totalMicros: 0 };
    expect(draftLines(nothingBillable(), 'USD')).toEqual(none);
    expect(draftLines(billable([group({ micros: CENT - 1 })]), 'USD')).toEqual(none);
    expect(draftLines(billable([group()], { dispute: 200 * CENT }), 'USD')).toEqual(none);
    expect(draftLines(billable([group({ micros: CENT })]), 'USD').totalMicros).toBe(CENT);
  });

  it('are lowered by credits, the largest first by its amount before any, ties by name', () => {
    const groups = [
      group({ queue: 'b', micros: 50 * CENT }),
      group({ queue: 'a', micros: 50 * CENT }),
      group({ queue: 'c', micros: 80 * CENT }),
      group({ queue: 'd', micros: 10 * CENT }),
    ];
    // 100 off: all of c, 20 of a.
    expect(texts(billable(groups, { true_up: 100 * CENT }))).toEqual([
      ['a, round 1: 10 resolutions, average $0.05; less $0.20 its share of the pool', 30],
      ['b, round 1: 10 resolutions, average $0.05', 50],
      ['c, round 1: 10 resolutions, average $0.08; less $0.80 its share of the pool', 0],
      ['d, round 1: 10 resolutions, average $0.01', 10],
    ]);
  });

  it('name each cause that lowers them, in one order', () => {
    const lowered = billable([group()], { true_up: 5 * CENT, sla_credit: 3 * CENT, dispute: CENT }, -CENT - 1);
    expect(texts(lowered)).toEqual([
      [
        'cards, round 1: 10 resolutions, average $0.10; less $0.010001 credit carried over, $0.01 disputed charges, $0.03 SLA credits, $0.05 its share of the pool',
        // 100 − 1.0001 − 1 − 3 − 5 = 89.9999
        89,
      ],
    ]);
  });

  it('have one of their own for a credit that was taken back, and for what was carried over where that is a cent', () => {
    expect(texts(billable([group()], { sla_credit: -2 * CENT }, 3 * CENT))).toEqual([
      ['cards, round 1: 10 resolutions, average $0.10', 100],
      ['Corrections: SLA credits taken back', 2],
      ['Carried over from earlier months', 3],
    ]);
    expect(texts(billable([group()], { sla_credit: 0 }, CENT - 1))).toEqual([
      ['cards, round 1: 10 resolutions, average $0.10', 100],
    ]);
    // 100.5 cents and 0.9 of old: 101.4, and the cent that they make together is no line of its own.
    expect(texts(billable([group({ micros: 100 * CENT + 5_000 })], {}, 9_000))).toEqual([
      ['cards, round 1: 10 resolutions, average $0.1005', 101],
    ]);
    const [, carried] = draftLines(billable([group()], {}, CENT), 'USD').lines;
    expect(carried).toMatchObject({ kind: 'carried', queue: null, round: null, quantity: 0, micros: CENT });
    const [, taken] = draftLines(billable([group()], { dispute: -CENT }), 'USD').lines;
    expect(taken).toMatchObject({ kind: 'adjustment', queue: null, round: null, quantity: 0, micros: CENT });
  });

  it('are left out where nothing was resolved and nothing is left to pay; resolutions of nothing are shown', () => {
    const groups = [
      group({ micros: 60 * CENT }),
      group({ round: 2, kind: 'shortfall', quantity: 0, micros: 90 * CENT }),
      group({ round: 3, quantity: 4, micros: 0 }),
    ];
    expect(texts(billable(groups, { shortfall_correction: 90 * CENT }))).toEqual([
      ['cards, round 1: 10 resolutions, average $0.06', 60],
      ['cards, round 3: 4 resolutions, average $0.00', 0],
    ]);
  });

  it('share the cents that their fractions come to, the largest first', () => {
    const groups = [
      group({ queue: 'a', micros: CENT + 4_000 }),
      group({ queue: 'b', micros: CENT + 9_000 }),
      group({ queue: 'c', micros: CENT + 8_999 }),
    ];
    // 5.1999 cents: 1 each, and one more to b and to c.
    expect(texts(billable(groups)).map(([, cents]) => cents)).toEqual([1, 2, 2]);
  });
});

describe('an invoice of many lines', () => {
  const many = (count: number, set: (n: number) => Partial<Group>) =>
    Array.from({ length: count }, (_, n) => group({ quantity: 2, micros: 4 * CENT, ...set(n) }));
  const queue = (n: number): string => `q-${String(n).padStart(3, '0')}`;

  it('keeps them as they are up to 200', () => {
    const { lines, details } = draftLines(billable(many(MOST_LINES, (n) => ({ queue: queue(n) }))), 'USD');
    expect([lines.length, details.length]).toEqual([200, 0]);
    expect(lines[0]?.description).toBe('q-000, round 1: 2 resolutions, average $0.02');
  });

  it('has one a queue beyond that, with a detail; what has no queue stays as it is', () => {
    const groups = many(200, (n) => ({ queue: queue(n % 100), round: 1 + Math.floor(n / 100) }));
    const { lines, details, totalMicros } = draftLines(billable(groups, { sla_credit: -CENT }), 'USD');
    expect([lines.length, details.length, totalMicros]).toEqual([101, 201, 801 * CENT]);
    expect(lines[0]).toEqual({
      kind: 'queue',
      queue: 'q-000',
      round: null,
      quantity: 4,
      micros: 8 * CENT,
      description: 'q-000: 4 resolutions, average $0.02; by round and kind in the detail',
    });
    expect(lines[100]).toMatchObject({ kind: 'adjustment', queue: null, micros: CENT });
    expect(details[200]).toMatchObject({ kind: 'adjustment' });
  });

  it('says no average of a queue in which nothing was resolved', () => {
    const groups = many(201, (n) => ({ queue: 'cards', round: n + 1, kind: 'shortfall', quantity: 0 }));
    expect(texts(billable(groups))).toEqual([['cards: 0 resolutions; by round and kind in the detail', 804]]);
  });

  it('puts the smallest queues together where even those are too many, and never more than 200 lines', () => {
    const groups = many(203, (n) => ({ queue: queue(n), micros: (n === 202 ? 1 : n === 0 ? 2 : 4) * CENT }));
    const { lines } = draftLines(billable(groups, { sla_credit: -CENT }), 'USD');
    expect(lines).toHaveLength(200);
    // One line is of no queue and one of the rest, so that 198 queues stand alone: those of 4 cents, by name.
    expect(lines.slice(0, 198).map((line) => line.queue)).toEqual(Array.from({ length: 198 }, (_, n) => queue(n + 1)));
    expect(lines[198]).toEqual({
      kind: 'queue',
      queue: null,
      round: null,
      quantity: 10,
      // Three of 4 cents, one of 2, one of 1.
      micros: 15 * CENT,
      description: '5 further queues: 10 resolutions, average $0.015; by round and kind in the detail',
    });
    expect(lines[199]?.kind).toBe('adjustment');
  });

  it('keeps 200 queues apart, and puts two together of 201', () => {
    const twice = (queues: number) =>
      many(2 * queues, (n) => ({ queue: queue(n % queues), round: 1 + Math.floor(n / queues) }));
    expect(draftLines(billable(twice(200)), 'USD').lines.map((line) => line.queue)).not.toContain(null);
    const { lines } = draftLines(billable(twice(201)), 'USD');
    expect(lines).toHaveLength(200);
    expect(lines[199]?.description).toBe(
      '2 further queues: 8 resolutions, average $0.02; by round and kind in the detail',
    );
  });
});

describe('amounts in whole cents', () => {
  it('give what is left to the largest remainders, ties by name', () => {
    const amounts = [
      { key: 'b', micros: CENT + 5_000 },
      { key: 'a', micros: 2 * CENT + 5_000 },
      { key: 'c', micros: 9_999 },
    ];
    expect(Object.fromEntries(toCents(amounts, 3))).toEqual({ a: 2, b: 1, c: 0 });
    expect(Object.fromEntries(toCents(amounts, 4))).toEqual({ a: 2, b: 1, c: 1 });
    expect(Object.fromEntries(toCents(amounts, 5))).toEqual({ a: 3, b: 1, c: 1 });
    expect(Object.fromEntries(toCents(amounts, 6))).toEqual({ a: 3, b: 2, c: 1 });
  });

  it('throw where the total is none that they can come to', () => {
    const amounts = [{ key: 'a', micros: CENT }];
    expect(() => toCents(amounts, 0)).toThrow('-1 cents are left over of 1 amounts');
    expect(() => toCents(amounts, 3)).toThrow('2 cents are left over of 1 amounts');
  });

  it('are written for people', () => {
    expect(amountText(873_512, 'USD')).toBe('$0.873512');
    expect(amountText(-1_500_000, 'EUR')).toBe('-€1.50');
    expect(amountText(0, 'GBP')).toBe('£0.00');
    expect([0, 999, 1_000, 1_234_567].map(countText)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
});
