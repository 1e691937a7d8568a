/** The room in which one solve after the other lays its numbers. */
import { expect, test } from 'vitest';
import { Arena } from './arena.ts';

const FIRST_BYTES = 262_144;

test('numbers lie side by side in one buffer, each array at a multiple of eight bytes', () => {
  const arena = new Arena();
  const arrays = [arena.ints(3), arena.floats(2), arena.ints(2), arena.floats(1)];
  // 12 bytes and four of padding, 16, 8, 8.
  expect(arrays.map(({ byteOffset }) => byteOffset)).toEqual([0, 16, 32, 40]);
  expect(arrays.map(({ length }) => length)).toEqual([3, 2, 2, 1]);
  expect(new Set(arrays.map(({ buffer }) => buffer)).size).toBe(1);
});

test('a new solve begins at the same place with zeros', () => {
  const arena = new Arena();
  const before = arena.floats(4).fill(7);
  arena.ints(4).fill(7);
  arena.begin();
  const after = arena.floats(6);
  expect(after.buffer).toBe(before.buffer);
  expect(after.byteOffset).toBe(0);
  expect([...after]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('what just fits is laid in the buffer, and what does not has room of its own', () => {
  const arena = new Arena();
  const whole = arena.floats(FIRST_BYTES / 8);
  expect(whole.buffer.byteLength).toBe(FIRST_BYTES);
  arena.begin();
  const [half, ints, more] = [arena.floats(FIRST_BYTES / 16), arena.ints(FIRST_BYTES / 8), arena.ints(2)];
  expect([half.buffer, ints.buffer]).toEqual([whole.buffer, whole.buffer]);
  expect(half.buffer).toBe(whole.buffer);
  expect(ints.byteOffset).toBe(FIRST_BYTES / 2);
  expect(more.buffer).not.toBe(whole.buffer);
  expect([more.length, more.buffer.byteLength]).toEqual([2, 8]);
  expect(arena.floats(3).buffer.byteLength).toBe(24);
});

test('the buffer grows to twice what was asked for, up to 32 MB, and stays where that was enough', () => {
  const arena = new Arena();
  const first = arena.floats(FIRST_BYTES / 8);
  arena.begin();
  expect(arena.floats(1).buffer).toBe(first.buffer);
  arena.floats(FIRST_BYTES / 8);
  arena.begin();
  const grown = arena.floats(FIRST_BYTES / 8 + 1);
  expect(grown.buffer.byteLength).toBe(2 * (FIRST_BYTES + 8));
  arena.floats(3_000_000);
  arena.begin();
  expect(arena.floats(1).buffer.byteLength).toBe(33_554_432);
});
