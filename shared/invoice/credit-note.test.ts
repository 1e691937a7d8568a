import { describe, expect, it } from 'vitest';
import {
  type CreditNote,
  CreditNoteCause,
  creditNoteIdOf,
  creditNoteView,
  divide,
  lineKindOf,
  type PlacedLine,
  takeFromLines,
  takeInOrder,
} from './credit-note.ts';
import { testLine } from './invoice.examples.ts';

const line = (number: number, { stripeLine = `il_${number}`, ...set }: Partial<PlacedLine> = {}): PlacedLine => ({
  ...testLine({ line: number, ...set }),
  stripeLine,
});
const CENT = 10_000;
const own = { queue: 'cards', round: 1, kind: 'confirmed' as const };
const taken = (lines: readonly PlacedLine[], micros: number, of: Parameters<typeof takeFromLines>[1] = own) => {
  const { lines: some, netMicros, restMicros } = takeFromLines(lines, of, micros);
  return { lines: some.map((one) => [one.line, one.micros]), netMicros, restMicros };
};

describe('a credit note takes its amount', () => {
  it('from its own line as long as that lasts, in whole cents; the rest of a cent lowers the next invoice', () => {
    const lines = [line(1, { micros: 5 * CENT }), line(2, { micros: 9 * CENT, round: 2 })];
    expect(takeFromLines(lines, own, 3 * CENT + 4_321)).toEqual({
      lines: [{ line: 1, stripeLine: 'il_1', micros: 3 * CENT }],
      netMicros: 3 * CENT,
      restMicros: 4_321,
    });
  });

  it('then from other lines of that queue, the fullest first, ties by number, and never from another queue', () => {
    const lines = [
      line(1, { micros: 2 * CENT, kind: 'assumed' }),
      line(2, { micros: 3 * CENT }),
      line(3, { micros: 90 * CENT, queue: 'loans' }),
      line(5, { micros: 4 * CENT, round: 3 }),
      line(4, { micros: 4 * CENT, round: 2 }),
    ];
    expect(taken(lines, 20 * CENT)).toEqual({
      lines: [
        [2, 3 * CENT],
        [4, 4 * CENT],
        [5, 4 * CENT],
        [1, 2 * CENT],
      ],
      netMicros: 13 * CENT,
      restMicros: 7 * CENT,
    });
  });

  it('tells its own line by round and by kind', () => {
    const lines = [
      line(1, { micros: 9 * CENT, round: 2 }),
      line(2, { micros: 9 * CENT, kind: 'overflow' }),
      line(3, { micros: CENT }),
    ];
    expect(taken(lines, CENT).lines).toEqual([[3, CENT]]);
    expect(taken(lines, CENT, { ...own, kind: 'overflow' }).lines).toEqual([[2, CENT]]);
    expect(taken(lines, CENT, { ...own, round: 2 }).lines).toEqual([[1, CENT]]);
  });

  it('from what a line has left after earlier ones; a line that has nothing left is passed over', () => {
    const lines = [
      line(1, { micros: 5 * CENT, creditedMicros: 5 * CENT }),
      line(2, { micros: 9 * CENT, creditedMicros: 8 * CENT, round: 2 }),
      line(3, { micros: 2 * CENT, round: 3 }),
    ];
    expect(taken(lines, 5 * CENT).lines).toEqual([
      [3, 2 * CENT],
      [2, CENT],
    ]);
    // One that gave back more than it has gives nothing, and takes nothing away.
    expect(taken([line(1, { micros: CENT, creditedMicros: 2 * CENT })], CENT)).toEqual({
      lines: [],
      netMicros: 0,
      restMicros: CENT,
    });
  });

  it('from the line of small queues together last, and from no other that has no queue', () => {
    const together = line(1, { micros: 50 * CENT, queue: null, round: null, kind: 'queue' });
    const carried = line(2, { micros: 50 * CENT, queue: null, round: null, kind: 'carried' });
    const other = line(3, { micros: 2 * CENT, round: 7 });
    expect(taken([together, carried, other], 5 * CENT).lines).toEqual([
      [3, 2 * CENT],
      [1, 3 * CENT],
    ]);
    // Nor from all of another queue, whatever is missing.
    const loans = line(4, { micros: 50 * CENT, queue: 'loans', round: null, kind: 'queue' });
    expect(taken([loans, carried, together, other], 60 * CENT)).toEqual({
      lines: [
        [3, 2 * CENT],
        [1, 50 * CENT],
      ],
      netMicros: 52 * CENT,
      restMicros: 8 * CENT,
    });
  });

  it('from none that is not at Stripe', () => {
    expect(taken([line(1, { stripeLine: null }), line(2, { micros: CENT, round: 2 })], 2 * CENT)).toEqual({
      lines: [[2, CENT]],
      netMicros: CENT,
      restMicros: CENT,
    });
    expect(takeInOrder([line(1, { stripeLine: null })], CENT).lines).toEqual([]);
  });

  it('from fifty lines at the most', () => {
    const lines = Array.from({ length: 60 }, (_, i) => line(i + 1, { micros: CENT }));
    const { lines: some, netMicros, restMicros } = takeInOrder(lines, 60 * CENT);
    expect(some.map((one) => one.line)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect([netMicros, restMicros]).toEqual([50 * CENT, 10 * CENT]);
  });

  it('not at all where nothing is given back', () => {
    expect(takeInOrder([line(1)], 0)).toEqual({ lines: [], netMicros: 0, restMicros: 0 });
    expect(takeInOrder([line(1)], CENT - 1)).toEqual({ lines: [], netMicros: 0, restMicros: CENT - 1 });
    // What is below nothing raises the next invoice.
    expect(takeInOrder([line(1)], -3)).toEqual({ lines: [], netMicros: 0, restMicros: -3 });
  });
});

describe('what a credit note gives back', () => {
  // Each in cents: C, t and what is unpaid by Stripe's preview; what was lost and what may be refunded.
  it.each([
    ['nothing was paid', [100, 19, 119], [0, 0], { lost: 0, refund: 0, credit: 0 }],
    ['all was paid: credit', [100, 19, 0], [0, 0], { lost: 0, refund: 0, credit: 119 }],
    ['all was paid, and money back was asked for', [100, 19, 0], [0, 500], { lost: 0, refund: 119, credit: 0 }],
    ['less can be refunded than was paid', [100, 19, 0], [0, 20], { lost: 0, refund: 20, credit: 99 }],
    ['some is unpaid', [100, 19, 50], [0, 500], { lost: 0, refund: 69, credit: 0 }],
    ['some is back by a chargeback', [100, 19, 0], [30, 500], { lost: 30, refund: 89, credit: 0 }],
    ['all is back by a chargeback', [100, 19, 0], [500, 500], { lost: 119, refund: 0, credit: 0 }],
    ['unpaid, back, refunded and credited', [100, 0, 10], [20, 30], { lost: 20, refund: 30, credit: 40 }],
  ] as const)('goes where it came from: %s', (_, [net, tax, unpaid], [lost, refundable], to) => {
    const preview = { netMicros: net * CENT, taxMicros: tax * CENT, unpaidMicros: unpaid * CENT };
    const may = { lostMicros: lost * CENT, refundableMicros: refundable * CENT };
    expect(divide(preview, may)).toEqual({
      ...preview,
      lostMicros: to.lost * CENT,
      refundMicros: to.refund * CENT,
      creditMicros: to.credit * CENT,
    });
  });

  it('is never less than what it takes off what is unpaid: that is a bug', () => {
    const preview = { netMicros: 100, taxMicros: 19, unpaidMicros: 120 };
    expect(() => divide(preview, { lostMicros: 0, refundableMicros: 0 })).toThrow('takes more off what is unpaid');
  });
});

describe('a credit note', () => {
  const made: CreditNote = {
    invoice: 'co_a.USD.2026-01.v0',
    cause: 'dispute.co_a.rq_1.d1',
    company: 'co_a',
    currency: 'USD',
    state: 'made',
    reason: 'It came back',
    givenBackMicros: 1_234_567,
    lines: [],
    amounts: {
      netMicros: 1_230_000,
      taxMicros: 230_000,
      unpaidMicros: 60_000,
      lostMicros: 100_000,
      creditMicros: 900_000,
      refundMicros: 400_000,
    },
    refund: 're_1',
    stripeInvoice: 'in_1',
    stripeCreditNote: 'cn_1',
    number: 'CN-1',
    plannedAt: 1,
    madeAt: Date.UTC(2026, 1, 8),
  };

  it('shows what it gave back and where it went, with what lowers the next invoice instead', () => {
    expect(creditNoteView(made)).toEqual({
      id: 'co_a.USD.2026-01.v0~dispute.co_a.rq_1.d1',
      invoice: 'co_a.USD.2026-01.v0',
      company: 'co_a',
      currency: 'USD',
      number: 'CN-1',
      cause: 'dispute.co_a.rq_1.d1',
      reason: 'It came back',
      netMicros: 1_230_000,
      taxMicros: 230_000,
      unpaidMicros: 60_000,
      chargedBackMicros: 100_000,
      creditMicros: 900_000,
      refundMicros: 400_000,
      nextInvoiceMicros: 4_567,
      madeAt: '2026-02-08T00:00:00.000Z',
    });
  });

  it('is not shown before it is made', () => {
    for (const set of [{ state: 'planned' }, { state: 'priced' }, { amounts: null }, { madeAt: null }] as const)
      expect(creditNoteView({ ...made, ...set })).toBeUndefined();
  });

  it('is named by its invoice and its cause, which says of what kind it is', () => {
    expect(creditNoteIdOf('i', 'sla.r')).toBe('i~sla.r');
    const fits = (cause: string) => CreditNoteCause.safeParse(cause).success;
    expect(['dispute.a', 'sla.co_a.r-1', 'account.a.b'].map(fits)).toEqual([true, true, true]);
    expect(['dispute', 'dispute.', 'other.a', 'x dispute.a', 'dispute.a b'].map(fits)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['confirmed', 'slot', 'confirmed'],
    ['assumed', 'slot', 'assumed'],
    ['confirmed', 'overflow', 'overflow'],
    ['assumed', 'overflow', 'overflow'],
  ] as const)('of what was %s by %s begins with the line of %s', (outcome, route, kind) => {
    expect(lineKindOf({ outcome, route })).toBe(kind);
  });
});
