import { describe, expect, it } from 'vitest';
import { isLongOverdue, isOverdue } from './dunning.ts';
import { testInvoice } from './invoice.examples.ts';

const DUE = Date.UTC(2026, 1, 10, 12);
const TEN_DAYS = 10 * 24 * 60 * 60 * 1_000;
const invoice = testInvoice({ state: 'open', remainingMicros: 1, dueAt: '2026-02-10T12:00:00.000Z' });

describe('an unpaid invoice', () => {
  it('is overdue from its due instant on, long overdue ten days later', () => {
    expect([DUE - 1, DUE].map((now) => isOverdue(invoice, now))).toEqual([false, true]);
    expect([DUE + TEN_DAYS - 1, DUE + TEN_DAYS].map((now) => isLongOverdue(invoice, now))).toEqual([false, true]);
  });

  it.each([
    ['has no due date', { dueAt: null }],
    ['has nothing left to pay', { remainingMicros: 0 }],
    ['is paid', { state: 'paid' as const }],
    ['is a draft', { state: 'draft' as const }],
    ['is void', { state: 'void' as const }],
    ['is written off', { state: 'uncollectible' as const }],
  ])('is never overdue where it %s', (_, set) => {
    const other = { ...invoice, ...set };
    expect([isOverdue(other, DUE + 9 * TEN_DAYS), isLongOverdue(other, DUE + 9 * TEN_DAYS)]).toEqual([false, false]);
  });
});
