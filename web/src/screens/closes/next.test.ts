import { expect, it } from 'vitest';
import { nextToClose } from './next.ts';

it('months are closed in order, one at a time, when they are over', () => {
  expect(nextToClose(undefined, '2026-01')).toBe('2025-12');
  expect(nextToClose({ period: '2025-11', state: 'done' }, '2026-01')).toBe('2025-12');
  expect(nextToClose({ period: '2025-12', state: 'done' }, '2026-01')).toBeNull();
  expect(nextToClose({ period: '2025-11', state: 'approve' }, '2026-01')).toBeNull();
});
