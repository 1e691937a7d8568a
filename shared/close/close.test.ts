import { describe, expect, it } from 'vitest';
import { unclosedSince } from './close.ts';

const at = (text: string): number => Date.parse(`${text}Z`);

describe('the first month that is over and not closed', () => {
  it('is the market’s first, where nobody ever closed one', () => {
    expect(unclosedSince(undefined, '2026-01', at('2026-01-31T23:59'))).toBeNull();
    expect(unclosedSince(undefined, '2026-01', at('2026-02-03T00:00'))).toBe(at('2026-02-01T00:00'));
  });

  it('is the one whose close was begun, until it is done', () => {
    expect(unclosedSince({ period: '2026-01', state: 'approve' }, '2025-11', at('2026-02-20T00:00'))).toBe(
      at('2026-02-01T00:00'),
    );
  });

  it('is the one after the newest that is closed', () => {
    const january = { period: '2026-01', state: 'done' } as const;
    expect(unclosedSince(january, '2025-11', at('2026-02-20T00:00'))).toBeNull();
    expect(unclosedSince(january, '2025-11', at('2026-03-02T00:00'))).toBe(at('2026-03-01T00:00'));
  });
});
