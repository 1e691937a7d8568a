/** Buying alone where minimums compete, worked out by hand: which minimum is bought, and which is left. */
import { expect, test } from 'vitest';
import { standaloneSurplus } from './standalone.ts';

/** A provider of so much capacity whose requests gain so much from each minimum volume on. */
const offer = (capacity: number, ...steps: [minVolume: number, gainMicros: number][]) => ({
  capacity,
  steps: steps.map(([minVolume, gainMicros]) => ({ minVolume, gainMicros })),
});
const alone = (volume: number, ...offers: ReturnType<typeof offer>[]) =>
  standaloneSurplus({ volume, share: 1, shareSum: 1, offers });

test('a minimum is bought where that beats going without it, at the cost of better requests elsewhere', () => {
  // 4 at 10 leave 1 of the 3 that the other wants: 2·10 + 3·8 beats 4·10.
  expect(alone(5, offer(4, [0, 10]), offer(5, [3, 8]))).toBe(44n);
});

test('a minimum that costs more than it brings is left, and the step below it bought', () => {
  // 2·10 + 3·2 loses to 4·10 + 1·1.
  expect(alone(5, offer(4, [0, 10]), offer(5, [0, 1], [3, 2]))).toBe(41n);
});

test('the same with half of twice the capacity', () => {
  const offers = [offer(8, [0, 10]), offer(10, [0, 1], [3, 2])];
  expect(standaloneSurplus({ volume: 5, share: 1, shareSum: 2, offers })).toBe(41n);
});

test('of two minimums that cannot both be met the better one is bought, though the other gains more a request', () => {
  // 4 at 10 and 1 left over, or 5 at 9; both minimums would be 7 of 5.
  expect(alone(5, offer(4, [4, 10]), offer(5, [3, 9]))).toBe(45n);
});

test('a minimum that takes the whole demand is bought', () => {
  expect(alone(5, offer(4, [0, 9]), offer(5, [5, 8]))).toBe(40n);
});

test('nothing is bought beyond a capacity, whichever minimums are met', () => {
  // 5·20 + 4·9 = 136 with one left over; 5·20 + 4·8 = 132; all three 3·20 + 4·9 + 3·8 = 120.
  expect(alone(10, offer(5, [0, 20]), offer(4, [4, 9]), offer(4, [3, 8]))).toBe(136n);
});
