/**
 * Takes an import's rows in, a step of rows at a time. A step is repeatable: its rows are keyed by their ids, its refused
 * rows stand under its first row, and the one write that moves the position on is conditional on it. So a crash anywhere
 * leaves an import that goes on where it was, and two runs at once do each other's work once.
 */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import { applyMapping } from '../request/mapping.ts';
import { takeIn } from '../request/take-in.store.ts';
import type { ModelLoader } from '../triage/intake.store.ts';
import {
  changeImport,
  dropFile,
  dueAt,
  errorsKey,
  forgetDue,
  KEPT_MS,
  LOOK_AGAIN_MS,
  readImport,
  readPart,
  STEP_ROWS,
} from './import.store.ts';
import { completed, isHopeless, mappingOf, type Position, type RowError, type StoredImport } from './import.ts';
import { type Found, findRow, joined, MOST_ROW_BYTES, readRows, textOfRow } from './rows.ts';

/** Rows that are taken in side by side; those with the same id come after each other. */
const WIDTH = 8;
/** Characters kept of a row that was refused. */
const MOST_CONTENT = 1_500;
const MOST_DETAIL = 1_000;
const MOST_FIELD_ERRORS = 10;

/**
 * Looks at an import and does what is due, `mostSteps` steps at the most. `more`: there are rows left, and whoever called
 * sends for the next run.
 */
export async function runImport(
  call: Call,
  id: string,
  mostSteps: number,
  loadModel: ModelLoader,
): Promise<{ more: boolean }> {
  let item = await readImport(call, id);
  if (item === undefined) return { more: false };
  if (item.state !== 'running') {
    await cleanUp(call, item);
    return { more: false };
  }
  const organisation = await readOrganisation(call.tables, item.company);
  if (organisation?.status !== 'approved') {
    await stop(call, item, 'The market has not approved the company for money; resume once it has.');
    return { more: false };
  }
  const file = new FileReader(call, item);
  for (let step = 0; step < mostSteps; step++) {
    const next = await runStep(call, item, file, loadModel);
    // Another run has moved it on, or somebody has cancelled it.
    if (next === undefined) return { more: false };
    item = next;
    if (item.state === 'running') continue;
    if (item.state === 'done') await cleanUp(call, item);
    return { more: false };
  }
  return { more: true };
}

/** One step; answers the import after it, or undefined where it had changed meanwhile. */
async function runStep(
  call: Call,
  item: StoredImport,
  file: FileReader,
  loadModel: ModelLoader,
): Promise<StoredImport | undefined> {
  const { rows, at, isEnd } = await file.rowsFrom(item.at);
  const outcomes = new Map<number, RowOutcome>();
  await mapConcurrent(rowsById(rows), WIDTH, async (same) => {
    for (const row of same) outcomes.set(row.number, await takeRow(call, item, row, loadModel));
  });
  const errors = rows.flatMap((row) => outcomes.get(row.number)?.error ?? []);
  const errorsAt = errorsKey(item.id, item.at.row);
  // A try before this one may have left other errors.
  if (errors.length > 0) await call.tables.put('requests', { ...errorsAt, errors });
  else await call.tables.delete('requests', errorsAt);
  const count = (what: RowOutcome['what']): number => [...outcomes.values()].filter((o) => o.what === what).length;
  const counts = {
    seen: item.counts.seen + rows.length,
    accepted: item.counts.accepted + count('accepted'),
    repeated: item.counts.repeated + count('repeated'),
    refused: item.counts.refused + errors.length,
  };
  const isStopped = !isEnd && isHopeless(counts, item.isPatient);
  const ended = isEnd ? 'done' : isStopped ? 'stopped' : undefined;
  return changeImport(
    call,
    item.id,
    {
      at,
      counts,
      step: item.step + 1,
      ...dueAt(item, call.now + (isStopped ? KEPT_MS : LOOK_AGAIN_MS)),
      ...(ended === undefined ? {} : { state: ended, endedAt: call.now }),
      ...(isStopped
        ? { reason: 'The first thousand rows were all refused: see the errors. Resume to go on anyway.' }
        : {}),
    },
    [
      ['=', 'state', 'running'],
      ['=', 'step', item.step],
    ],
  );
}

type ReadRow = { number: number; line: number; entry: unknown; error: string | null; content: string };
type RowOutcome = { what: 'accepted' | 'repeated' | 'refused'; error?: RowError };

/** Rows with the same id together and in order: which of two with other content is refused does not depend on chance. */
const rowsById = (rows: readonly ReadRow[]): ReadRow[][] => [
  ...Map.groupBy(
    rows,
    ({ entry, number }) => (entry as { externalId?: unknown } | null)?.externalId ?? number,
  ).values(),
];

async function takeRow(call: Call, item: StoredImport, row: ReadRow, loadModel: ModelLoader): Promise<RowOutcome> {
  const refused = (code: string, detail: string, errors: RowError['errors'] = []): RowOutcome => ({
    what: 'refused',
    error: {
      row: row.number,
      line: row.line,
      code,
      detail: detail.slice(0, MOST_DETAIL),
      errors: errors.slice(0, MOST_FIELD_ERRORS),
      content: row.content.slice(0, MOST_CONTENT),
    },
  });
  if (row.error !== null) return refused('unreadable_row', row.error);
  // The key names this row of this import: rows that an earlier try took in count as taken in, not as repeated.
  const taken = await takeIn(call, item.company, row.entry, `${item.id}#${row.number}`, loadModel);
  if (!taken.ok) return refused(taken.problem.code, taken.problem.detail, taken.problem.errors);
  return { what: taken.isRepeat ? 'repeated' : 'accepted' };
}

/** What is over needs its file no more; a file that nobody started or resumed in time goes, too. */
async function cleanUp(call: Call, item: StoredImport): Promise<void> {
  if (item.dsk === undefined) return;
  let over: StoredImport | undefined = item;
  if (item.state !== 'done' && item.state !== 'expired') {
    if (Number(item.dsk.slice(0, 15)) > call.now) return;
    over = await changeImport(call, item.id, { state: 'expired', endedAt: call.now }, [
      ['=', 'state', item.state],
      ['=', 'dsk', item.dsk],
    ]);
  }
  if (over === undefined) return;
  await dropFile(call, item.id);
  await forgetDue(call, over);
}

async function stop(call: Call, item: StoredImport, reason: string): Promise<void> {
  await changeImport(
    call,
    item.id,
    { state: 'stopped', reason, endedAt: call.now, ...dueAt(item, call.now + KEPT_MS) },
    [['=', 'state', 'running']],
  );
}

/** Reads rows from the parts of a file, and remembers the parts it has at hand. */
class FileReader {
  private readonly call: Call;
  private readonly item: StoredImport;
  private readonly parts = new Map<number, Uint8Array<ArrayBuffer>>();

  constructor(call: Call, item: StoredImport) {
    this.call = call;
    this.item = item;
  }

  /** The rows of one step from a position on, and the position after them. Empty lines are passed by. */
  async rowsFrom(from: Position): Promise<{ rows: ReadRow[]; at: Position; isEnd: boolean }> {
    const texts: { number: number; line: number; text: string; wrong: string | null }[] = [];
    let at = from;
    let isEnd = false;
    while (texts.length < STEP_ROWS && !isEnd) {
      const { bytes, isLast } = await this.window(at);
      isEnd = bytes.length === 0;
      if (isEnd) break;
      const found = findRow(bytes, 0, this.item, isLast);
      if (found === undefined) throw new Error('a window that is long enough held no row');
      const row = textOfRow(bytes, found, this.item.encoding);
      if (row !== null) texts.push({ number: at.row, line: at.line, ...row });
      at = this.after(at, found, row === null ? 0 : 1);
    }
    return { rows: this.read(texts), at, isEnd };
  }

  private read(texts: readonly { number: number; line: number; text: string; wrong: string | null }[]): ReadRow[] {
    const mapping = mappingOf(this.item);
    const good = texts.filter(({ wrong }) => wrong === null);
    const read = readRows(
      good.map(({ text }) => text),
      this.item,
      this.item.columns,
    );
    const byNumber = new Map(good.map(({ number }, i) => [number, read[i]]));
    return texts.map(({ number, line, text, wrong }) => {
      const row = byNumber.get(number);
      if (row === undefined || !row.ok)
        return { number, line, entry: null, error: row?.detail ?? wrong, content: text };
      const draft = mapping === null ? row.value : applyMapping(mapping, row.value);
      return { number, line, entry: completed(this.item, number, draft), error: null, content: text };
    });
  }

  /** The bytes from a position on: more than the longest row has, or all that there are. */
  private async window(at: Position): Promise<{ bytes: Uint8Array; isLast: boolean }> {
    const first = (await this.part(at.part)).subarray(at.offset);
    if (first.length > MOST_ROW_BYTES || at.part >= this.item.parts)
      return { bytes: first, isLast: at.part >= this.item.parts };
    const pieces = [first];
    let length = first.length;
    let part = at.part;
    while (length <= MOST_ROW_BYTES && part < this.item.parts) {
      part += 1;
      const next = await this.part(part);
      pieces.push(next);
      length += next.length;
    }
    return { bytes: joined(pieces), isLast: part >= this.item.parts };
  }

  /** The position after a row: in this part, or in the one where the next row begins. */
  private after(at: Position, found: Found, rows: number): Position {
    let { part, offset, bytesBefore } = at;
    offset += found.next;
    for (let length = this.known(part); offset >= length && part < this.item.parts; length = this.known(part)) {
      offset -= length;
      bytesBefore += length;
      this.parts.delete(part);
      part += 1;
    }
    return { part, offset, bytesBefore, row: at.row + rows, line: at.line + found.lines };
  }

  private known(part: number): number {
    return this.parts.get(part)?.length ?? Number.POSITIVE_INFINITY;
  }

  private async part(number: number): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.parts.get(number);
    if (known !== undefined) return known;
    const read = await readPart(this.call, this.item.id, number);
    if (read === undefined) throw new Error(`part ${number} of the import ${this.item.id} is gone`);
    this.parts.set(number, read);
    return read;
  }
}
