import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { requestIdOf } from './find.ts';

it('finds a request by the company’s own id as the market names it: the first half of its SHA-256', async () => {
  const half = createHash('sha256').update('order-7 ☂').digest().subarray(0, 16).toString('base64url');
  expect(await requestIdOf('co_0123456789', 'order-7 ☂')).toBe(`co_0123456789.${half}`);
});
