/** Rows of figures as files: CSV by RFC 4180 or one JSON object per line, with the same columns in the same order. */
import { stringify } from 'csv-stringify/browser/esm/sync';
import { formatMicros } from '../kernel/money.ts';

/** What stands in a cell. Amounts are micro-units and are written as decimal numbers. */
export type Cell = string | number | null | { micros: number };
export type Column<Row> = readonly [name: string, cell: (row: Row) => Cell];

export type Format = 'csv' | 'ndjson';

/** The text of some rows. `withHeader`: the first page of a CSV, so that pages one after the other are one file. */
export function written<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { format, withHeader }: { format: Format; withHeader: boolean },
): string {
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(asObject(columns, row))}\n`).join('');
  const lines = rows.map((row) => columns.map(([, cell]) => textOf(cell(row))));
  return stringify(withHeader ? [columns.map(([name]) => name), ...lines] : lines, { record_delimiter: 'windows' });
}

const asObject = <Row>(columns: readonly Column<Row>[], row: Row): Record<string, string | number | null> =>
  Object.fromEntries(
    columns.map(([name, cell]) => {
      const value = cell(row);
      return [name, typeof value === 'object' && value !== null ? formatMicros(value.micros) : value];
    }),
  );

/** A text that a spreadsheet would take for a formula is kept from being one. */
function textOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'object') return formatMicros(cell.micros);
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
