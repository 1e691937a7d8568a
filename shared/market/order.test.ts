/** The order of bidders, with digests worked out by another program. */
import { expect, test } from 'vitest';
import { orderBidders } from './order.ts';

const BIDDERS = ['alpha', 'beta', 'gamma', 'delta'].map((id) => ({ id, volume: id.length }));
const order = async (seed: string, round: string, bidders = BIDDERS) =>
  (await orderBidders(seed, round, bidders)).map(({ id }) => id);

test('bidders stand by SHA-256 of seed, round and id', async () => {
  // seed|q#1|alpha 8e05…, beta f9ec…, gamma 442f…, delta aee8….
  expect(await order('seed', 'q#1')).toEqual(['gamma', 'alpha', 'delta', 'beta']);
});

test('another round and another seed draw another order, and who came first does not matter', async () => {
  expect(await order('seed', 'q#2')).toEqual(['beta', 'gamma', 'alpha', 'delta']);
  expect(await order('other', 'q#1')).toEqual(['alpha', 'delta', 'beta', 'gamma']);
  expect(await order('seed', 'q#1', BIDDERS.toReversed())).toEqual(['gamma', 'alpha', 'delta', 'beta']);
});

test('bidders come back as they were given', async () => {
  const [first] = await orderBidders('seed', 'q#1', BIDDERS);
  expect(first).toBe(BIDDERS[2]);
});
