/** What a refused list of price tiers is told, word for word. */
import { expect, test } from 'vitest';
import { checkTiers, MAX_VOLUME } from './tiers.ts';

const tier = (minVolume: number, priceMicros: number) => ({ minVolume, priceMicros });
const whole = `Tier 1: minVolume must be a whole number of requests from 0 to ${MAX_VOLUME}.`;

test.each<[string, unknown, string]>([
  ['no tier', [], 'Name at least one price tier.'],
  [
    'eleven tiers',
    Array.from({ length: 11 }, (_, t) => tier(t, 20 - t)),
    'Name at most ten price tiers: merge tiers whose prices are close.',
  ],
  [
    'a threshold below the one before',
    [tier(3, 5), tier(2, 4)],
    'Tier 2 starts at 2 requests, not above tier 1 (3): raise its minimum volume or remove it.',
  ],
  [
    'two faults, each with its tier',
    [tier(0, 5), tier(0, 4), tier(9, 6)],
    'Tier 2 starts at 0 requests, not above tier 1 (0): raise its minimum volume or remove it. ' +
      'Tier 3 costs more (6) than tier 2 (4): lower it to 4 or less. ' +
      'Prices that rise with volume are refused, because pooling could then cost a company more than buying alone, and the market guarantees that it never does.',
  ],
  ['a volume below 0', [tier(-1, 5)], whole],
  ['a volume above the most', [tier(MAX_VOLUME + 1, 5)], whole],
  ['a volume that is no number', [{ minVolume: '1', priceMicros: 5 }], whole],
  [
    'a price that is not whole',
    [tier(0, 1.5)],
    'Tier 1: priceMicros must be whole micro-units from 0 to 1000000000000.',
  ],
  [
    'no price',
    [tier(0, 1), { minVolume: 3 }],
    'Tier 2: priceMicros must be whole micro-units from 0 to 1000000000000.',
  ],
  ['a tier that is none', [tier(0, 1), 7], 'Tier 2: the tier must be { minVolume, priceMicros }.'],
])('refused: %s', (_, tiers, detail) => {
  expect(checkTiers(tiers)).toEqual({ ok: false, detail });
});

test('something that is no list is refused', () => {
  const checked = checkTiers('cheap');
  expect(checked.ok ? '' : checked.detail).toMatch(/array/);
});

test('ten tiers, the largest volume and the largest price are taken', () => {
  const tiers = Array.from({ length: 10 }, (_, t) => tier(MAX_VOLUME - 9 + t, 1_000_000_000_000 - t));
  expect(checkTiers(tiers)).toEqual({ ok: true, tiers });
});
