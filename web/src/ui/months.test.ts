import { describe, expect, it } from 'vitest';
import { endOfMonth, monthBefore, monthOf, monthsThrough, monthText } from './months.ts';

describe('a month', () => {
  it('is that of UTC, and follows the one before over the turn of the year', () => {
    expect(monthOf(Date.parse('2025-12-31T23:59:59.999Z'))).toBe('2025-12');
    expect(monthBefore('2026-01')).toBe('2025-12');
    expect(monthsThrough('2026-02', 3)).toEqual(['2026-02', '2026-01', '2025-12']);
    expect(endOfMonth('2025-12')).toBe(Date.parse('2026-01-01T00:00:00Z'));
  });

  it('is named the same in every zone', () => {
    expect(monthText('2026-01', 'en-US')).toBe('January 2026');
  });
});
