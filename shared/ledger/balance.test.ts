import { describe, expect, it } from 'vitest';
import {
  balanceIn,
  chargeOf,
  isEven,
  linesOf,
  mergeOwners,
  netOf,
  rowsWhere,
  sumOf,
  withoutOwners,
} from './balance.ts';
import { addRow, addTo, emptyFold, type FoldRow, isOwn, rowKey } from './fold.ts';
import { movedBy, totalOf } from './history.ts';
import type { AccountLine, EntryView, Leg } from './ledger.ts';

const row = (account: FoldRow['account'], of: string | null, debitMicros: number, creditMicros = 0): FoldRow => ({
  currency: 'USD',
  account,
  of,
  debitMicros,
  creditMicros,
});
const rows = (...all: FoldRow[]) => new Map(all.map((one) => [rowKey(one), one]));
const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });
const entry = (legs: Leg[], facts: EntryView['facts'] = {}): EntryView => ({
  event: 'charge#1',
  kind: 'charge',
  occurredAt: '2026-01-05T00:00:00.000Z',
  period: '2026-01',
  currency: 'USD',
  legs,
  facts,
});
const CHARGE = entry([
  leg('1100', 'co_a', 1_200),
  leg('2100', 'pr_b', -1_000),
  leg('4100', null, -50),
  leg('2400', 'q#1', -200),
  leg('2410', 'q', 50),
]);

describe('a fold', () => {
  it('of a company’s list keeps its own legs, those of its invoices too, and no other’s', () => {
    const fold = emptyFold();
    addTo(fold, { side: 'company', owner: 'co_a' }, CHARGE);
    addTo(
      fold,
      { side: 'company', owner: 'co_a' },
      entry([leg('1200', 'co_a.USD.2026-01.v0', 7), leg('1100', 'co_a', -7)]),
    );
    expect(fold).toEqual({
      entries: 2,
      rows: rows(row('1100', 'co_a', 1_200, 7), row('1200', 'co_a.USD.2026-01.v0', 7)),
    });
  });

  it('of a provider’s list keeps all legs, its own and pools by owner, those of companies as one', () => {
    const fold = emptyFold();
    addTo(fold, { side: 'provider', owner: 'pr_b' }, CHARGE);
    addTo(fold, { side: 'provider', owner: 'pr_b' }, entry([leg('1100', 'co_c', 5), leg('2100', 'pr_b', -5)]));
    expect(fold.rows).toEqual(
      rows(
        row('1100', null, 1_205),
        row('2100', 'pr_b', 0, 1_005),
        row('4100', null, 0, 50),
        row('2400', 'q#1', 0, 200),
        row('2410', 'q', 50),
      ),
    );
  });

  it('belongs to whose name it is, not to whose name begins alike', () => {
    expect(isOwn({ of: 'co_a' }, 'co_a')).toBe(true);
    expect(isOwn({ of: 'co_a.USD.2026-01.v0' }, 'co_a')).toBe(true);
    expect(isOwn({ of: 'co_ab' }, 'co_a')).toBe(false);
    expect(isOwn({ of: null }, 'co_a')).toBe(false);
  });

  it('throws where a sum is no safe integer any more, on either side', () => {
    const most = Number.MAX_SAFE_INTEGER;
    for (const [debit, credit] of [
      [most, 0],
      [0, most],
    ] as const) {
      const all = rows(row('1100', 'co_a', debit, credit));
      expect(() => addRow(all, row('1100', 'co_a', 1, 1))).toThrow('USD#1100#co_a exceeds a safe integer');
    }
    const full = new Map<string, FoldRow>();
    addRow(full, row('1100', 'co_a', most));
    expect(full.size).toBe(1);
  });

  it('never changes the rows that it adds', () => {
    const one = row('1100', 'co_a', 5);
    const sum = sumOf([rows(one), rows(one)]);
    expect(sum).toEqual(rows(row('1100', 'co_a', 10)));
    expect(one).toEqual(row('1100', 'co_a', 5));
  });
});

describe('balances', () => {
  it('are what is left of both sides; what came to nothing is no balance', () => {
    const left = netOf(
      rows(row('1100', 'co_a', 9), row('1200', 'i', 4, 4)),
      rows(row('1100', 'co_a', 0, 2), row('2100', 'pr_b', 1, 3)),
    );
    expect(left).toEqual(rows(row('1100', 'co_a', 7), row('2100', 'pr_b', 0, 2)));
  });

  it('of one account are debit positive, nothing where there is none', () => {
    const all = rows(row('2100', 'pr_b', 1, 3));
    expect(balanceIn(all, { currency: 'USD', account: '2100', of: 'pr_b' })).toBe(-2);
    expect(balanceIn(all, { currency: 'EUR', account: '2100', of: 'pr_b' })).toBe(0);
    expect(balanceIn(all, { currency: 'USD', account: '2100', of: null })).toBe(0);
  });

  it('become lines of one currency, in order, with opening, movements and closing', () => {
    const opening = rows(row('2100', 'pr_b', 0, 30), row('1100', 'co_a', 20), {
      ...row('1100', 'co_a', 99),
      currency: 'EUR',
    });
    const moved = rows(row('1100', 'co_a', 5, 8), row('4100', null, 0, 1));
    expect(linesOf(opening, moved, 'USD')).toEqual([
      {
        account: '1100',
        name: 'unbilled',
        of: 'co_a',
        openingMicros: 20,
        debitMicros: 5,
        creditMicros: 8,
        closingMicros: 17,
      },
      {
        account: '2100',
        name: 'payable',
        of: 'pr_b',
        openingMicros: -30,
        debitMicros: 0,
        creditMicros: 0,
        closingMicros: -30,
      },
      { account: '4100', name: 'fee', of: null, openingMicros: 0, debitMicros: 0, creditMicros: 1, closingMicros: -1 },
    ]);
  });

  it('merge owners without changing the lines themselves', () => {
    const lines = linesOf(
      rows(row('1100', 'co_a', 1), row('1100', 'co_b', 2)),
      rows(row('1100', 'co_b', 10, 4)),
      'USD',
    );
    const before = structuredClone(lines);
    expect(mergeOwners(lines)).toEqual([
      {
        account: '1100',
        name: 'unbilled',
        of: null,
        openingMicros: 3,
        debitMicros: 10,
        creditMicros: 4,
        closingMicros: 9,
      },
    ]);
    expect(lines).toEqual(before);
    expect(withoutOwners(rows(row('1200', 'i', 1), row('1200', 'j', 2)), 'co_a')).toEqual(rows(row('1200', 'co_a', 3)));
    expect(withoutOwners(rows(row('1200', 'i', 1)))).toEqual(rows(row('1200', null, 1)));
    expect(rowsWhere(rows(row('1200', 'i', 1), row('1100', 'i', 2)), ({ account }) => account === '1100')).toEqual(
      rows(row('1100', 'i', 2)),
    );
  });

  it('are even where both what was before and what moved is', () => {
    const line = (openingMicros: number, debitMicros: number, creditMicros: number): AccountLine => ({
      account: '1100',
      name: '',
      of: null,
      openingMicros,
      debitMicros,
      creditMicros,
      closingMicros: 0,
    });
    expect(isEven([])).toBe(true);
    expect(isEven([line(5, 3, 0), line(-5, 0, 3)])).toBe(true);
    expect(isEven([line(5, 0, 0), line(-4, 0, 0)])).toBe(false);
    expect(isEven([line(0, 1, 0), line(0, 0, 2)])).toBe(false);
    // The one fault hides the other only in a sum of both.
    expect(isEven([line(1, 0, 1)])).toBe(false);
  });
});

describe('a history', () => {
  it('has what an entry moves on the account, of one owner or of everybody, in one currency', () => {
    const two = entry([leg('1100', 'co_a', 3), leg('1100', 'co_b', 4), leg('4100', null, -7)]);
    expect(movedBy(two, { account: '1100', of: null, currency: 'USD' })).toBe(7);
    expect(movedBy(two, { account: '1100', of: 'co_b', currency: 'USD' })).toBe(4);
    expect(movedBy(two, { account: '1100', of: 'co_c', currency: 'USD' })).toBeNull();
    expect(movedBy(two, { account: '1100', of: null, currency: 'EUR' })).toBeNull();
    expect(movedBy(two, { account: '5900', of: null, currency: 'USD' })).toBeNull();
  });

  it('totals its lines', () => {
    const lines = linesOf(
      rows(row('1100', 'co_a', 1), row('1100', 'co_b', 2)),
      rows(row('1100', 'co_b', 10, 4)),
      'USD',
    );
    expect(totalOf(lines)).toEqual({ openingMicros: 3, debitMicros: 10, creditMicros: 4, closingMicros: 9 });
    expect(totalOf([])).toEqual({ openingMicros: 0, debitMicros: 0, creditMicros: 0, closingMicros: 0 });
  });
});

describe('a charge', () => {
  const facts = {
    request: 'rq_1',
    company: 'co_a',
    provider: 'pr_b',
    queue: 'q',
    round: 3,
    outcome: 'assumed',
    route: 'overflow',
    lease: 'l_1',
  };
  it('is to each side what it is charged or paid', () => {
    expect(chargeOf({ ...CHARGE, facts }, 'company')).toEqual({
      event: 'charge#1',
      ...facts,
      micros: 1_200,
      currency: 'USD',
      occurredAt: '2026-01-05T00:00:00.000Z',
      period: '2026-01',
    });
    expect(chargeOf({ ...CHARGE, facts }, 'provider').micros).toBe(1_000);
  });

  it('of nothing is of nothing, confirmed and from a slot unless it says otherwise', () => {
    expect(chargeOf(entry([]), 'company')).toMatchObject({
      micros: 0,
      round: 0,
      queue: '',
      outcome: 'confirmed',
      route: 'slot',
    });
  });
});
