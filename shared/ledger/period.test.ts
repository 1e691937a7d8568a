import { describe, expect, it } from 'vitest';
import { functions } from '../../infra/topology.ts';
import {
  CLOSING_WAITS_MS,
  endOf,
  LONGEST_CALL_MS,
  mayBeginClosing,
  mayFinishClosing,
  monthAfter,
  monthBefore,
  months,
  type Period,
  periodOf,
} from './period.ts';

const at = (text: string): number => Date.parse(text);
const month = (period: string, state: Period['state']): Period => ({
  period,
  state,
  closingAt: state === 'open' ? null : '2026-02-01T00:00:00.000Z',
  closedAt: null,
  entries: null,
});

describe('the month that an entry is posted into', () => {
  it.each([
    ['its own, where none was ever closed', '2026-01-31T23:59:59.999Z', null, '2026-01', null],
    ['its own, where that is the first open one', '2026-02-01T00:00:00.000Z', '2026-02', '2026-02', null],
    ['its own, where that is later', '2026-03-01T00:00:00.000Z', '2026-02', '2026-03', null],
    ['the first open one, where its own is closed', '2026-01-31T23:59:59.999Z', '2026-02', '2026-02', '2026-01'],
    ['the first open one, however old it is', '2025-11-05T00:00:00.000Z', '2026-02', '2026-02', '2025-11'],
  ])('is %s', (_, occurredAt, openFrom, period, closedPeriod) => {
    expect(periodOf(at(occurredAt), openFrom)).toEqual({ period, closedPeriod });
  });
});

describe('months', () => {
  it('follow one another over the end of a year', () => {
    expect(months('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(months('2026-02', '2026-01')).toEqual([]);
    expect(months('2026-02', '2026-02')).toEqual(['2026-02']);
    expect([monthAfter('2025-12'), monthBefore('2026-01'), monthBefore('2026-03')]).toEqual([
      '2026-01',
      '2025-12',
      '2026-02',
    ]);
    expect(endOf('2026-02')).toBe(at('2026-03-01T00:00:00Z'));
  });

  it('begin to close when they are over, and not a millisecond before', () => {
    const early = mayBeginClosing('2026-01', null, at('2026-01-31T23:59:59.999Z'));
    expect(early).toMatchObject({ ok: false, code: 'period_not_over' });
    expect(early.ok ? '' : early.detail).toContain('2026-02-01T00:00:00.000Z');
    expect(mayBeginClosing('2026-01', null, at('2026-02-01T00:00:00Z')).ok).toBe(true);
  });

  it.each([
    ['the month after a closed one', '2026-02', month('2026-01', 'closed'), true, ''],
    ['no month while the one before is closing', '2026-02', month('2026-01', 'closing'), false, '2026-01 is the next'],
    ['no month twice', '2026-01', month('2026-01', 'closed'), false, '2026-02 is the next'],
    ['no month out of order', '2026-03', month('2026-01', 'closed'), false, '2026-02 is the next'],
    ['no month before the first', '2025-12', month('2026-01', 'closed'), false, '2026-02 is the next'],
  ])('close in order: %s', (_, period, newest, isAllowed, says) => {
    const allowed = mayBeginClosing(period, newest, at('2026-05-01T00:00:00Z'));
    expect(allowed.ok).toBe(isAllowed);
    if (!allowed.ok)
      expect([allowed.code, allowed.detail]).toEqual(['period_out_of_order', expect.stringContaining(says)]);
  });

  it('finish closing when the last writer that may not have known is done', () => {
    const closing = month('2026-01', 'closing');
    const from = at('2026-02-01T00:00:00.000Z') + CLOSING_WAITS_MS;
    expect(mayFinishClosing(closing, from).ok).toBe(true);
    expect(mayFinishClosing(closing, from - 1)).toMatchObject({
      code: 'period_closing',
      detail: '2026-01 can be closed from 2026-02-01T00:10:30.000Z on, when its last writers are done.',
      retryable: true,
      extra: { retryAt: '2026-02-01T00:10:30.000Z' },
    });
    expect(mayFinishClosing(month('2026-01', 'open'), from)).toMatchObject({
      code: 'period_open',
      detail: '2026-01 is open; begin to close it before you finish.',
      retryable: false,
    });
  });

  it('wait for the longest time-out that any function has', () => {
    const longest = Math.max(...Object.values(functions).map(({ timeoutSeconds }) => timeoutSeconds));
    expect(LONGEST_CALL_MS).toBeGreaterThanOrEqual(longest * 1_000);
  });
});
