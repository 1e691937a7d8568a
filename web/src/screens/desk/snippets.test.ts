import { expect, it } from 'vitest';
import { matching, withSnippet } from './snippets.ts';

const REFUND = { name: 'Refund sent', text: 'Your money is on its way.' };
const HELLO = { name: 'Hello', text: 'Thank you for writing about your refund.' };

it('finds snippets that have all words, in name or text, those that begin with them first', () => {
  expect(matching([HELLO, REFUND], 'refund')).toEqual([REFUND, HELLO]);
  expect(matching([HELLO, REFUND], 'money way')).toEqual([REFUND]);
  expect(matching([HELLO, REFUND], ' ')).toEqual([HELLO, REFUND]);
  expect(matching([HELLO, REFUND], 'none of these')).toEqual([]);
});

it('puts a snippet behind what is written already', () => {
  expect(withSnippet('', 'Hello')).toBe('Hello');
  expect(withSnippet('Dear Ada, ', 'Hello')).toBe('Dear Ada,\n\nHello');
});
