/** The file of refused rows, in pages of a thousand behind the last row one has. */
import { findRow, splitCsv, textOfRow } from '../../../../shared/import/rows.ts';

const LAYOUT = { format: 'csv', delimiter: ',', encoding: 'utf-8' } as const;

/** Header and rows of a page; the number of its last row, null where it has none. */
export function readPage(text: string): { header: string; body: string; rows: number; last: number | null } {
  const bytes = new TextEncoder().encode(text);
  let [at, rows, last, header] = [0, 0, null as number | null, ''];
  let bodyFrom = 0;
  while (at < bytes.length) {
    const row = findRow(bytes, at, LAYOUT, true);
    if (row === undefined) break;
    const found = textOfRow(bytes, row, 'utf-8');
    if (at === 0) {
      header = new TextDecoder().decode(bytes.subarray(0, row.next));
      bodyFrom = row.next;
    } else if (found !== null) {
      rows += 1;
      last = Number(splitCsv(found.text, ',')[0]);
    }
    at = row.next;
  }
  return { header, body: new TextDecoder().decode(bytes.subarray(bodyFrom)), rows, last };
}

/** All refused rows as one CSV. `read` gives the page behind a row. */
export async function allErrors(
  read: (after: number) => Promise<string>,
  onRows: (rows: number) => void = () => undefined,
): Promise<string> {
  const parts: string[] = [];
  let [after, rows] = [0, 0];
  while (true) {
    const page = readPage(await read(after));
    if (parts.length === 0) parts.push(page.header);
    if (page.last === null || page.last <= after) return parts.join('');
    parts.push(page.body);
    rows += page.rows;
    onRows(rows);
    after = page.last;
  }
}
