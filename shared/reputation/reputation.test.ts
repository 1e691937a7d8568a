import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addEvidence,
  assumedWeightBps,
  type Evidence,
  noEvidence,
  qualityBps,
  rejectedBps,
  sumEvidence,
} from './reputation.ts';

const NO_AUDITS = { pass: 0, fail: 0 };
const of = (more: Partial<Evidence>): Evidence => ({ ...noEvidence(), ...more });

describe('quality', () => {
  it('is what the market assumed where nothing was measured', () => {
    expect(qualityBps(8_000, noEvidence(), NO_AUDITS)).toBe(8_000);
  });

  it.each([
    // (50·0.8 + 50) / (50 + 50) = 0.9
    ['fifty confirmed', of({ confirmed: 50 }), NO_AUDITS, 9_000],
    // (40 + 10·0.9) / 60 = 0.81666…
    ['ten assumed without audits', of({ assumed: 10 }), NO_AUDITS, 8_166],
    // w = 9/20: (40 + 10·0.45) / 60 = 0.741666…
    ['ten assumed, ten audits failed', of({ assumed: 10 }), { pass: 0, fail: 10 }, 7_416],
    // 40 / 80 = 0.5
    ['ten reopened, ten rejected, ten lost', of({ reopened: 10, rejected: 10, lost: 10 }), NO_AUDITS, 5_000],
    // 40 / (50 + 50) = 0.4: half a trial each
    ['a hundred handed on', of({ escalated: 100 }), NO_AUDITS, 4_000],
    // 200 ratings of five stars: (40 + 50) / (50 + 50) = 0.9
    ['two hundred times five stars', of({ ratings: 200, stars: 1_000 }), NO_AUDITS, 9_000],
    // of one star: 40 / 100
    ['two hundred times one star', of({ ratings: 200, stars: 200 }), NO_AUDITS, 4_000],
    // three stars are a success of one half: (40 + 25) / 100
    ['two hundred times three stars', of({ ratings: 200, stars: 600 }), NO_AUDITS, 6_500],
  ])('by hand: %s', (_what, evidence, audits, expected) => {
    expect(qualityBps(8_000, evidence, audits)).toBe(expected);
  });

  const counts = fc.record({
    confirmed: fc.nat({ max: 1_000_000 }),
    assumed: fc.nat({ max: 1_000_000 }),
    reopened: fc.nat({ max: 1_000_000 }),
    rejected: fc.nat({ max: 1_000_000 }),
    lost: fc.nat({ max: 1_000_000 }),
    escalated: fc.nat({ max: 1_000_000 }),
    ratings: fc.nat({ max: 1_000 }),
  });
  const evidence = counts.chain((base) =>
    fc.integer({ min: base.ratings, max: 5 * base.ratings }).map((stars) => ({ ...base, stars })),
  );

  it('stays between 0 and 1, rises with a confirmed one and falls with a reopened one, whatever the record', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        evidence,
        fc.nat(500),
        fc.nat(500),
        (prior, record, pass, fail) => {
          const audits = { pass, fail };
          const quality = qualityBps(prior, record, audits);
          expect(Number.isInteger(quality) && quality >= 0 && quality <= 10_000).toBe(true);
          const better = { ...record, confirmed: record.confirmed + 1 };
          const worse = { ...record, reopened: record.reopened + 1 };
          expect(qualityBps(prior, better, audits)).toBeGreaterThanOrEqual(quality);
          expect(qualityBps(prior, worse, audits)).toBeLessThanOrEqual(quality);
          expect(qualityBps(prior, record, { pass, fail: fail + 1 })).toBeLessThanOrEqual(quality);
        },
      ),
    );
  });

  it('believes an assumed resolution nine tenths without audits, and what audits say with many', () => {
    expect(assumedWeightBps(NO_AUDITS)).toBe(9_000);
    // (9 + 490) / (10 + 990) = 0.499
    expect(assumedWeightBps({ pass: 490, fail: 500 })).toBe(4_990);
  });
});

describe('evidence', () => {
  it('is told of each provider by the request’s own history', () => {
    const by = new Map<string, Evidence>();
    addEvidence(
      by,
      [
        ['ready', 1, 'auto'],
        ['leased', 2, 'auto'],
        ['escalated', 3, 'auto'],
        ['leased', 4, 'pool'],
        ['lost', 5, 'pool'],
        ['leased', 6, 'pool'],
        ['reopened', 7, 'customer'],
        ['leased', 8, 'pool'],
        ['reopened', 9, 'company'],
        ['leased', 10, 'other'],
      ],
      { provider: 'other', outcome: 'confirmed', stars: 4 },
    );
    expect(Object.fromEntries(by)).toEqual({
      auto: of({ escalated: 1 }),
      pool: of({ lost: 1, reopened: 1, rejected: 1 }),
      other: of({ confirmed: 1, ratings: 1, stars: 4 }),
    });
  });

  it('adds up', () => {
    expect(sumEvidence([of({ confirmed: 1 }), of({ confirmed: 2, lost: 3 })])).toEqual(of({ confirmed: 3, lost: 3 }));
  });
});

describe('a company’s record', () => {
  it('is told from twenty requests on', () => {
    expect(rejectedBps({ charged: 19, rejected: 19 })).toBeNull();
    expect(rejectedBps({ charged: 20, rejected: 1 })).toBe(500);
    expect(rejectedBps({ charged: 20, rejected: 30 })).toBe(10_000);
  });
});
