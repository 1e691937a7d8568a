import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompanyAward, ProviderAward } from '../award/award.ts';
import { NO_LIMITS } from '../commitment/commitment.ts';
import { isBalanced } from '../ledger/entry.ts';
import { Terms } from '../terms/terms.ts';
import { closeRound, shortfallOf } from './closing.ts';
import type { CompanyTotals } from './report.ts';
import { closingEntries } from './step.store.ts';
import { emptyTotals } from './totals.store.ts';

const terms = Terms.parse({ slaHours: 48, ceilingMicros: 9_000_000, failureCostMicros: 0, secondPersonAboveMicros: 0 });

const award = (company: string, more: Partial<CompanyAward>): CompanyAward => ({
  queue: 'q',
  round: 1,
  company,
  committed: 10,
  awarded: 10,
  byProvider: [{ provider: 'pr_a', volume: 10 }],
  totalMicros: 0,
  unitPriceMicros: 1_000_000,
  dearerRequests: 0,
  standalonePriceMicros: null,
  releaseCreditMicros: 0,
  capacityShareBase: 10,
  reserveMicros: 2_000_000,
  failureCostMicros: 0,
  limits: NO_LIMITS,
  overflow: 'allowed',
  counters: 1,
  ...more,
});
const provider = (id: string, awarded: number): ProviderAward => ({
  queue: 'q',
  round: 1,
  provider: id,
  kind: 'agent_pool',
  qualityBps: 9_000,
  capacity: 100,
  awarded,
  priceMicros: 900_000,
  firstTierMicros: 950_000,
  standingCapacity: 100 - awarded,
  shards: 1,
});
const totals = (company: string, more: Partial<CompanyTotals>): CompanyTotals => ({ ...emptyTotals(company), ...more });

describe('the close of a round', () => {
  it('asks half the price for what is missing below 80 % of the award: 8 − 5 = 3 missing, 1.50', () => {
    expect(shortfallOf({ awarded: 10, unitPriceMicros: 1_000_000 }, 5, terms)).toBe(1_500_000);
    expect(shortfallOf({ awarded: 10, unitPriceMicros: 1_000_000 }, 8, terms)).toBe(0);
    // ⌈0.8 · 11⌉ = 9.
    expect(shortfallOf({ awarded: 11, unitPriceMicros: 1_000_000 }, 8, terms)).toBe(500_000);
  });

  it('gives a shortfall first to the pool’s deficit, the rest to the provider whose award lay idle', () => {
    const closing = closeRound({
      awards: [award('co_a', {})],
      providers: [provider('pr_a', 10)],
      totals: [
        totals('co_a', {
          sent: 5,
          bySlot: 5,
          charged: 5,
          chargedMicros: 5_000_000,
          fullPriceMicros: 5_000_000,
          poolMicros: -400_000,
        }),
      ],
      terms,
      carriedInMicros: 0,
    });
    expect(closing.shortfalls.get('co_a')).toEqual({
      toPool: 400_000,
      toProviders: new Map([['pr_a', 1_100_000]]),
      toMarket: 0,
    });
    expect(closing.subsidyMicros).toBe(0);
    expect(closing.trueUps.size).toBe(0);
  });

  it('hands a surplus back in proportion to what was billed', () => {
    const closing = closeRound({
      awards: [],
      providers: [],
      totals: [
        totals('co_a', { chargedMicros: 3_000_000, poolMicros: 30 }),
        totals('co_b', { chargedMicros: 1_000_000, poolMicros: 10 }),
      ],
      terms,
      carriedInMicros: 1,
    });
    // 41 split 3 : 1 is 30.75 and 10.25; the odd micro-unit goes to the larger remainder.
    expect([...closing.trueUps]).toEqual([
      ['co_a', 31],
      ['co_b', 10],
    ]);
  });

  it('pays a capacity-release credit by what came of the share and of the prices: 100 · 5/10 · 70 %', () => {
    const closing = closeRound({
      awards: [
        award('co_a', {
          awarded: 0,
          byProvider: [],
          releaseCreditMicros: 100,
          capacityShareBase: 10,
          unitPriceMicros: 0,
        }),
      ],
      providers: [],
      totals: [totals('co_a', { attempted: 5, chargedMicros: 700, fullPriceMicros: 1_000, poolMicros: 35 })],
      terms,
      carriedInMicros: 0,
    });
    expect(closing.releaseCredits.get('co_a')).toBe(35);
    expect(closing.trueUps.size).toBe(0);
  });

  it('carries a surplus with nothing billed, and leaves a deficit to the market', () => {
    const base = { awards: [], providers: [], terms };
    expect(closeRound({ ...base, totals: [], carriedInMicros: 7 }).carriedOutMicros).toBe(7);
    expect(
      closeRound({ ...base, totals: [totals('co_a', { chargedMicros: 10, poolMicros: -3 })], carriedInMicros: 0 })
        .subsidyMicros,
    ).toBe(3);
  });

  it('always leaves the pool at nothing, with every entry balanced', () => {
    const company = fc.record({
      awarded: fc.integer({ min: 0, max: 30 }),
      sent: fc.integer({ min: 0, max: 40 }),
      price: fc.integer({ min: 0, max: 3_000_000 }),
      pool: fc.integer({ min: -2_000_000, max: 2_000_000 }),
      credit: fc.integer({ min: 0, max: 5_000_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(company, { maxLength: 6 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (companies, carriedInMicros) => {
          const awards = companies.map((c, i) =>
            award(`co_${i}`, {
              awarded: c.awarded,
              byProvider: c.awarded === 0 ? [] : [{ provider: 'pr_a', volume: c.awarded }],
              unitPriceMicros: c.price,
              releaseCreditMicros: c.credit,
            }),
          );
          const all = companies.map((c, i) =>
            totals(`co_${i}`, {
              sent: c.sent,
              attempted: c.sent,
              bySlot: Math.min(c.sent, c.awarded),
              charged: c.sent,
              chargedMicros: c.sent * c.price,
              fullPriceMicros: c.sent * c.price,
              poolMicros: c.pool,
            }),
          );
          const closing = closeRound({
            awards,
            providers: [
              provider(
                'pr_a',
                awards.reduce((sum, a) => sum + a.awarded, 0),
              ),
            ],
            totals: all,
            terms,
            carriedInMicros,
          });
          const entries = closingEntries({ queue: 'q', round: 1 }, 'USD', closing, 0);
          expect(entries.every((entry) => isBalanced(entry.legs))).toBe(true);
          expect(new Set(entries.map((entry) => entry.event)).size).toBe(entries.length);
          const posted = entries
            .flatMap((entry) => entry.legs)
            .filter((leg) => leg.account === '2400')
            .reduce((sum, leg) => sum + leg.micros, 0);
          // Charges brought −Σx into the pool before the close (a credit); the close takes out exactly that.
          expect(posted - companies.reduce((sum, c) => sum + c.pool, 0) + 0).toBe(0);
        },
      ),
    );
  });
});
