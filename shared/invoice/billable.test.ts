import { describe, expect, it } from 'vitest';
import type { EntryView, Leg } from '../ledger/ledger.ts';
import { addEntry, groupKey, groupOf, movesEarlier, nothingBillable, totalOf } from './billable.ts';

const COMPANY = 'co_a';
const entry = (kind: EntryView['kind'], micros: number, facts: EntryView['facts'] = {}, of = COMPANY): EntryView => ({
  event: 'e',
  kind,
  occurredAt: '2026-01-05T00:00:00.000Z',
  period: '2026-01',
  currency: 'USD',
  legs: [
    { account: '1100', of, micros },
    { account: '4100', of: null, micros: -micros },
  ],
  facts,
});
const fold = (...entries: EntryView[]) => {
  const billable = nothingBillable();
  for (const one of entries) addEntry(billable, one, COMPANY);
  return billable;
};

describe('what a company is billed for', () => {
  it('counts charges by queue, round and kind: silence is assumed, overflow is overflow whatever the outcome', () => {
    const of = { queue: 'cards', round: 3 };
    const { groups, credits, carriedMicros } = fold(
      entry('charge', 500, { ...of, outcome: 'confirmed', route: 'slot' }),
      entry('charge', 700, { ...of, outcome: 'confirmed', route: 'slot' }),
      entry('charge', 350, { ...of, outcome: 'assumed', route: 'slot' }),
      entry('charge', 90, { ...of, outcome: 'assumed', route: 'overflow' }),
      entry('charge', 80, { ...of, outcome: 'confirmed', route: 'overflow' }),
      entry('charge', 60, { ...of, round: 4, outcome: 'confirmed', route: 'slot' }),
      entry('charge', 50, { ...of, queue: 'loans', outcome: 'confirmed', route: 'slot' }),
    );
    expect([...groups]).toEqual([
      ['cards#000003#confirmed', { kind: 'confirmed', queue: 'cards', round: 3, quantity: 2, micros: 1_200 }],
      ['cards#000003#assumed', { kind: 'assumed', queue: 'cards', round: 3, quantity: 1, micros: 350 }],
      ['cards#000003#overflow', { kind: 'overflow', queue: 'cards', round: 3, quantity: 2, micros: 170 }],
      ['cards#000004#confirmed', { kind: 'confirmed', queue: 'cards', round: 4, quantity: 1, micros: 60 }],
      ['loans#000003#confirmed', { kind: 'confirmed', queue: 'loans', round: 3, quantity: 1, micros: 50 }],
    ]);
    expect([credits.size, carriedMicros]).toEqual([0, 0]);
  });

  it('counts a charge of nothing as a resolution, and a shortfall fee as an amount without one', () => {
    const of = { queue: 'cards', round: 1 };
    const { groups } = fold(
      entry('charge', 0, { ...of, outcome: 'confirmed', route: 'slot' }),
      entry('shortfall', 900, of),
    );
    expect([...groups.values()]).toEqual([
      { kind: 'confirmed', queue: 'cards', round: 1, quantity: 1, micros: 0 },
      { kind: 'shortfall', queue: 'cards', round: 1, quantity: 0, micros: 900 },
    ]);
  });

  it.each([
    ['sla_credit', 'sla_credit'],
    ['release_credit', 'release_credit'],
    ['true_up', 'true_up'],
    ['shortfall_correction', 'shortfall_correction'],
    ['dispute_opened', 'dispute'],
    ['dispute_accepted', 'dispute'],
    ['dispute_rejected', 'dispute'],
    ['adjustment', 'adjustment'],
    ['account_closed', 'adjustment'],
    // A fee that is taken back is none.
    ['shortfall', 'adjustment'],
  ] as const)('names what lowers it: %s is %s', (kind, cause) => {
    const { credits, groups, carriedMicros } = fold(entry(kind, -300), entry(kind, -20));
    expect([...credits]).toEqual([[cause, 320]]);
    expect([groups.size, carriedMicros]).toEqual([0, 0]);
  });

  it('takes back a credit by what was posted against it', () => {
    expect([...fold(entry('dispute_opened', -500), entry('dispute_rejected', 500)).credits]).toEqual([['dispute', 0]]);
    expect([...fold(entry('adjustment', 40)).credits]).toEqual([['adjustment', -40]]);
  });

  it.each(['invoice_final', 'invoice_void', 'credit_note'] as const)(
    'carries over what invoices moved since: %s',
    (kind) => {
      const { credits, groups, carriedMicros } = fold(entry(kind, -3), entry(kind, 10));
      expect([carriedMicros, credits.size, groups.size]).toEqual([7, 0, 0]);
    },
  );

  it('leaves out what moves nothing, and other companies', () => {
    const { credits, groups, carriedMicros } = fold(entry('sla_credit', 0), entry('true_up', -5, {}, 'co_b'));
    expect([credits.size, groups.size, carriedMicros]).toEqual([0, 0, 0]);
    const { groups: ofCharge } = fold(entry('charge', 9, { queue: 'q', round: 1, outcome: 'confirmed' }, 'co_b'));
    expect([...ofCharge.values()].map(({ micros }) => micros)).toEqual([0]);
  });

  it('counts only what stands in 1100, all legs of it together', () => {
    const legs: Leg[] = [
      { account: '1100', of: COMPANY, micros: 10 },
      { account: '1100', of: COMPANY, micros: 5 },
      { account: '1110', of: COMPANY, micros: -15 },
    ];
    expect(totalOf(fold({ ...entry('dispute_rejected', 0), legs }))).toBe(15);
  });

  it('is groups less credits, with what was carried over', () => {
    const billable = nothingBillable(7);
    addEntry(billable, entry('charge', 1_000, { queue: 'q', round: 1 }), COMPANY);
    addEntry(billable, entry('charge', 500, { queue: 'r', round: 1 }), COMPANY);
    addEntry(billable, entry('sla_credit', -100), COMPANY);
    addEntry(billable, entry('true_up', -50), COMPANY);
    // 1,000 + 500 − 100 − 50 + 7
    expect(totalOf(billable)).toBe(1_357);
    expect(totalOf(nothingBillable())).toBe(0);
    expect(totalOf(nothingBillable(-3))).toBe(-3);
  });
});

describe('the group of an entry', () => {
  it('is that of its line, so that a line leads to its charges', () => {
    expect(groupOf(entry('charge', 1, { queue: 'cards', round: 12, outcome: 'confirmed', route: 'slot' }))).toBe(
      'cards#000012#confirmed',
    );
    expect(groupOf(entry('charge', 1, { queue: 'cards', round: 12, outcome: 'assumed', route: 'slot' }))).toBe(
      'cards#000012#assumed',
    );
    expect(groupOf(entry('charge', 1, { queue: 'cards', round: 12, outcome: 'assumed', route: 'overflow' }))).toBe(
      'cards#000012#overflow',
    );
    expect(groupOf(entry('shortfall', 1, { queue: 'cards', round: 12 }))).toBe('cards#000012#shortfall');
    expect(groupOf(entry('sla_credit', 1, { queue: 'cards', round: 12 }))).toBeUndefined();
    expect(groupOf(entry('charge', 1))).toBe('#000000#confirmed');
    expect(groupKey('adjustment', null, null)).toBe('#000000#adjustment');
  });

  it('is where the fold puts it', () => {
    for (const one of [
      entry('charge', 1, { queue: 'cards', round: 2, outcome: 'assumed' }),
      entry('charge', 1, { queue: 'cards', round: 2, route: 'overflow' }),
      entry('shortfall', 1, { queue: 'cards', round: 2 }),
      entry('charge', 1),
    ])
      expect([...fold(one).groups.keys()]).toEqual([groupOf(one)]);
  });
});

describe('what is posted after a month’s cut-off', () => {
  it.each(['invoice_final', 'invoice_void', 'credit_note', 'account_closed'] as const)(
    'counts for a plan made later where it is of an invoice or ends the account: %s',
    (kind) => {
      expect(movesEarlier(entry(kind, 5), '2026-01')).toBe(true);
    },
  );

  it('counts where it lowers 1100 of a month up to the cut-off; what adds is billed with its own month', () => {
    const late = { closedPeriod: '2026-01' };
    expect(movesEarlier(entry('dispute_opened', -5, late), '2026-01')).toBe(true);
    expect(movesEarlier(entry('dispute_opened', -5, late), '2026-02')).toBe(true);
    expect(movesEarlier(entry('dispute_opened', -5, late), '2025-12')).toBe(false);
    expect(movesEarlier(entry('dispute_opened', -5), '2026-01')).toBe(false);
    expect(movesEarlier(entry('dispute_rejected', 5, late), '2026-01')).toBe(false);
    expect(movesEarlier(entry('sla_credit', 0, late), '2026-01')).toBe(false);
    // Only 1100 says so: what falls in another account does not.
    const legs: Leg[] = [
      { account: '2110', of: 'pr_b', micros: -9 },
      { account: '1100', of: COMPANY, micros: 9 },
    ];
    expect(movesEarlier({ ...entry('dispute_accepted', 0, late), legs }, '2026-01')).toBe(false);
  });
});
