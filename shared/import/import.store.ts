/**
 * Imports `IM#<company>#<id>` / `-` in the market table: by company in the index `owner`, and in `due` while something is
 * left to do. Their files `IF#<id>` / `m#<part>` (what a part is), `c#<part>` (its bytes) and the refused rows `IE#<id>` /
 * `<row>` lie in the requests table.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { gunzipBytes, gzipBytes } from '../kernel/gzip.ts';
import { hexOf, sha256Bytes, shortHash } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Condition, type Item, type Key, keyText } from '../kernel/table.ts';
import { DAY, MINUTE } from '../kernel/time.ts';
import { ImportId, type ImportInput, NO_COUNTS, RowError, StoredImport } from './import.ts';

/** How long a file waits for its start, or for being resumed. */
export const KEPT_MS = 7 * DAY;
/** How long after a step the sweep looks whether another one followed. */
export const LOOK_AGAIN_MS = MINUTE;
/** Rows of one step; refused ones of one step stand in one item. */
export const STEP_ROWS = 50;

const DUE = 'imports';

export const importKey = (id: string): Key => {
  const at = id.indexOf('.');
  return { pk: `IM#co_${id.slice(3, at)}#${id.slice(at + 1)}`, sk: '-' };
};
const fileKey = (id: string, kind: 'm' | 'c', part: number): Key => ({
  pk: `IF#${id}`,
  sk: `${kind}#${part.toString().padStart(4, '0')}`,
});
export const errorsKey = (id: string, row: number): Key => ({ pk: `IE#${id}`, sk: row.toString().padStart(9, '0') });
/** When the sweep looks at an import next. */
export const dueAt = (item: Pick<StoredImport, 'id'>, at: number) => ({ dpk: DUE, dsk: `${timeKey(at)}#${item.id}` });

/** Makes an import, ready for its parts. The same key makes the same import. */
export async function createImport(
  call: Call,
  company: string,
  input: ImportInput,
  by: string,
  commandKey: string,
): Promise<StoredImport> {
  const id = `im_${company.slice(3)}.${await shortHash(`${company} import ${commandKey}`)}`;
  const item: StoredImport = {
    ...importKey(id),
    id,
    company,
    name: input.name,
    format: input.format,
    encoding: input.encoding,
    delimiter: input.delimiter ?? '',
    queue: input.queue ?? null,
    mapping: input.mapping ?? null,
    state: 'uploading',
    reason: null,
    parts: 0,
    bytes: 0,
    columns: [],
    at: { part: 1, offset: 0, row: 1, line: 1, bytesBefore: 0 },
    step: 0,
    counts: NO_COUNTS,
    isPatient: false,
    createdBy: by,
    createdAt: call.now,
    startedAt: null,
    endedAt: null,
    opk: `IM#${company}`,
    osk: `${timeKey(call.now)}#${id}`,
    ...dueAt({ id }, call.now + KEPT_MS),
  };
  const put = await call.tables.put('market', item, ABSENT);
  return put.ok ? item : StoredImport.parse(put.old);
}

/** An import of this company; another one's is as if it did not exist. */
export async function readOwnImport(call: Call, company: string, id: string): Promise<StoredImport | undefined> {
  if (!id.startsWith(`im_${company.slice(3)}.`)) return undefined;
  return readImport(call, id);
}

export async function readImport(call: Call, id: string): Promise<StoredImport | undefined> {
  return call.tables.get('market', importKey(id), StoredImport, { consistent: true });
}

const KeyOnly = z.object({ pk: z.string(), sk: z.string(), opk: z.string(), osk: z.string() });
export const ImportListKey = KeyOnly;

/** A page of a company's imports, newest first. */
export async function listImports(
  call: Call,
  company: string,
  page: { limit: number; after?: Item },
): Promise<{ items: StoredImport[]; after: Item | undefined }> {
  const found = await call.tables.query('market', KeyOnly, {
    index: { name: 'owner', pk: 'opk', sk: 'osk' },
    pk: `IM#${company}`,
    descending: true,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const items = await call.tables.getMany('market', found.items, StoredImport);
  return {
    items: found.items.map((key) => items.get(keyText(key))).filter((item) => item !== undefined),
    after: found.after as Item | undefined,
  };
}

export const Part = z.object({ part: z.int(), bytes: z.int(), hash: z.string() });
export type Part = z.infer<typeof Part>;

/** Puts one part of a file; the same part again replaces it. Nothing changes any more once the import has started. */
export async function putPart(
  call: Call,
  item: StoredImport,
  part: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Result<Part, 'import_started'>> {
  const [content, digest] = await Promise.all([gzipBytes(bytes), sha256Bytes(bytes)]);
  const manifest: Part = { part, bytes: bytes.length, hash: hexOf(digest) };
  const written = await call.tables.transact([
    { kind: 'check', table: 'market', key: importKey(item.id), when: [['=', 'state', 'uploading']] },
    { kind: 'put', table: 'requests', item: { ...fileKey(item.id, 'c', part), content } },
    { kind: 'put', table: 'requests', item: { ...fileKey(item.id, 'm', part), ...manifest } },
  ]);
  return written.ok ? ok(manifest) : STARTED;
}

export const STARTED = refuse(
  'import_started',
  'This import takes no parts any more: it has started or was cancelled. Make a new one for another file.',
);

/** What is there of a file, in order of the parts. */
export async function listParts(call: Call, id: string): Promise<Part[]> {
  return call.tables.queryAll('requests', Part, { pk: `IF#${id}`, prefix: 'm#', consistent: true });
}

const Content = z.object({ content: z.instanceof(Uint8Array) });

/** The bytes of a part; undefined where it is not there. */
export async function readPart(call: Call, id: string, part: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const found = await call.tables.get('requests', fileKey(id, 'c', part), Content, { consistent: true });
  return found === undefined ? undefined : gunzipBytes(new Uint8Array(found.content));
}

/** Deletes a file: its bytes first, so that what is left is found again by what it says of them. */
export async function dropFile(call: Call, id: string): Promise<void> {
  const parts = await listParts(call, id);
  await mapConcurrent(parts, 8, async ({ part }) => {
    await call.tables.delete('requests', fileKey(id, 'c', part));
    await call.tables.delete('requests', fileKey(id, 'm', part));
  });
}

/** Changes an import where it still is as the condition says; answers how it is then, or undefined. */
export async function changeImport(
  call: Call,
  id: string,
  set: Partial<StoredImport>,
  when: Condition,
): Promise<StoredImport | undefined> {
  const changed = await call.tables.change('market', importKey(id), StoredImport, { set }, when);
  return changed.ok ? changed.item : undefined;
}

/** Nothing is left to do for an import: the sweep looks at it no more. */
export async function forgetDue(call: Call, item: StoredImport): Promise<void> {
  await call.tables.update('market', importKey(item.id), { remove: ['dpk', 'dsk'] }, [['=', 'state', item.state]]);
}

/** Cancels an import; what was taken in stays. Where it is over already, it stays as it is. */
export async function cancelImport(call: Call, item: StoredImport): Promise<StoredImport> {
  const cancelled = await changeImport(
    call,
    item.id,
    { state: 'cancelled', endedAt: call.now, ...dueAt(item, call.now + KEPT_MS) },
    [['in', 'state', ['uploading', 'running', 'stopped']]],
  );
  return cancelled ?? (await readImport(call, item.id)) ?? item;
}

/** Goes on where a cancelled or stopped import was; what was cancelled before its start takes parts again. */
export async function resumeImport(call: Call, item: StoredImport): Promise<Result<StoredImport, 'import_closed'>> {
  const isStarted = item.startedAt !== null;
  const resumed = await changeImport(
    call,
    item.id,
    {
      state: isStarted ? 'running' : 'uploading',
      reason: null,
      endedAt: null,
      isPatient: item.state === 'stopped' || item.isPatient,
      ...dueAt(item, call.now + (isStarted ? LOOK_AGAIN_MS : KEPT_MS)),
    },
    [['in', 'state', ['cancelled', 'stopped']]],
  );
  if (resumed !== undefined) return ok(resumed);
  const now = (await readImport(call, item.id)) ?? item;
  if (now.state === 'running' || now.state === 'uploading') return ok(now);
  return refuse('import_closed', `This import is ${now.state}: there is nothing to go on with. Make a new one.`);
}

const DueKey = z.object({ pk: z.string(), dsk: z.string() });
/** Imports that one sweep looks at; the next one finds the others. */
const MOST_DUE = 100;

/** The imports to look at now, and when there will be others. */
export async function dueImports(call: Call): Promise<{ ids: string[]; nextAt: number | null }> {
  const { items } = await call.tables.query('market', DueKey, {
    index: { name: 'due', pk: 'dpk', sk: 'dsk' },
    pk: DUE,
    limit: MOST_DUE,
  });
  const times = items.map(({ dsk }) => ({ at: Number(dsk.slice(0, 15)), id: ImportId.parse(dsk.slice(16)) }));
  const ids = times.filter(({ at }) => at <= call.now).map(({ id }) => id);
  const next = times.find(({ at }) => at > call.now)?.at ?? null;
  return { ids, nextAt: ids.length > 0 ? call.now + LOOK_AGAIN_MS : next };
}

const StoredErrors = z.object({ sk: z.string(), errors: z.array(RowError) });

/** Refused rows after a row, in order; `after` is null at the end. */
export async function listRowErrors(
  call: Call,
  id: string,
  page: { limit: number; after: number },
): Promise<{ items: RowError[]; after: number | null }> {
  const found: RowError[] = [];
  // The step that holds the row after this one began less than a step before it.
  let from = errorsKey(id, Math.max(1, page.after + 2 - STEP_ROWS)).sk;
  for (;;) {
    const { items, after } = await call.tables.query('requests', StoredErrors, { pk: `IE#${id}`, from, limit: 20 });
    for (const error of items.flatMap((item) => item.errors)) if (error.row > page.after) found.push(error);
    if (found.length > page.limit) return { items: found.slice(0, page.limit), after: found[page.limit - 1]!.row };
    if (after === undefined) return { items: found, after: null };
    from = `${after.sk}~`;
  }
}
