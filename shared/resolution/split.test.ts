import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBalanced } from '../ledger/entry.ts';
import { chargeLegs, slaCreditLegs, splitLegs } from '../ledger/postings/charge.ts';
import { type EarlierTurn, sharers, splitCredit } from './split.ts';

const person = { provider: 'pr_pool000001', kind: 'agent_pool' } as const;
const program = (more: Partial<EarlierTurn> = {}): EarlierTurn => ({
  provider: 'pr_auto000001',
  kind: 'automation',
  handedOn: true,
  hadProgress: true,
  ...more,
});

describe('who shares', () => {
  it('is a program that made progress and handed the request on to the person who finished it', () => {
    expect(sharers(person, [program()])).toEqual(['pr_auto000001']);
  });

  it.each([
    ['made no progress', person, program({ hadProgress: false })],
    ['lost its turn, declined, or was refused by the customer', person, program({ handedOn: false })],
    ['is a person', person, program({ kind: 'agent_pool' })],
    ['is unknown to the round', person, program({ kind: null })],
    ['handed on to another program', { provider: 'pr_auto000002', kind: 'automation' } as const, program()],
  ])('is nobody who %s', (_who, finisher, turn) => {
    expect(sharers(finisher, [turn])).toEqual([]);
  });

  it('is each program once, however many turns it had', () => {
    const other = program({ provider: 'pr_auto000000' });
    expect(sharers(person, [program(), other, program()])).toEqual(['pr_auto000000', 'pr_auto000001']);
  });
});

describe('the split', () => {
  it('gives a tenth of 2.00 to one program: 0.20 and 1.80', () => {
    expect(splitCredit(2_000_000, ['a'], 1_000)).toEqual({
      finisherMicros: 1_800_000,
      programs: [{ provider: 'a', micros: 200_000 }],
    });
  });

  it('gives two programs half of it each, the odd micro-unit to the lower id', () => {
    // ⌊1,000,007 · 0.1⌋ = 100,000; of 1,000,019 it is 100,001, so 50,001 and 50,000.
    expect(splitCredit(1_000_019, ['b', 'a'].sort(), 1_000)).toEqual({
      finisherMicros: 900_018,
      programs: [
        { provider: 'a', micros: 50_001 },
        { provider: 'b', micros: 50_000 },
      ],
    });
  });

  it('leaves all to the finisher where nobody shares or the terms share nothing', () => {
    expect(splitCredit(7, [], 1_000)).toEqual({ finisherMicros: 7, programs: [] });
    expect(splitCredit(7, ['a'], 0)).toEqual({ finisherMicros: 7, programs: [] });
  });

  it('loses no micro-unit and leaves every entry balanced, 2105 empty, for any bid, share and number of programs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 10_000 }),
        (bidMicros, splitBps, count, slaCreditBps) => {
          const ids = Array.from({ length: count }, (_, i) => `pr_auto00000${i}`);
          const split = splitCredit(bidMicros, ids, splitBps);
          const splitMicros = bidMicros - split.finisherMicros;
          const rated = { priceMicros: bidMicros + 3, bidMicros, feeMicros: 2, poolMicros: 1 };
          const parties = { company: 'co_a', provider: 'pr_b', queue: 'q', round: 1, isRoundClosed: false };
          const charge = chargeLegs(rated, parties, splitMicros);
          const parts = split.programs.map((part) => splitLegs(part.provider, part.micros));
          const credit = slaCreditLegs({ ...rated, bidMicros: split.finisherMicros }, slaCreditBps, parties);
          for (const legs of [charge, credit, ...parts]) expect(isBalanced(legs)).toBe(true);
          const all = [charge, ...parts].flat();
          const of = (account: string) =>
            all.filter((leg) => leg.account === account).reduce((sum, leg) => sum + leg.micros, 0);
          expect(of('2100') + bidMicros).toBe(0);
          expect(of('2105')).toBe(0);
          expect(of('1100')).toBe(rated.priceMicros);
          expect(splitMicros).toBe(
            count === 0 ? 0 : Math.floor(Number((BigInt(bidMicros) * BigInt(splitBps)) / 10_000n)),
          );
        },
      ),
    );
  });
});
