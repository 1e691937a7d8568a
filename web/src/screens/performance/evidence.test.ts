import { expect, it } from 'vitest';
import { judgedTurns, meanStars } from './evidence.ts';

const NONE = { confirmed: 0, assumed: 0, reopened: 0, rejected: 0, lost: 0, escalated: 0, ratings: 0, stars: 0 };

it('counts the turns that were judged, and those that stood', () => {
  const rounds = [
    { evidence: { ...NONE, confirmed: 5, assumed: 2, reopened: 1, escalated: 9 } },
    { evidence: null },
    { evidence: { ...NONE, rejected: 1, lost: 1 } },
  ];
  expect(judgedTurns(rounds)).toEqual({ turns: 10, stood: 7 });
});

it('shows the mean of the stars only where somebody rated', () => {
  expect(meanStars({ ratings: 3, stars: 13 })).toBe(4.3);
  expect(meanStars(NONE)).toBeNull();
});
