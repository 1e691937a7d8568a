/** Reads a file of tickets apart from the page, piece by piece, so that it may be larger than memory. Nothing of it is sent. */
import { Parser } from 'csv-parse/browser/esm';
import { type Counts, type Only, TicketCounter } from './count.ts';
import { dayOrderOf } from './dates.ts';
import type { Mapping } from './mapping.ts';

export type Look = { header: string[]; sample: string[][] };
export type Task =
  | { kind: 'look'; file: File }
  | { kind: 'count'; file: File; look: Look; mapping: Mapping; only: Only; locale: string };
export type Answer =
  | { kind: 'looked'; look: Look }
  | { kind: 'progress'; bytes: number; rows: number }
  | { kind: 'counted'; counts: Counts }
  | { kind: 'failed'; reason: 'empty' | 'unreadable'; detail: string };

const SAMPLE_ROWS = 1_000;
const TOLD_EVERY_ROWS = 20_000;
const FIRST_BYTES = 65_536;
const DELIMITERS = [',', ';', '\t', '|'] as const;

const tell = (answer: Answer) => self.postMessage(answer);

self.onmessage = async ({ data }: MessageEvent<Task>) => {
  try {
    if (data.kind === 'look') await look(data.file);
    else await count(data);
  } catch (error) {
    tell({ kind: 'failed', reason: 'unreadable', detail: error instanceof Error ? error.message : String(error) });
  }
};

async function look(file: File): Promise<void> {
  const rows: string[][] = [];
  await readRows(file, (row) => {
    rows.push(row);
    return rows.length <= SAMPLE_ROWS;
  });
  const [header, ...sample] = rows;
  if (header === undefined || sample.length === 0) return tell({ kind: 'failed', reason: 'empty', detail: '' });
  tell({ kind: 'looked', look: { header: header.map((name) => name.trim()), sample } });
}

async function count({ file, look, mapping, only, locale }: Extract<Task, { kind: 'count' }>): Promise<void> {
  const place = 'column' in mapping.created ? look.header.indexOf(mapping.created.column) : -1;
  const order = dayOrderOf(
    look.sample.map((row) => row[place] ?? ''),
    locale,
  );
  const counter = new TicketCounter(look.header, mapping, only, order);
  let rows = -1;
  await readRows(file, (row, bytes) => {
    rows += 1;
    if (rows > 0) counter.add(row);
    if (rows % TOLD_EVERY_ROWS === 0) tell({ kind: 'progress', bytes, rows });
    return true;
  });
  tell({ kind: 'counted', counts: counter.result() });
}

/** Gives row after row, with the bytes read so far, until `take` wants no more. Plain or gzip, in UTF-8 or Windows' letters. */
async function readRows(file: File, take: (row: string[], bytes: number) => boolean): Promise<void> {
  const begin = await firstText(file);
  const parser = new Parser({
    delimiter: begin.delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    bom: true,
  });
  let bytes = 0;
  let isDone = false;
  const drain = () => {
    for (let row = parser.read() as string[] | null; row !== null && !isDone; row = parser.read() as string[] | null)
      isDone = !take(row, bytes);
  };
  let failure: Error | undefined;
  parser.on('readable', drain);
  parser.on('error', (error: Error) => {
    failure = error;
  });
  const ended = new Promise<void>((done) => {
    parser.on('end', done);
    parser.on('error', () => done());
  });
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  const text = plainBytes(file.stream().pipeThrough(counted), begin.isGzip)
    .pipeThrough(new TextDecoderStream(begin.encoding) as unknown as TransformStream<Uint8Array<ArrayBuffer>, string>)
    .getReader();
  for (let part = await text.read(); !part.done && !isDone && failure === undefined; part = await text.read()) {
    const waits = !parser.write(part.value);
    if (waits && !isDone && failure === undefined)
      await new Promise<void>((go) => {
        parser.once('drain', go);
        parser.once('error', () => go());
      });
  }
  if (isDone) return text.cancel();
  parser.end();
  await ended;
  drain();
  if (failure !== undefined) throw failure;
}

function plainBytes(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  isGzip: boolean,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return isGzip ? bytes.pipeThrough(new DecompressionStream('gzip')) : bytes;
}

/** What the beginning of a file tells of all of it. */
async function firstText(file: File): Promise<{ isGzip: boolean; encoding: string; delimiter: string }> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const reader = plainBytes(file.stream(), isGzip).getReader();
  const { value = new Uint8Array() } = await reader.read();
  await reader.cancel();
  const first = value.subarray(0, FIRST_BYTES);
  const text = new TextDecoder('utf-8').decode(first);
  // A letter cut in two at the end is no sign of another encoding.
  const encoding = text.slice(0, -1).includes('\uFFFD') ? 'windows-1252' : 'utf-8';
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  const often = (sign: string) => line.split(sign).length;
  const delimiter = DELIMITERS.reduce<string>((best, sign) => (often(sign) > often(best) ? sign : best), ',');
  return { isGzip, encoding, delimiter };
}
