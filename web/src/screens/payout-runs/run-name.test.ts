import { expect, it } from 'vitest';
import { runText } from './run-name.ts';

it('names the market’s weekly run by its Monday, in UTC, and one made by hand by the begin of its name', () => {
  expect(runText('week-2026-11-23', 'en-US')).toBe('Week of Nov 23, 2026');
  expect(runText('run-0a1b2c3d4e5f6071')).toBe('Between the weeks (0a1b2c3d)');
});
