/** The waiting nodes of a search come out in one order, however they went in. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import { Heap, type Waiting } from './heap.ts';

test('the node of the highest bound comes first, of equal bounds the older, also while others come in', async () => {
  const step = fc.option(fc.integer({ min: 0, max: 4 }), { freq: 3, nil: undefined });
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const heap = new Heap<Waiting>();
    const waiting: Waiting[] = [];
    for (const [index, bound] of [...steps, ...steps.map(() => undefined)].entries()) {
      if (bound === undefined) {
        waiting.sort((a, b) => b.bound - a.bound || a.index - b.index);
        expect(heap.pop()).toEqual(waiting.shift());
      } else {
        heap.push({ bound, index });
        waiting.push({ bound, index });
      }
    }
  });
  await holds('waiting nodes', 300, property);
});

test('an older node that comes in later goes before a younger of the same bound', () => {
  const heap = new Heap<Waiting>();
  for (const index of [7, 3, 9, 1, 5]) heap.push({ bound: 2, index });
  expect([1, 2, 3, 4, 5].map(() => heap.pop()!.index)).toEqual([1, 3, 5, 7, 9]);
  expect(heap.pop()).toBeUndefined();
});
