/** What is gathered of a search, and the certificate that is written of it. */
import { expect, test } from 'vitest';
import { Proof } from './proof.ts';

const duals = (...values: number[]): Float64Array => Float64Array.from(values);

test('prices for the right to serve are left out where all are 0, and kept whole where one is not', () => {
  const proof = new Proof(2);
  const root = proof.add();
  proof.record(root, duals(5, 0, 0, 0));
  expect(proof.figures).toBe(2);
  proof.record(root, duals(0, 0, 3, 0));
  expect(proof.figures).toBe(6);
  proof.record(root, duals(0, 7));
  expect(proof.figures).toBe(8);
  expect(proof.write([])).toEqual({
    nodes: [
      {
        duals: [
          [5, 0],
          [0, 0, 3, 0],
          [0, 7],
        ],
        split: null,
      },
    ],
  });
});

test('a split names its provider, where it is split, and two new nodes', () => {
  const proof = new Proof(1);
  const root = proof.add();
  proof.record(root, duals(1));
  expect(proof.split(root, 4, 2)).toEqual({ low: 1, high: 2 });
  proof.record(2, duals(2));
  proof.record(1, duals(3));
  expect(proof.split(2, 5, 1)).toEqual({ low: 3, high: 4 });
  expect(proof.write([[0, 3]])).toEqual({
    nodes: [
      { duals: [[1]], split: [4, 2, 1, 2] },
      { duals: [[3]], split: null },
      { duals: [[2]], split: [5, 1, 3, 4] },
      { duals: [], split: null },
      { duals: [], split: null },
    ],
    rivals: [[0, 3]],
  });
});

test('the last duals of a node are read, with zeros for what was left out; of a node without any, nothing', () => {
  const proof = new Proof(2);
  const [root, other] = [proof.add(), proof.add()];
  const lambda = duals(9, 9, 9);
  expect(proof.readLast(root, lambda)).toBe(false);
  expect([...lambda]).toEqual([9, 9, 9]);
  proof.record(root, duals(1, 2, 3));
  proof.record(root, duals(4, 5, 0));
  proof.record(other, duals(6, 7, 8));
  expect(proof.readLast(root, lambda)).toBe(true);
  expect([...lambda]).toEqual([4, 5, 0]);
  expect(proof.readLast(other, lambda)).toBe(true);
  expect([...lambda]).toEqual([6, 7, 8]);
});

test('what is written does not change with the sets it was written from', () => {
  const set = [1, 2];
  const written = new Proof(1).write([set]);
  set.push(3);
  expect(written).toEqual({ nodes: [], rivals: [[1, 2]] });
});
