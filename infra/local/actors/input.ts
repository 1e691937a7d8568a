/** Reads demand from a CSV file, plain or gzipped, row by row; what cannot be read is reported and left out. */
import { createReadStream, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type CsvError, type Info, parse } from 'csv-parse';
import { ok, type Refusal, type Result, refuse } from '../../../shared/kernel/result.ts';
import type { ServiceClass } from '../../../shared/service-class/service-class.ts';
import { type Arrival, type Demand, inOrderOfTime } from './arrival.ts';
import type { Draw } from './draw.ts';
import { type Mapping, type MappingRefusal, mappingFor } from './mapping.ts';
import { readRow } from './row.ts';

/** A row that was left out: the line it begins on and why. */
export type RowProblem = { line: number; reason: string };
/** How many problems are kept to be shown; all are counted. */
export const PROBLEMS_SHOWN = 10;

export type ReadDemand = Demand & { rows: number; problems: RowProblem[]; problemCount: number };
export type InputRefusal = MappingRefusal | 'file_missing' | 'file_unreadable' | 'file_empty';
export type InputOptions = { mapping: Mapping | null; draw: Draw; limit?: number };

type Reading = {
  file: string;
  options: InputOptions;
  mapping: Mapping | null;
  arrivals: Arrival[];
  classes: Map<string, ServiceClass>;
  seen: Set<string>;
  rows: number;
  problems: RowProblem[];
  problemCount: number;
  /** Why the whole file cannot be used. */
  refusal: Refusal<InputRefusal> | null;
};

/**
 * Reads a file into demand in order of time. `limit` keeps the first so many rows in that order. Refuses a file that is
 * missing, empty, no CSV at all, or whose columns do not fit the mapping.
 */
export async function readDemand(path: string, options: InputOptions): Promise<Result<ReadDemand, InputRefusal>> {
  if (!existsSync(path)) return refuse('file_missing', `There is no file ${path}.`);
  const reading = newReading(path, options);
  const parser = parse(PARSING);
  parser.on('skip', (error: CsvError) => {
    reading.rows += 1;
    report(reading, Number(error.lines ?? 0), error.message);
  });
  try {
    const source = createReadStream(path);
    const consume = () => takeAll(reading, parser as AsyncIterable<Parsed>);
    if (/\.gz$/i.test(path)) await pipeline(source, createGunzip(), parser, consume);
    else await pipeline(source, parser, consume);
  } catch (error) {
    if (reading.refusal === null) return refuse('file_unreadable', `${path} cannot be read: ${messageOf(error)}.`);
  }
  return reading.refusal ?? finish(path, reading);
}

type Parsed = { record: string[]; info: Info };
const PARSING = {
  bom: true,
  relax_column_count: true,
  skip_records_with_error: true,
  info: true,
  skip_empty_lines: true,
} as const;

const newReading = (path: string, options: InputOptions): Reading => ({
  file: basename(path),
  options,
  mapping: null,
  arrivals: [],
  classes: new Map(),
  seen: new Set(),
  rows: 0,
  problems: [],
  problemCount: 0,
  refusal: null,
});

/** The header, then every record; stops where the columns do not fit. */
async function takeAll(reading: Reading, records: AsyncIterable<Parsed>): Promise<void> {
  let header: string[] | null = null;
  for await (const { record, info } of records) {
    if (header !== null) {
      takeRecord(reading, header, record, info.lines);
      continue;
    }
    header = record.map((name) => name.trim());
    const mapping = mappingFor(header, reading.options.mapping);
    if (!mapping.ok) {
      reading.refusal = mapping;
      return;
    }
    reading.mapping = mapping.value;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function takeRecord(reading: Reading, header: readonly string[], record: readonly string[], lastLine: number): void {
  const line = lastLine - record.reduce((breaks, value) => breaks + value.split('\n').length - 1, 0);
  reading.rows += 1;
  const arrival = arrivalIn(reading, header, record, line);
  if (arrival.ok) reading.arrivals.push(arrival.value);
  else report(reading, line, arrival.detail);
}

function arrivalIn(
  { file, mapping, classes, options, seen }: Reading,
  header: readonly string[],
  record: readonly string[],
  line: number,
): Result<Arrival> {
  if (mapping === null) return refuse('row_unreadable', 'stands before the header');
  if (record.length !== header.length)
    return refuse('row_unreadable', `has ${record.length} columns where the header has ${header.length}`);
  const fields = Object.fromEntries(header.map((name, i) => [name, record[i] ?? '']));
  const row = readRow(fields, { mapping, file, line, classes, draw: options.draw });
  if (!row.ok) return row;
  const name = `${row.value.company}\n${row.value.externalId}`;
  if (seen.has(name)) return refuse('row_unreadable', `the id "${row.value.externalId}" stands twice for its company`);
  seen.add(name);
  return row;
}

function report(reading: Reading, line: number, reason: string): void {
  reading.problemCount += 1;
  if (reading.problems.length < PROBLEMS_SHOWN) reading.problems.push({ line, reason });
}

function finish(path: string, reading: Reading): Result<ReadDemand, InputRefusal> {
  if (reading.mapping === null) return refuse('file_empty', `${path} is empty: it has no header line.`);
  const arrivals = reading.arrivals.sort(inOrderOfTime).slice(0, reading.options.limit);
  const used = new Set(arrivals.map((arrival) => arrival.queue));
  const classes = new Map([...reading.classes].filter(([queue]) => used.has(queue)));
  const { rows, problems, problemCount } = reading;
  return ok({ arrivals, classes, rows, problems, problemCount });
}
