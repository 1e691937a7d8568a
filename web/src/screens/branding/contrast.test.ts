import { expect, it } from 'vitest';
import { isLight } from './contrast.ts';

it('puts black on light colours and white on dark ones', () => {
  expect(['#ffffff', '#ffd400', '#00b7eb', '#777777'].map(isLight)).toEqual([true, true, true, true]);
  expect(['#000000', '#0b57a4', '#8b0000', '#5a5a5a'].map(isLight)).toEqual([false, false, false, false]);
});
