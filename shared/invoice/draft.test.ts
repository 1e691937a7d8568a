import { describe, expect, it } from 'vitest';
import type { EntryView } from '../ledger/ledger.ts';
import { type Cause, totalOf } from './billable.ts';
import { addEarlier, addLater, beginFold, earlierOf, endFold, isOfCharge, isWorthPlanning } from './draft.ts';
import type { Plan } from './plan.ts';
import { NO_VOLUMES } from './variance.ts';

const of = { company: 'co_a', currency: 'USD' as const, period: '2026-03' };
const plan = (set: Partial<Plan> = {}): Plan => ({
  company: 'co_a',
  currency: 'USD',
  period: '2026-02',
  invoice: 'co_a.USD.2026-02.v0',
  reason: null,
  balanceMicros: 50_004_321,
  invoicedMicros: 50_000_000,
  since: '2026-01',
  baseMicros: 77,
  belowFloorMonths: 0,
  volumes: NO_VOLUMES,
  ...set,
});
const carried = (belowFloorMonths = 1) => plan({ invoice: null, reason: 'below_floor', belowFloorMonths });
const at = (balanceMicros: number) => ({ balanceMicros, sums: undefined });
const entry = (kind: EntryView['kind'], micros: number, facts: EntryView['facts'] = {}): EntryView => ({
  event: 'e',
  kind,
  occurredAt: '2026-03-05T00:00:00.000Z',
  period: '2026-03',
  currency: 'USD',
  legs: [{ account: '1100', of: 'co_a', micros }],
  facts: { queue: 'cards', round: 1, outcome: 'confirmed', ...facts },
});

describe('a plan begins', () => {
  it('with everything where there was none before', () => {
    expect(beginFold(of, undefined, '2025-11')).toMatchObject({ since: '2025-11', baseMicros: 0, seen: false });
  });

  it('after the month that was billed, with what stood unbilled at its end', () => {
    const fold = beginFold(of, plan(), '2025-11');
    expect(fold).toMatchObject({ since: '2026-03', baseMicros: 50_004_321 });
    expect(totalOf(fold.billable)).toBe(50_004_321);
  });

  it('where the one before began, with what that began with, where that billed nothing', () => {
    expect(beginFold(of, carried(), '2025-11')).toMatchObject({ since: '2026-01', baseMicros: 77 });
  });

  it('with what those months came to, and reads none of them again, where that was kept', () => {
    const charged = { kind: 'confirmed' as const, queue: 'cards', round: 1, quantity: 3, micros: 9_000_000 };
    const sums = {
      groups: [charged],
      credits: [['sla_credit' as const, 1_000_000] as [Cause, number]],
      carriedMicros: 77,
    };
    const fold = beginFold(of, { ...carried(), sums }, '2025-11');
    expect(fold).toMatchObject({ since: '2026-01', from: '2026-03', baseMicros: 77, seen: true });
    addEarlier(fold, entry('charge', 5_000_000), '2026-02');
    addEarlier(fold, entry('charge', 2_000_000), '2026-03');
    const earlier = earlierOf(fold);
    addLater(fold, entry('dispute_opened', -500_000), '2026-02');
    expect(earlier).toEqual({
      balanceMicros: 10_000_077,
      sums: { ...sums, groups: [{ ...charged, quantity: 4, micros: 11_000_000 }] },
    });
    expect(endFold(fold, earlier)).toMatchObject({
      ...earlier,
      owedMicros: 9_500_077,
      volumes: { items: { 'cards#confirmed': [1, 2_000_000] }, otherMicros: 0 },
    });
  });

  it('by reading those months again where they came to too much to keep', () => {
    const fold = beginFold(of, undefined, '2026-03');
    for (let round = 1; round <= 200; round++) addEarlier(fold, entry('charge', 1, { round }), '2026-03');
    expect(earlierOf(fold).sums?.groups).toHaveLength(200);
    addEarlier(fold, entry('charge', 1, { round: 201 }), '2026-03');
    expect(earlierOf(fold)).toEqual({ balanceMicros: 201, sums: undefined });
    expect(beginFold(of, { ...carried(), sums: undefined }, '2025-11')).toMatchObject({
      since: '2026-01',
      from: '2026-01',
    });
  });
});

describe('a plan bills', () => {
  it('the months that no invoice has billed, and counts the month itself for its volumes', () => {
    const fold = beginFold(of, carried(), '2025-11');
    addEarlier(fold, entry('charge', 9_000_000), '2025-12');
    expect(fold.seen).toBe(false);
    addEarlier(fold, entry('charge', 30_000_000), '2026-01');
    addEarlier(fold, entry('charge', 4_000_000), '2026-03');
    addEarlier(fold, entry('true_up', -1_000_000), '2026-03');
    const draft = endFold(fold, at(33_000_077));
    expect(draft).toMatchObject({
      ...of,
      since: '2026-01',
      baseMicros: 77,
      balanceMicros: 33_000_077,
      owedMicros: 33_000_077,
      reason: null,
      belowFloorMonths: 0,
      drafted: { totalMicros: 33_000_000 },
      volumes: { items: { 'cards#confirmed': [1, 4_000_000] }, otherMicros: -1_000_000 },
    });
    expect(fold.seen).toBe(true);
    expect(isWorthPlanning(fold, draft)).toBe(true);
  });

  it('less what later entries took: disputes by the month of their charge, invoices always, what only adds never', () => {
    const fold = beginFold(of, undefined, '2026-03');
    addEarlier(fold, entry('charge', 40_000_000), '2026-03');
    addLater(fold, entry('dispute_opened', -5_000_000), '2026-03');
    addLater(fold, entry('dispute_opened', -6_000_000), '2026-04');
    addLater(fold, entry('dispute_opened', -7_000_000), undefined);
    addLater(fold, entry('invoice_final', -1), undefined);
    addLater(fold, entry('charge', 8_000_000), undefined);
    addLater(fold, entry('sla_credit', -2_000_000, { closedPeriod: '2026-03' }), undefined);
    expect(endFold(fold, at(40_000_000))).toMatchObject({
      balanceMicros: 40_000_000,
      owedMicros: 32_999_999,
      drafted: { totalMicros: 32_990_000 },
      // Of the month itself, whatever later ones did to it.
      volumes: { items: { 'cards#confirmed': [1, 40_000_000] }, otherMicros: 0 },
    });
  });

  it('nothing below the floor three times, and then all of it', () => {
    for (const [before, reason, months] of [
      [undefined, 'below_floor', 1],
      [carried(2), 'below_floor', 3],
      [carried(3), null, 0],
      // Only months that were below the floor in a row count.
      [plan({ invoice: null, reason: 'credit_balance', belowFloorMonths: 3 }), 'below_floor', 1],
    ] as const) {
      const fold = beginFold(of, before, '2026-01');
      addEarlier(fold, entry('charge', 10_000_000), '2026-03');
      const draft = endFold(fold, at(10_000_000));
      expect([draft.reason, draft.belowFloorMonths]).toEqual([reason, months]);
      expect(draft.drafted.totalMicros > 0).toBe(reason === null);
      if (reason !== null) expect(draft.drafted).toEqual({ lines: [], details: [], totalMicros: 0 });
    }
  });

  it('is not made for a currency in which nothing was ever charged', () => {
    const empty = beginFold(of, undefined, '2026-01');
    expect(isWorthPlanning(empty, endFold(empty, at(0)))).toBe(false);
    const inCredit = beginFold(of, undefined, '2026-01');
    addLater(inCredit, entry('credit_note', -5), undefined);
    expect(isWorthPlanning(inCredit, endFold(inCredit, at(0)))).toBe(true);
    const owed = beginFold(of, plan({ balanceMicros: 30_000_000 }), '2026-01');
    expect(isWorthPlanning(owed, endFold(owed, at(0)))).toBe(true);
    const left = beginFold(of, plan({ balanceMicros: 5 }), '2026-01');
    expect(isWorthPlanning(left, endFold(left, at(5)))).toBe(false);
  });

  it('tells what is of a charge by its kind', () => {
    const kinds = ['dispute_opened', 'dispute_accepted', 'dispute_rejected', 'credit_note', 'charge'] as const;
    expect(kinds.map((kind) => isOfCharge(entry(kind, 1)))).toEqual([true, true, true, false, false]);
  });
});
