import { expect, it } from 'vitest';
import { fromField, inField } from './local-time.ts';

it('an instant goes into the field and comes back as the same minute, and what is no time stays as it is', () => {
  const at = Date.parse('2026-03-05T07:08:00.000Z');
  expect(inField(at)).toMatch(/^2026-03-0\dT\d{2}:08$/);
  expect(fromField(inField(at))).toBe('2026-03-05T07:08:00.000Z');
  expect(fromField('')).toBe('');
});
