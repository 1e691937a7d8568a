import { describe, expect, it } from 'vitest';
import { Terms } from '../../../../shared/terms/terms.ts';
import { weekPoints } from './demand-series.ts';
import { termLines } from './terms-lines.ts';

describe('the weeks of a queue', () => {
  it('lead from the last that is known into the forecast, without a break', () => {
    const points = weekPoints({
      history: [
        { weekStartsAt: '2026-11-09', requests: null },
        { weekStartsAt: '2026-11-16', requests: 10 },
      ],
      forecast: [{ weekStartsAt: '2026-11-23', expected: 12, low: 8, high: 15 }],
    });
    expect(points).toEqual([
      { weekStartsAt: '2026-11-09', requests: null, expected: null, range: null },
      { weekStartsAt: '2026-11-16', requests: 10, expected: 10, range: [10, 10] },
      { weekStartsAt: '2026-11-23', requests: null, expected: 12, range: [8, 15] },
    ]);
  });

  it('are the history alone where there is no forecast', () => {
    const history = [{ weekStartsAt: '2026-11-16', requests: 10 }];
    expect(weekPoints({ history, forecast: null })[0]).toMatchObject({ requests: 10, expected: null });
  });
});

describe('terms', () => {
  const terms = Terms.parse({
    roundLength: 'month',
    slaHours: 48,
    ceilingMicros: 13_500_000,
    failureCostMicros: 6_000_000,
    secondPersonAboveMicros: 1_000_000_000_000,
  });

  it('are all told, in words with their units', () => {
    const lines = termLines(terms, null, 'USD');
    expect(lines.map(({ key }) => key).sort()).toEqual(Object.keys(terms).sort());
    expect(lines.find(({ key }) => key === 'takeOrPayBps')?.value).toBe('80%');
    expect(lines.find(({ key }) => key === 'slaHours')?.value).toBe('48 hours');
    expect(lines.find(({ key }) => key === 'provisionalHours')?.value).toBe('72 h, 24 h');
    expect(lines.every(({ before }) => before === null)).toBe(true);
  });

  it('show what another version had where that differs', () => {
    const changed = termLines({ ...terms, feeBps: 400 }, terms, 'USD').filter(({ before }) => before !== null);
    expect(changed.map(({ key, value, before }) => [key, value, before])).toEqual([['feeBps', '4%', '5%']]);
  });
});
