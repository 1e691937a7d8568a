import { describe, expect, it } from 'vitest';
import { stepsOf } from './variance-steps.ts';

describe('the steps of a variance', () => {
  it('begin at the month before, each at the end of the other, and end at what it is now', () => {
    const steps = stepsOf({
      beforeMicros: 100,
      afterMicros: 115,
      volumeMicros: 30,
      mixMicros: -5,
      priceMicros: -20,
      otherMicros: 10,
    });
    expect(steps.map(({ name, fromMicros, toMicros }) => [name, fromMicros, toMicros])).toEqual([
      ['before', 0, 100],
      ['volume', 100, 130],
      ['mix', 125, 130],
      ['price', 105, 125],
      ['other', 105, 115],
      ['after', 0, 115],
    ]);
  });
});
