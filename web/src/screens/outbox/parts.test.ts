import { expect, it } from 'vitest';
import { partsOf } from './parts.ts';

it('an address in a line of a mail can be followed, and nothing else', () => {
  expect(partsOf('See http://127.0.0.1:4000/c/a.b-c, please.')).toEqual([
    { text: 'See ', href: null },
    { text: 'http://127.0.0.1:4000/c/a.b-c', href: 'http://127.0.0.1:4000/c/a.b-c' },
    { text: ', please.', href: null },
  ]);
  expect(partsOf('https://a.example')).toEqual([{ text: 'https://a.example', href: 'https://a.example' }]);
  expect(partsOf('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)', href: null }]);
  expect(partsOf('')).toEqual([]);
});
