/**
 * What a file is, by its first bytes, whatever it is called: only the types that may be attached, so that a handful of
 * signatures does and no library of hundreds of formats has to read what strangers upload.
 */
import type { FileType } from './attachment.ts';

/** First bytes as Latin-1 text: PNG, JPEG (its first two markers), GIF, WebP in its RIFF, PDF, by their specifications. */
const SIGNATURES: readonly [FileType, (start: string) => boolean][] = [
  ['image/png', (start) => start.startsWith('\u0089PNG\r\n\u001a\n')],
  ['image/jpeg', (start) => start.startsWith('\u00ff\u00d8\u00ff')],
  ['image/gif', (start) => /^GIF8[79]a/.test(start)],
  ['image/webp', (start) => start.startsWith('RIFF') && start.startsWith('WEBPVP8', 8)],
  ['application/pdf', (start) => /^%PDF-[12]\.\d/.test(start)],
];
const LONGEST = 16;
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** The type of a file's content; undefined for all that is not taken. Text is valid UTF-8 without control characters. */
export function typeOf(bytes: Uint8Array): FileType | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, LONGEST));
  const found = SIGNATURES.find(([, fits]) => fits(start))?.[0];
  if (found !== undefined) return found;
  try {
    return CONTROL.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) ? undefined : 'text/plain';
  } catch {
    return undefined;
  }
}
