import { describe, expect, it } from 'vitest';
import { testInvoice } from './invoice.examples.ts';
import type { InvoiceState } from './invoice.ts';
import { decideSync, overdueEvent, paymentFailedEvent, type SeenInvoice } from './sync.ts';

const FINAL = Date.UTC(2026, 1, 3, 4);
const DUE = Date.UTC(2026, 1, 10);
const PAID = Date.UTC(2026, 1, 5);
const VOID = Date.UTC(2026, 1, 6);
const seen = (set: Partial<SeenInvoice> = {}): SeenInvoice => ({
  status: 'open',
  number: 'P-0001',
  paidCents: 0,
  remainingCents: 119_00,
  creditedCents: 0,
  finalizedAt: FINAL,
  dueAt: DUE,
  paidAt: null,
  voidedAt: null,
  ...set,
});
const open = testInvoice({
  state: 'open',
  number: 'P-0001',
  taxMicros: 19_000_000,
  totalMicros: 119_000_000,
  creditAppliedMicros: 4_000_000,
  remainingMicros: 115_000_000,
  finalizedAt: '2026-02-03T04:00:00.000Z',
  dueAt: '2026-02-10T00:00:00.000Z',
});
const shown = {
  invoice: 'co_a.USD.2026-01.v0',
  number: 'P-0001',
  period: '2026-01',
  currency: 'USD',
  totalMicros: 119_000_000,
  dueAt: '2026-02-10T00:00:00.000Z',
};
const about = { tenant: 'co_a', subject: 'co_a.USD.2026-01.v0' };
// What was to be paid at first: 119 less 4 of credit.
const finalized = { ...about, type: 'invoice.finalized', at: FINAL, data: { ...shown, remainingMicros: 115_000_000 } };

describe('our invoice after Stripe’s', () => {
  const STATES = ['open', 'paid', 'uncollectible', 'void'] as const;
  /** What each state of ours becomes where Stripe's is one of `STATES`. */
  it.each<[InvoiceState, readonly (InvoiceState | undefined)[]]>([
    ['open', ['open', 'paid', 'uncollectible', 'void']],
    ['uncollectible', ['uncollectible', 'paid', 'uncollectible', 'void']],
    ['paid', ['paid', 'paid', 'paid', 'paid']],
    ['void', ['void', 'void', 'void', 'void']],
    // Its close has to make it final first.
    ['planned', [undefined, undefined, undefined, undefined]],
    ['draft', [undefined, undefined, undefined, undefined]],
  ])('goes one way: from %s to %j', (state, after) => {
    const to = STATES.map((status) => decideSync({ ...open, state }, seen({ status }))?.set.state);
    expect(to).toEqual(after);
  });

  it('does not follow a draft, nor what was dropped', () => {
    const nothing = { set: {}, events: [] };
    expect(decideSync({ ...open, state: 'planned' }, seen({ status: 'draft' }))).toEqual(nothing);
    expect(decideSync(open, seen({ status: 'draft' }))).toEqual(nothing);
    expect(decideSync({ ...open, state: 'dropped' }, seen())).toEqual(nothing);
  });

  it('takes over what was paid, what is left and what was credited, in micro-units', () => {
    expect(decideSync(open, seen({ paidCents: 50_00, remainingCents: 62_00, creditedCents: 3_00 }))).toEqual({
      set: {
        state: 'open',
        number: 'P-0001',
        paidMicros: 50_000_000,
        remainingMicros: 62_000_000,
        creditedMicros: 3_000_000,
        finalizedAt: '2026-02-03T04:00:00.000Z',
        dueAt: '2026-02-10T00:00:00.000Z',
        paidAt: null,
      },
      events: [{ ...finalized }],
    });
  });

  it('learns its number and dates once, and keeps them', () => {
    const bare = { ...open, number: null, finalizedAt: null, dueAt: null };
    expect(decideSync(bare, seen())?.set).toMatchObject({
      number: 'P-0001',
      finalizedAt: '2026-02-03T04:00:00.000Z',
      dueAt: '2026-02-10T00:00:00.000Z',
    });
    expect(decideSync(bare, seen({ number: null, finalizedAt: null, dueAt: null }))).toMatchObject({
      set: { number: null, finalizedAt: null, dueAt: null },
      events: [],
    });
    const later = seen({ number: null, finalizedAt: FINAL + 1, dueAt: DUE + 1 });
    expect(decideSync(open, later)?.set).toMatchObject({
      number: 'P-0001',
      finalizedAt: '2026-02-03T04:00:00.000Z',
      dueAt: '2026-02-10T00:00:00.000Z',
    });
  });

  it('tells that it was paid, from the instant when it was', () => {
    const paid = decideSync(open, seen({ status: 'paid', paidCents: 115_00, remainingCents: 0, paidAt: PAID }));
    expect(paid?.set).toMatchObject({ state: 'paid', paidAt: '2026-02-05T00:00:00.000Z', remainingMicros: 0 });
    expect(paid?.events).toEqual([
      finalized,
      { ...about, type: 'invoice.paid', at: PAID, data: { ...shown, remainingMicros: 0 } },
    ]);
    // Stripe may say 'paid' before it says when.
    const unknown = decideSync(open, seen({ status: 'paid', remainingCents: 0 }));
    expect(unknown?.set.paidAt).toBeNull();
    expect(unknown?.events.map(({ type }) => type)).toEqual(['invoice.finalized']);
    // The first instant stays.
    const kept = { ...open, state: 'paid' as const, paidAt: '2026-02-04T00:00:00.000Z' };
    expect(decideSync(kept, seen({ status: 'paid', paidAt: PAID }))?.set.paidAt).toBe('2026-02-04T00:00:00.000Z');
  });

  it('is not paid before it is: the instant is left alone', () => {
    expect(decideSync(open, seen({ paidAt: PAID }))?.set.paidAt).toBeNull();
  });

  it('has nothing left to pay once it is void, and tells so', () => {
    const voided = decideSync(open, seen({ status: 'void', voidedAt: VOID }));
    expect(voided?.set).toMatchObject({ state: 'void', remainingMicros: 0 });
    expect(voided?.events).toEqual([
      finalized,
      { ...about, type: 'invoice.voided', at: VOID, data: { ...shown, remainingMicros: 0 } },
    ]);
    const paid = decideSync({ ...open, state: 'paid' }, seen({ status: 'void', voidedAt: VOID }));
    expect(paid?.events.map(({ type }) => type)).toEqual(['invoice.finalized']);
    expect(decideSync(open, seen({ status: 'void' }))?.events.map(({ type }) => type)).toEqual(['invoice.finalized']);
  });
});

describe('what a company is told', () => {
  it('is that an attempt to collect failed, each by its number', () => {
    expect(paymentFailedEvent(open, 2, PAID)).toEqual({
      ...about,
      type: 'invoice.payment_failed',
      at: PAID,
      data: { ...shown, remainingMicros: 115_000_000, attempt: 2 },
      effect: 'attempt 2',
    });
  });

  it('is that it is overdue, from its due date on while something is left', () => {
    expect(overdueEvent(open, DUE)).toEqual({
      ...about,
      type: 'invoice.overdue',
      at: DUE,
      data: { ...shown, remainingMicros: 115_000_000 },
    });
    expect(overdueEvent(open, DUE - 1)).toBeUndefined();
    for (const set of [{ dueAt: null }, { state: 'paid' as const }, { remainingMicros: 0 }])
      expect(overdueEvent({ ...open, ...set }, DUE)).toBeUndefined();
  });
});
