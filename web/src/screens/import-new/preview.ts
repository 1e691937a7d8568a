/** The first rows of a file as the market will read them: columns, how they become a request, and what that gives. */
import {
  columnNames,
  delimiterOf,
  type FileFormat,
  type ImportEncoding,
  mappingOf,
} from '../../../../shared/import/import.ts';
import { findRow, splitCsv, textOfRow } from '../../../../shared/import/rows.ts';
import { applyMapping, type Draft, type Mapping } from '../../../../shared/request/mapping.ts';

/** So much of a file is looked at here. */
export const LOOKED_BYTES = 256 * 1024;
const MOST_ROWS = 5;

export type Head = { columns: readonly string[]; rows: readonly Readonly<Record<string, string>>[]; usual: Mapping };

export const formatOf = (name: string): FileFormat => (/\.(ndjson|jsonl|json)$/i.test(name) ? 'ndjson' : 'csv');

/** What may stand between columns. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Header and first rows of a CSV, by what its header has most of unless `said` what stands between its columns; null where it has no header that can be read. */
export function readHead(bytes: Uint8Array, encoding: ImportEncoding, said?: Delimiter): Head | null {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const lines = linesOf(bytes, start, encoding, said);
  const [first, ...rest] = lines.texts;
  if (first === undefined) return null;
  try {
    const columns = columnNames(splitCsv(first, lines.delimiter));
    const rows = rest.map((text) => {
      const values = splitCsv(text, lines.delimiter);
      return Object.fromEntries(columns.map((column, i) => [column, values[i] ?? '']));
    });
    return { columns, rows, usual: mappingOf({ mapping: null, columns, format: 'csv' }) ?? {} };
  } catch {
    return null;
  }
}

function linesOf(bytes: Uint8Array, start: number, encoding: ImportEncoding, said: Delimiter | undefined) {
  const layout = { format: 'csv', delimiter: ',', encoding } as const;
  const texts: string[] = [];
  let delimiter: string = said ?? ',';
  for (let at = start; at < bytes.length && texts.length <= MOST_ROWS; ) {
    const row = findRow(bytes, at, { ...layout, delimiter }, true);
    if (row === undefined) break;
    const text = textOfRow(bytes, row, encoding);
    if (text !== null) {
      if (texts.length === 0) delimiter = said ?? delimiterOf(text.text);
      texts.push(text.text);
    }
    at = row.next;
  }
  return { texts, delimiter };
}

/** The fields of a request that a column may be chosen for. */
export const CHOSEN = ['externalId', 'customer', 'text', 'category', 'queue', 'deadline'] as const;
export type Chosen = Readonly<Record<(typeof CHOSEN)[number], string | null>>;

/** Which column each field comes from as a mapping has it; null where from none, or from more than one. */
export function chosenOf(mapping: Mapping): Chosen {
  const column = (name: (typeof CHOSEN)[number]): string | null => {
    const source = mapping[name];
    if (typeof source === 'string') return source;
    return source !== undefined && 'from' in source
      ? source.from.length === 1
        ? (source.from[0] ?? null)
        : null
      : null;
  };
  return Object.fromEntries(CHOSEN.map((name) => [name, column(name)])) as Chosen;
}

const MOST_FIELDS = 30;

/** A mapping from the columns chosen; every other column is a further field. */
export function mappingFrom(chosen: Chosen, columns: readonly string[], usual: Mapping): Mapping {
  const taken = Object.values(chosen);
  const text = chosen.text === null ? usual.text : chosen.text;
  const inText = typeof text === 'object' && 'from' in text ? text.from : [];
  const others = columns.filter((column) => !taken.includes(column) && !inText.includes(column)).slice(0, MOST_FIELDS);
  const mapping: Mapping = {};
  for (const name of CHOSEN) if (name !== 'text' && chosen[name] !== null) mapping[name] = chosen[name];
  if (text !== undefined) mapping.text = text;
  if (others.length > 0) mapping.fields = Object.fromEntries(others.map((column) => [column.slice(0, 60), column]));
  return mapping;
}

/** The first rows as requests. */
export const draftsOf = ({ rows }: Pick<Head, 'rows'>, mapping: Mapping): Draft[] =>
  rows.map((row) => applyMapping(mapping, row));
