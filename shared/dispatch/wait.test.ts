import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WaitSample, waitRange, waitsOf, withSamples } from './wait.ts';

const NOW = Date.parse('2026-02-10T12:00:00Z');
const waits = (...seconds: number[]): WaitSample[] => seconds.map((s, i) => [NOW - i, s * 1_000, `r${i}`]);

describe('a sample of waits', () => {
  it('is of requests that are taken up for the first time, and just now', () => {
    const head = (id: string, ...history: [string, number, string][]) => ({ id, acceptedAt: NOW - 60_000, history });
    const first = head('co_a.first678', ['accepted', NOW - 60_000, 'co_a'], ['leased', NOW, 'pr_a']);
    const again = head('co_a.again', ['leased', NOW - 30_000, 'pr_a'], ['leased', NOW, 'pr_b']);
    expect(waitsOf([first, again, head('co_a.never')], NOW)).toEqual([[NOW, 60_000, 'first678']]);
  });
});

describe('the wait that a customer is told', () => {
  it('is not told of fewer than twenty requests, nor of what is older than seven days', () => {
    const nineteen = waits(...Array.from({ length: 19 }, (_, i) => i));
    expect(waitRange(nineteen, NOW)).toBeNull();
    const old: WaitSample = [NOW - 7 * 24 * 3_600_000, 5_000, 'old'];
    expect(waitRange([...nineteen, old], NOW)).toBeNull();
    expect(waitRange([...nineteen, [NOW, 19_000, 'new']], NOW)).toMatchObject({ measuredOn: 20 });
  });

  it('is the tenth and ninetieth of a hundredth by rank: of 1 to 20 s the 2nd and the 18th', () => {
    const twenty = waits(...Array.from({ length: 20 }, (_, i) => 20 - i));
    expect(waitRange(twenty, NOW)).toEqual({ fromSeconds: 2, toSeconds: 18, measuredOn: 20 });
  });

  it('holds eight of ten of what it was measured on, whatever that was', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500_000), { minLength: 20, maxLength: 64 }), (ms) => {
        const range = waitRange(
          ms.map((wait, i): WaitSample => [NOW - i, wait, `r${i}`]),
          NOW,
        )!;
        const within = ms.filter((wait) => wait >= range.fromSeconds * 1_000 && wait <= range.toSeconds * 1_000).length;
        expect(within / ms.length).toBeGreaterThanOrEqual(0.8);
      }),
    );
  });

  it('counts a request once, and keeps the newest sixty-four', () => {
    const many = waits(...Array.from({ length: 80 }, (_, i) => i));
    const kept = withSamples(many.slice(0, 50), many.slice(30));
    expect(kept).toHaveLength(64);
    expect(kept[0]).toEqual(many[0]);
    expect(withSamples(kept, kept)).toEqual(kept);
  });
});
