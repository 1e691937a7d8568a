import { expect, it } from 'vitest';
import { linesOf } from './lines.ts';

it('a line of a mail is a link where it is an address and nothing else', () => {
  expect(linesOf('Hello\nhttp://127.0.0.1:4000/c/abc\njavascript:alert(1)\nsee https://a.example now')).toEqual([
    { line: 'Hello', href: null },
    { line: 'http://127.0.0.1:4000/c/abc', href: 'http://127.0.0.1:4000/c/abc' },
    { line: 'javascript:alert(1)', href: null },
    { line: 'see https://a.example now', href: null },
  ]);
});
