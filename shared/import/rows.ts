/**
 * Finds rows in a file that is read piece by piece: where a row begins and ends in the bytes, and what it says. A row that
 * cannot be read is told as such, and the next one is found all the same.
 */
import { parse } from 'csv-parse/browser/esm/sync';
import type { FileFormat, ImportEncoding } from './import.ts';

/** The longest row, in bytes: a quotation mark that is never closed would else swallow the rest of the file. */
export const MOST_ROW_BYTES = 64 * 1024;

/** A row in the bytes: `[start, end)` without its line end, the next one from `next`. */
export type Found = { start: number; end: number; next: number; lines: number; isBroken: boolean };
export type Layout = { format: FileFormat; delimiter: string; encoding: ImportEncoding };

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/**
 * The row that begins at `at`; undefined where its end is not in the bytes yet and more will come (`isLast` is false).
 * `isBroken`: it is longer than a row may be, or opens a quotation that never closes; then it is its first line alone.
 */
export function findRow(bytes: Uint8Array, at: number, layout: Layout, isLast: boolean): Found | undefined {
  const bound = Math.min(bytes.length, at + MOST_ROW_BYTES);
  const end = layout.format === 'csv' ? endOfCsv(bytes, at, bound, layout.delimiter) : endOfLine(bytes, at, bound);
  if (end >= 0) return found(bytes, at, end, end + 1, false);
  const isTooLong = bound === at + MOST_ROW_BYTES;
  if (!isTooLong && !isLast) return undefined;
  const isOpen = layout.format === 'csv' && end === OPEN_QUOTE;
  if (!isTooLong && !isOpen) return found(bytes, at, bound, bound, false);
  const line = endOfLine(bytes, at, bound);
  return line < 0 ? found(bytes, at, bound, bound, true) : found(bytes, at, line, line + 1, true);
}

const NO_END = -1;
const OPEN_QUOTE = -2;

/** Where the line ends that a row of CSV ends with: line ends inside quotation marks are part of it. */
function endOfCsv(bytes: Uint8Array, at: number, bound: number, delimiter: string): number {
  const separator = delimiter.charCodeAt(0);
  let isQuoted = false;
  let isFieldStart = true;
  for (let i = at; i < bound; i++) {
    const byte = bytes[i];
    if (isQuoted) {
      if (byte !== QUOTE) continue;
      if (bytes[i + 1] === QUOTE) i += 1;
      else isQuoted = false;
    } else if (byte === NEWLINE) return i;
    else if (byte === QUOTE && isFieldStart) isQuoted = true;
    isFieldStart = byte === separator;
  }
  return isQuoted ? OPEN_QUOTE : NO_END;
}

function endOfLine(bytes: Uint8Array, at: number, bound: number): number {
  const end = bytes.indexOf(NEWLINE, at);
  return end >= 0 && end < bound ? end : NO_END;
}

function found(bytes: Uint8Array, start: number, end: number, next: number, isBroken: boolean): Found {
  let lines = 0;
  for (let i = start; i < next; i++) if (bytes[i] === NEWLINE) lines += 1;
  return { start, end: end > start && bytes[end - 1] === 0x0d ? end - 1 : end, next, lines, isBroken };
}

export type Row = { ok: true; value: unknown } | { ok: false; detail: string };

/** The text of a row, or why it has none; null where the line is empty. */
export function textOfRow(
  bytes: Uint8Array,
  row: Found,
  encoding: ImportEncoding,
): { text: string; wrong: string | null } | null {
  const content = bytes.subarray(row.start, row.end);
  const text = decode(content, encoding);
  // Every byte has a letter in the second one.
  if (text === undefined) return { text: decode(content, 'windows-1252') ?? '', wrong: NOT_DECODED };
  if (row.isBroken) return { text, wrong: BROKEN };
  return text.trim() === '' ? null : { text, wrong: null };
}

const NOT_DECODED = 'This row is not UTF-8; save the file as UTF-8, or name its encoding.';
const BROKEN = `This row has more than ${MOST_ROW_BYTES} bytes, or a quotation mark in it is never closed; the import went on with the next line.`;

/** What rows say: an object by columns for CSV, the JSON object for NDJSON. */
export function readRows(texts: readonly string[], layout: Layout, columns: readonly string[]): Row[] {
  if (layout.format === 'ndjson') return texts.map(readJson);
  return splitRows(texts, layout.delimiter).map((values) => {
    if ('detail' in values) return values;
    if (values.length !== columns.length)
      return { ok: false, detail: `This row has ${values.length} columns, the header ${columns.length}.` };
    return { ok: true, value: Object.fromEntries(columns.map((column, i) => [column, values[i]])) };
  });
}

const parseCsv = (text: string, delimiter: string): string[][] =>
  parse(text, { delimiter, record_delimiter: '\n', relax_quotes: true, relax_column_count: true });

/** The texts between the delimiters of one row. Throws where the row is no CSV. */
export const splitCsv = (text: string, delimiter: string): string[] => parseCsv(text, delimiter)[0] ?? [];

/** All rows at once, since a parser takes longer to make than to use; one by one where one of them is no CSV. */
function splitRows(texts: readonly string[], delimiter: string): (string[] | Extract<Row, { ok: false }>)[] {
  try {
    const all = parseCsv(texts.join('\n'), delimiter);
    if (all.length === texts.length) return all;
  } catch {
    // Which one it is comes out below.
  }
  return texts.map((text) => {
    try {
      return splitCsv(text, delimiter);
    } catch (error) {
      return { ok: false, detail: `This row is no CSV: ${error instanceof Error ? error.message : 'unreadable'}` };
    }
  });
}

function readJson(text: string): Row {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ok: true, value };
  } catch {
    // Said below.
  }
  return { ok: false, detail: 'This line is not one JSON object.' };
}

/** Bytes as text; undefined where they are not in this encoding. */
export function decode(bytes: Uint8Array, encoding: ImportEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Pieces of bytes as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let to = 0;
  for (const piece of pieces) {
    bytes.set(piece, to);
    to += piece.length;
  }
  return bytes;
}
