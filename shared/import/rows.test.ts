/** Rows are found in bytes whatever is in them and wherever the bytes were cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRow, type Layout, MOST_ROW_BYTES, type Row, readRows, splitCsv, textOfRow } from './rows.ts';

const CSV: Layout = { format: 'csv', delimiter: ',', encoding: 'utf-8' };
const NDJSON: Layout = { format: 'ndjson', delimiter: '', encoding: 'utf-8' };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** All rows of a text, as the reader finds them with everything at hand. */
function rowsOf(text: string, layout: Layout): string[] {
  const bytes = bytesOf(text);
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const row = findRow(bytes, at, layout, true);
    if (row === undefined) throw new Error('no row');
    rows.push(new TextDecoder().decode(bytes.subarray(row.start, row.end)));
    at = row.next;
  }
  return rows;
}

/** What the first row says. */
function readFirst(bytes: Uint8Array, layout: Layout): Row | null {
  const row = textOfRow(bytes, findRow(bytes, 0, layout, true)!, layout.encoding);
  if (row === null) return null;
  return row.wrong === null ? readRows([row.text], layout, ['a', 'b'])[0]! : { ok: false, detail: row.wrong };
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('rows of CSV', () => {
  it('end at line ends outside of quotation marks, with or without a carriage return or a last line end', () => {
    expect(rowsOf('a,b\r\n1,"x\ny"\n2,"say ""hi"", ok"', CSV)).toEqual(['a,b', '1,"x\ny"', '2,"say ""hi"", ok"']);
  });

  it('take a quotation mark inside a field that does not begin with one for what it is', () => {
    expect(rowsOf('1,5" pipe\n2,x\n', CSV)).toEqual(['1,5" pipe', '2,x']);
    expect(splitCsv('1,5" pipe', ',')).toEqual(['1', '5" pipe']);
  });

  it('say the same as what was written, for any texts', () => {
    const texts = fc.array(
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', 'ü', '😀'), maxLength: 12 }),
      { minLength: 2, maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 8 }), (table) => {
        const found = rowsOf(table.map((values) => `${values.map(quoted).join(',')}\n`).join(''), CSV);
        const columns = ['a', 'b', 'c', 'd', 'e'];
        const read = readRows(found, CSV, columns).map((row) => (row.ok ? Object.values(row.value as object) : null));
        expect(read).toEqual(table.map((values) => (values.length === 5 ? values : null)));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('wait for more bytes where the end is not there yet, and end with the file where nothing follows', () => {
    expect(findRow(bytesOf('1,"a'), 0, CSV, false)).toBeUndefined();
    expect(findRow(bytesOf('1,a'), 0, CSV, false)).toBeUndefined();
    expect(findRow(bytesOf('1,a'), 0, CSV, true)).toMatchObject({ start: 0, end: 3, next: 3, isBroken: false });
  });

  it('after a quotation mark that never closes, the next line is a row again', () => {
    expect(rowsOf('1,"open\n2,fine\n3,fine\n', CSV)).toEqual(['1,"open', '2,fine', '3,fine']);
    const long = `1,"open\n${'2,fine\n'.repeat(MOST_ROW_BYTES)}`;
    const row = findRow(bytesOf(long), 0, CSV, false);
    expect(row).toMatchObject({ end: 7, next: 8, lines: 1, isBroken: true });
    expect(readFirst(bytesOf(long), CSV)).toMatchObject({ ok: false, detail: expect.stringContaining('never closed') });
  });

  it('with too few or too many columns, or bytes of another encoding, are told as such', () => {
    const read = (bytes: Uint8Array, layout = CSV) => readFirst(bytes, layout);
    expect(read(bytesOf('1,2\n'))).toEqual({ ok: true, value: { a: '1', b: '2' } });
    expect(read(bytesOf('1\n'))).toEqual({ ok: false, detail: 'This row has 1 columns, the header 2.' });
    const latin = Uint8Array.from([0x4d, 0xfc, 0x2c, 0x31]);
    expect(read(latin)).toMatchObject({ ok: false, detail: expect.stringContaining('not UTF-8') });
    expect(read(latin, { ...CSV, encoding: 'windows-1252' })).toEqual({ ok: true, value: { a: 'Mü', b: '1' } });
    expect(read(bytesOf('  \n'))).toBeNull();
  });
});

describe('rows of NDJSON', () => {
  it('are lines with one object each; others are told as such', () => {
    expect(rowsOf('{"a":"x"}\n{"b":1}', NDJSON)).toEqual(['{"a":"x"}', '{"b":1}']);
    for (const line of ['[1]', '7', '{"a":', 'null'])
      expect(readFirst(bytesOf(line), NDJSON)).toMatchObject({ ok: false });
  });
});
