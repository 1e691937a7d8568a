/** The start of an import: the whole file is there, its header can be read, and the mapping fits it. */
import type { Call } from '../kernel/call.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { pathsOf } from '../request/mapping.ts';
import { changeImport, dueAt, LOOK_AGAIN_MS, listParts, type Part, readImport, readPart } from './import.store.ts';
import { columnNames, delimiterOf, mappingOf, type StoredImport } from './import.ts';
import { decode, findRow, joined, MOST_ROW_BYTES, splitCsv } from './rows.ts';

export type StartRefusal = 'parts_missing' | 'file_unreadable' | 'columns_missing' | 'import_closed';

/** Starts an import of `parts` parts, numbered from 1. Started already, it is as it is. */
export async function startImport(
  call: Call,
  item: StoredImport,
  parts: number,
): Promise<Result<StoredImport, StartRefusal>> {
  if (item.state !== 'uploading') return asItIs(item);
  const manifest = await listParts(call, item.id);
  const wrong = wrongParts(manifest, parts);
  if (wrong !== undefined) return wrong;
  const layout = await layoutOf(call, item, manifest);
  if (!layout.ok) return layout;
  const { columns, delimiter, headerBytes, headerLines } = layout.value;
  const unknown = unknownColumns(item, columns);
  if (unknown !== undefined) return unknown;
  const started = await changeImport(
    call,
    item.id,
    {
      state: 'running',
      parts,
      bytes: manifest.reduce((sum, { bytes }) => sum + bytes, 0),
      columns,
      delimiter,
      at: { ...positionAfter(manifest, headerBytes), row: 1, line: 1 + headerLines },
      startedAt: call.now,
      ...dueAt(item, call.now + LOOK_AGAIN_MS),
    },
    [['=', 'state', 'uploading']],
  );
  return started === undefined ? asItIs((await readImport(call, item.id)) ?? item) : ok(started);
}

function asItIs(item: StoredImport): Result<StoredImport, 'import_closed'> {
  if (item.state === 'running' || item.state === 'done') return ok(item);
  return refuse('import_closed', `This import is ${item.state}; a cancelled or stopped one can be resumed.`);
}

function wrongParts(
  manifest: readonly Part[],
  parts: number,
): Refusal<'parts_missing' | 'file_unreadable'> | undefined {
  const there = new Set(manifest.map(({ part }) => part));
  const missing = Array.from({ length: parts }, (_, i) => i + 1).filter((part) => !there.has(part));
  if (missing.length > 0)
    return refuse(
      'parts_missing',
      `Put these parts first: ${missing.slice(0, 20).join(', ')}${missing.length > 20 ? ', …' : ''}.`,
      {
        extra: { missing: missing.slice(0, 20).map(String) },
      },
    );
  const beyond = manifest.find(({ part }) => part > parts);
  if (beyond === undefined) return undefined;
  return refuse(
    'file_unreadable',
    `Part ${beyond.part} is there, but the file is said to have ${parts}: start with the number of parts, or make a new import.`,
  );
}

type Layout = { columns: string[]; delimiter: string; headerBytes: number; headerLines: number };

/** The header of a CSV, from as many parts as it takes. */
async function layoutOf(
  call: Call,
  item: StoredImport,
  manifest: readonly Part[],
): Promise<Result<Layout, 'file_unreadable'>> {
  const head = await headOf(call, item, manifest);
  if (!head.ok) return head;
  const bytes = head.value;
  if (item.format === 'ndjson') return ok({ columns: [], delimiter: '', headerBytes: 0, headerLines: 0 });
  const layout = { format: item.format, encoding: item.encoding, delimiter: item.delimiter || ',' };
  const row = findRow(bytes, 0, layout, true);
  const text =
    row === undefined || row.isBroken ? undefined : decode(bytes.subarray(row.start, row.end), item.encoding);
  if (row === undefined || text === undefined || text.trim() === '')
    return refuse(
      'file_unreadable',
      `The first line must be the header of a CSV in ${item.encoding}, of at most ${MOST_ROW_BYTES} bytes.`,
    );
  const delimiter = item.delimiter || delimiterOf(text);
  try {
    const columns = columnNames(splitCsv(text, delimiter));
    return ok({ columns, delimiter, headerBytes: row.next, headerLines: row.lines });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    return refuse('file_unreadable', `The header is no CSV: ${why}`);
  }
}

async function headOf(
  call: Call,
  item: StoredImport,
  manifest: readonly Part[],
): Promise<Result<Uint8Array, 'file_unreadable'>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const { part } of manifest) {
    if (length > MOST_ROW_BYTES) break;
    const piece = (await readPart(call, item.id, part)) ?? new Uint8Array();
    pieces.push(piece);
    length += piece.length;
  }
  const head = joined(pieces);
  const [first, second] = head;
  if (first === undefined) return refuse('file_unreadable', 'The file is empty.');
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return refuse('file_unreadable', 'The file is UTF-16: save it as UTF-8.');
  if (first === 0x1f && second === 0x8b)
    return refuse('file_unreadable', 'The file is compressed: unpack it before it is sent.');
  if (first === 0x50 && second === 0x4b)
    return refuse('file_unreadable', 'The file is a spreadsheet or an archive: save it as CSV.');
  return ok(head);
}

function unknownColumns(item: StoredImport, columns: string[]): Refusal<'columns_missing'> | undefined {
  if (item.format === 'ndjson') return undefined;
  const mapping = mappingOf({ ...item, columns });
  const unknown = mapping === null ? [] : pathsOf(mapping).filter((path) => !columns.includes(path));
  if (unknown.length === 0) return undefined;
  return refuse(
    'columns_missing',
    `The file has no column ${unknown.map((name) => `“${name}”`).join(', ')}; it has ${columns.map((name) => `“${name}”`).join(', ')}.`,
    { extra: { missing: unknown, columns } },
  );
}

/** The part and offset of a byte of the file. */
function positionAfter(manifest: readonly Part[], bytes: number) {
  let [part, offset, bytesBefore] = [1, bytes, 0];
  for (const { bytes: length } of manifest) {
    if (offset < length || part === manifest.length) break;
    offset -= length;
    bytesBefore += length;
    part += 1;
  }
  return { part, offset, bytesBefore };
}
