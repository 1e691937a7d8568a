import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../kernel/time.ts';
import {
  type Billing,
  cover,
  coveredThrough,
  dependsOnReview,
  earliestAt,
  latestAt,
  movementOf,
  releaseOf,
  roleOf,
  startCoverage,
} from './payable.ts';

/** The first of February 2026. */
const END = Date.UTC(2026, 1, 1);
const charges = { kind: 'charges', period: '2026-01', disputeDays: 30 } as const;
const shortfall = { ...charges, kind: 'shortfall' } as const;
/** 100.00 and 20 % tax, final on the third. */
const invoice = (coveredMicros: number, more: Partial<NonNullable<Billing['invoice']>> = {}): Billing => ({
  standing: 'good',
  invoice: {
    finalizedAt: END + 2 * DAY,
    subtotalMicros: 100_000_000,
    totalMicros: 120_000_000,
    coveredMicros,
    isWrittenOff: false,
    ...more,
  },
});

describe('a month of charges', () => {
  it('is payable when its cash is available and its dispute window has passed since its invoice was final, and not before', () => {
    const paid = invoice(120_000_000);
    expect(releaseOf({ ...charges, disputeDays: 10 }, paid, END + 12 * DAY)).toMatchObject({ because: 'collected' });
    expect(releaseOf({ ...charges, disputeDays: 10 }, paid, END + 12 * DAY - 1)).toMatchObject({
      because: 'window_open',
      expectedAt: END + 12 * DAY,
    });
    expect(releaseOf(charges, paid, END + 32 * DAY)).toEqual({ releases: 'all', because: 'collected' });
    expect(releaseOf(charges, paid, END + 32 * DAY - 1)).toEqual({
      releases: 'none',
      because: 'window_open',
      expectedAt: END + 32 * DAY,
    });
  });

  it('is paid from the market’s own funds 45 days after it ended, invoiced or not, but no shortfall fee', () => {
    expect(latestAt('2026-01')).toBe(END + 45 * DAY);
    const open: Billing = { invoice: null, standing: 'good' };
    expect(releaseOf(charges, open, END + 45 * DAY)).toEqual({ releases: 'all', because: 'advanced' });
    expect(releaseOf(charges, open, END + 45 * DAY - 1)).toMatchObject({
      because: 'not_invoiced',
      expectedAt: END + 45 * DAY,
    });
    expect(releaseOf(shortfall, open, END + 400 * DAY)).toMatchObject({ because: 'not_invoiced', expectedAt: null });
    expect(releaseOf(shortfall, invoice(120_000_000), END + 400 * DAY)).toMatchObject({ because: 'collected' });
  });

  it.each(['overdue', 'under_review'] as const)('waits however long where its company is %s', (standing) => {
    const unpaid = { ...invoice(0), standing };
    expect(releaseOf(charges, unpaid, END + 400 * DAY)).toEqual({
      releases: 'none',
      because: standing,
      expectedAt: null,
    });
  });

  it('is paid where its company has defaulted, which is the market’s loss; a shortfall fee is not', () => {
    const lost = { ...invoice(0, { isWrittenOff: true }), standing: 'overdue' as const };
    expect(releaseOf(charges, lost, END + 3 * DAY)).toEqual({ releases: 'all', because: 'written_off' });
    expect(releaseOf(shortfall, lost, END + 400 * DAY)).toMatchObject({ releases: 'none', because: 'overdue' });
  });

  it('is paid in part, by what was collected without its tax', () => {
    // 60.00 of 120.00 came: half of the 100.00 net.
    expect(releaseOf(charges, invoice(60_000_000), END + 33 * DAY)).toEqual({
      releases: 'part',
      because: 'part_collected',
      collectedMicros: 50_000_000,
    });
    expect(releaseOf(shortfall, invoice(60_000_000), END + 33 * DAY)).toMatchObject({ because: 'not_collected' });
  });
});

describe('what need not be read', () => {
  /** Of January: whatever its company pays and whenever its invoice is final after it, at any time within 100 days. */
  const draws = fc.record({
    earning: fc.record({
      kind: fc.constantFrom('charges' as const, 'shortfall' as const),
      period: fc.constant('2026-01'),
      disputeDays: fc.integer({ min: 1, max: 90 }),
    }),
    billing: fc.record({
      standing: fc.constantFrom('good' as const, 'overdue' as const),
      invoice: fc.option(
        fc.record({
          finalizedAt: fc.integer({ min: 0, max: 20 }).map((days) => END + days * DAY),
          subtotalMicros: fc.constant(100_000_000),
          totalMicros: fc.constant(120_000_000),
          coveredMicros: fc.constantFrom(0, 60_000_000, 120_000_000),
          isWrittenOff: fc.boolean(),
        }),
      ),
    }),
    now: fc.integer({ min: 0, max: 100 }).map((days) => END + days * DAY),
  });

  it('releases nothing before its earliest instant, unless the company has defaulted', () => {
    fc.assert(
      fc.property(draws, ({ earning, billing, now }) => {
        fc.pre(now < earliestAt(earning));
        const isLost = earning.kind === 'charges' && billing.invoice?.isWrittenOff === true;
        expect(releaseOf(earning, billing, now).releases).toBe(isLost ? 'all' : 'none');
      }),
    );
    expect(earliestAt(charges)).toBe(END + 30 * DAY);
    expect(earliestAt({ ...charges, disputeDays: 90 })).toBe(END + 45 * DAY);
    expect(earliestAt({ ...shortfall, disputeDays: 90 })).toBe(END + 90 * DAY);
  });

  it('releases the same whether its company is under review or not, where that is said to decide nothing', () => {
    fc.assert(
      fc.property(draws, ({ earning, billing, now }) => {
        const reviewed = releaseOf(earning, { ...billing, standing: 'under_review' }, now);
        const release = releaseOf(earning, billing, now);
        if (dependsOnReview(earning, billing, now)) expect(release).toMatchObject({ because: 'advanced' });
        else if (release.releases !== 'none') expect(reviewed).toEqual(release);
        else expect(reviewed.releases).toBe('none');
      }),
    );
    const unpaid = invoice(0);
    expect(dependsOnReview(charges, unpaid, END + 45 * DAY - 1)).toBe(false);
    expect(dependsOnReview(charges, unpaid, END + 45 * DAY)).toBe(true);
    expect(dependsOnReview(charges, { ...unpaid, standing: 'overdue' }, END + 45 * DAY)).toBe(false);
    expect(dependsOnReview(charges, invoice(120_000_000), END + 45 * DAY)).toBe(false);
  });
});

describe('a part payment', () => {
  const walk = (collected: number, charged: readonly [string, number, number][]) =>
    charged.reduce(
      (state, [period, postedAt, micros]) => cover(state, { period, postedAt, micros }),
      startCoverage(collected),
    );

  it('releases the oldest charges first, over all months of its invoice', () => {
    const all: [string, number, number][] = [
      ['2026-01', 10, 3],
      ['2026-01', 20, 3],
      ['2026-02', 30, 3],
      ['2026-02', 40, 3],
      ['2026-03', 50, 3],
    ];
    const state = walk(10, all);
    expect(coveredThrough(state, '2026-01')).toBe('all');
    // 3 + 3 + 3 are covered by 10, the fourth is not.
    expect(coveredThrough(state, '2026-02')).toBe(39);
    expect(coveredThrough(state, '2026-03')).toBeNull();
  });

  it('counts no credit as something to be paid, and covers all where it covers the sum', () => {
    expect(
      coveredThrough(
        walk(6, [
          ['2026-01', 10, 3],
          ['2026-01', 15, -2],
          ['2026-01', 20, 3],
        ]),
        '2026-01',
      ),
    ).toBe('all');
  });
});

describe('an entry of the ledger', () => {
  it.each([
    ['charge#r1', 'charges'],
    ['split#r1#pr_x', 'charges'],
    ['sla#r1', 'charges'],
    ['round#q#3#shortfall#co_a#pr_b', 'shortfall'],
    ['payout#pr_b.EUR.w', 'payout'],
    ['payout-failed#pr_b.EUR.w', 'adjustment'],
    ['dispute-opened#d1', 'adjustment'],
    ['bt-created#txn_1', 'adjustment'],
  ])('%s counts among %s', (event, role) => {
    expect(roleOf(event)).toBe(role);
  });

  it('moves a provider’s pay by its own legs in 2100, and by no other', () => {
    const entry = {
      event: 'charge#r1',
      kind: 'charge' as const,
      occurredAt: '2026-01-05T00:00:00.000Z',
      period: '2026-01',
      currency: 'EUR' as const,
      legs: [
        { account: '1100' as const, of: 'co_a', micros: 110 },
        { account: '2100' as const, of: 'pr_b', micros: -100 },
        { account: '4100' as const, of: null, micros: -10 },
      ],
      facts: { request: 'r1', company: 'co_a' },
    };
    expect(movementOf(entry, 'pr_b', 7)).toMatchObject({ micros: 100, company: 'co_a', request: 'r1', postedAt: 7 });
    expect(movementOf(entry, 'pr_c', 7)).toBeNull();
  });
});
