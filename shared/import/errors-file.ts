/** Refused rows as CSV in the columns of their file, so that they are mended there and imported again. */
import { ERROR_COLUMNS, type RowError, type StoredImport } from './import.ts';
import { splitCsv } from './rows.ts';

export function errorsFile(item: Pick<StoredImport, 'columns' | 'delimiter'>, errors: readonly RowError[]): string {
  const hasColumns = item.columns.length > 0;
  const header = [...ERROR_COLUMNS, ...(hasColumns ? item.columns : ['content'])];
  const rows = errors.map((error) => [
    String(error.row),
    String(error.line),
    error.code,
    error.detail,
    ...(hasColumns ? valuesOf(error, item) : [error.content]),
  ]);
  return [header, ...rows].map((values) => `${values.map(quoted).join(',')}\r\n`).join('');
}

/** What stood in the columns; a row that cannot be split stands in the first one. */
function valuesOf(
  { content }: RowError,
  { columns, delimiter }: Pick<StoredImport, 'columns' | 'delimiter'>,
): string[] {
  let values: string[];
  try {
    values = splitCsv(content, delimiter);
  } catch {
    values = [content];
  }
  return columns.map((_, i) => values[i] ?? '');
}

/** By RFC 4180. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
