/** A file is what its bytes say; a library that knows hundreds of formats gives the second opinion. */
import { fileTypeFromBuffer } from 'file-type';
import { describe, expect, it } from 'vitest';
import { typeOf } from './file-type.ts';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'utf8')] : part)));
const filler = Array.from({ length: 64 }, () => 0);

describe('a file', () => {
  it.each([
    ['image/png', bytes([0x89], 'PNG\r\n', [0x1a], '\n', [0, 0, 0, 13], 'IHDR', filler)],
    ['image/jpeg', bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF', filler)],
    ['image/gif', bytes('GIF89a', filler)],
    ['image/webp', bytes('RIFF', [40, 0, 0, 0], 'WEBPVP8L', filler)],
    ['application/pdf', bytes('%PDF-1.7\n', filler)],
  ])('that begins as %s is one', async (type, content) => {
    expect(typeOf(content)).toBe(type);
    expect((await fileTypeFromBuffer(content))?.mime).toBe(type);
  });

  it.each([
    ['a program for Windows', bytes('MZ', [0x90, 0], filler)],
    ['a program for Linux', bytes([0x7f], 'ELF', [2, 1, 1], filler)],
    ['an archive, as office documents are', bytes('PK', [3, 4, 20, 0], filler)],
    ['a sound in a RIFF', bytes('RIFF', [40, 0, 0, 0], 'WAVEfmt ', filler)],
    ['broken UTF-8', bytes('Gr', [0xfc], 'n')],
    ['text with a NUL', bytes('a', [0], 'b')],
    ['a picture whose first byte is gone', bytes('PNG\r\n', [0x1a], '\n', filler)],
  ])('that is %s is not taken', (_, content) => {
    expect(typeOf(content)).toBeUndefined();
  });

  it('of text is plain text, whatever it looks like, and is never served as anything else', () => {
    expect(typeOf(bytes('Grüße,\r\n\tAda 👋\n'))).toBe('text/plain');
    expect(typeOf(bytes('<html><script>alert(1)</script>'))).toBe('text/plain');
  });
});
