/** A file of requests that a company hands over: what it is, how its rows become requests, and how far it has come. */
import * as z from 'zod';
import { QueueId } from '../kernel/id.ts';
import { Instant, iso } from '../kernel/time.ts';
import { type Draft, Mapping } from '../request/mapping.ts';

export const ImportId = z
  .string()
  .regex(/^im_[0-9a-z]{4,20}\.[A-Za-z0-9_-]{22}$/, 'is not the id of an import')
  .meta({ description: "An import's id, given when it is made" });
export const FileFormat = z.enum(['csv', 'ndjson']);
export type FileFormat = z.infer<typeof FileFormat>;
export const ImportEncoding = z.enum(['utf-8', 'windows-1252']);
export type ImportEncoding = z.infer<typeof ImportEncoding>;

export const MOST_PART_BYTES = 256 * 1024;
export const MOST_PARTS = 1_000;
export const PartNumber = z.coerce.number().int().min(1).max(MOST_PARTS);

export const ImportInput = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    format: FileFormat,
    queue: QueueId.optional().meta({ description: 'For rows that name none' }),
    mapping: Mapping.optional().meta({
      description:
        'Left out: columns of a CSV by the names they usually have, all others as further fields; lines of NDJSON are each a RequestInput',
    }),
    delimiter: z.enum([',', ';', '\t', '|']).optional().meta({ description: 'Left out: what the header has most of' }),
    encoding: ImportEncoding.default('utf-8'),
  })
  .meta({ id: 'ImportInput' });
export type ImportInput = z.infer<typeof ImportInput>;

/** `stopped`: by the market, for the reason given. A cancelled or stopped import may be resumed. */
export const ImportState = z.enum(['uploading', 'running', 'done', 'cancelled', 'stopped', 'expired']);
export type ImportState = z.infer<typeof ImportState>;

const Counts = z.object({
  seen: z.int(),
  accepted: z.int().meta({ description: 'New requests, and customers who came back' }),
  repeated: z.int().meta({ description: 'Requests that were there already, with the same content' }),
  refused: z.int(),
});
export type Counts = z.infer<typeof Counts>;
export const NO_COUNTS: Counts = { seen: 0, accepted: 0, repeated: 0, refused: 0 };

/** Where reading goes on: a byte of a part, and the number and the line of the row that begins there. */
const Position = z.object({ part: z.int(), offset: z.int(), row: z.int(), line: z.int(), bytesBefore: z.int() });
export type Position = z.infer<typeof Position>;

/** An import as an item. */
export const StoredImport = z.object({
  pk: z.string(),
  sk: z.string(),
  id: ImportId,
  company: z.string(),
  name: z.string(),
  format: FileFormat,
  encoding: ImportEncoding,
  /** Empty until the header was read. */
  delimiter: z.string(),
  queue: QueueId.nullable(),
  /** As it was given; null: by the header. */
  mapping: Mapping.nullable(),
  state: ImportState,
  reason: z.string().nullable(),
  parts: z.int(),
  bytes: z.int(),
  columns: z.array(z.string()),
  at: Position,
  /** Steps done: what makes each of them happen once. */
  step: z.int(),
  counts: Counts,
  /** It goes on although every row is refused: somebody resumed it. */
  isPatient: z.boolean(),
  createdBy: z.string(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  opk: z.string(),
  osk: z.string(),
  dpk: z.string().optional(),
  dsk: z.string().optional(),
});
export type StoredImport = z.infer<typeof StoredImport>;

export const ImportView = z
  .object({
    id: ImportId,
    name: z.string(),
    format: FileFormat,
    queue: QueueId.nullable(),
    mapping: Mapping.nullable().meta({ description: 'As it is used; null before the start' }),
    state: ImportState,
    reason: z.string().nullable().meta({ description: 'Why it stopped' }),
    parts: z.int().meta({ description: 'How many the file has; 0 before the start' }),
    bytes: z.int(),
    percent: z.int().meta({ description: 'Of its bytes; 100 only once it is done' }),
    rows: Counts,
    createdBy: z.string(),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'Import' });
export type ImportView = z.infer<typeof ImportView>;

/** What its company sees of an import. */
export function viewImport(item: StoredImport): ImportView {
  const { id, name, format, queue, state, reason, parts, bytes, counts, createdBy } = item;
  const read = item.at.bytesBefore + item.at.offset;
  return {
    id,
    name,
    format,
    queue,
    mapping: item.startedAt === null ? item.mapping : mappingOf(item),
    state,
    reason,
    parts,
    bytes,
    percent: state === 'done' ? 100 : bytes === 0 ? 0 : Math.min(99, Math.floor((100 * read) / bytes)),
    rows: counts,
    createdBy,
    createdAt: iso(item.createdAt),
    startedAt: item.startedAt === null ? null : iso(item.startedAt),
    endedAt: item.endedAt === null ? null : iso(item.endedAt),
  };
}

export const PartView = z
  .object({ part: z.int(), bytes: z.int(), hash: z.string().meta({ description: 'SHA-256 of its bytes, hex' }) })
  .meta({ id: 'ImportPart' });

export const RowError = z
  .object({
    row: z.int().meta({ description: 'The row, from 1, the header not counted' }),
    line: z.int().meta({ description: 'The line of the file where it begins, from 1' }),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
    content: z.string().meta({ description: 'The row as it stands in the file, 1,500 characters of it' }),
  })
  .meta({ id: 'ImportRowError' });
export type RowError = z.infer<typeof RowError>;

/** The names that columns usually have, in lower case without other signs. */
const USUAL: Readonly<Record<'externalId' | 'queue' | 'customer' | 'category' | 'deadline', readonly string[]>> = {
  externalId: ['externalid', 'id', 'requestid', 'ticketid', 'caseid', 'ticketnumber', 'casenumber', 'reference'],
  queue: ['queue', 'queueid'],
  customer: [
    'customer',
    'customeremail',
    'requesteremail',
    'requester',
    'email',
    'from',
    'phone',
    'customerid',
    'user',
  ],
  category: ['category', 'topic'],
  deadline: ['deadline', 'dueat', 'due'],
};
const SUBJECT = ['subject', 'title', 'summary'];
const BODY = ['text', 'message', 'body', 'description', 'comment', 'question', 'narrative', 'content'];
const MOST_FIELDS = 30;
/** What the file of refused rows has before the columns of their file; imported again, nobody needs it. */
export const ERROR_COLUMNS = ['error row', 'error line', 'error code', 'error detail'] as const;

/** How rows become requests: as the company said, else by the usual names of the columns. */
export function mappingOf(item: Pick<StoredImport, 'mapping' | 'columns' | 'format'>): Mapping | null {
  if (item.mapping !== null) return item.mapping;
  return item.format === 'ndjson' ? null : usualMapping(item.columns);
}

function usualMapping(columns: readonly string[]): Mapping {
  const own = columns.filter((column) => !(ERROR_COLUMNS as readonly string[]).includes(column));
  const rest = new Map(own.map((column) => [column.toLowerCase().replaceAll(/[^a-z0-9]/g, ''), column]));
  const take = (names: readonly string[]): string | undefined => {
    const name = names.find((known) => rest.has(known));
    const column = name === undefined ? undefined : rest.get(name);
    if (name !== undefined) rest.delete(name);
    return column;
  };
  const mapping: Mapping = {};
  for (const [field, names] of Object.entries(USUAL) as [keyof typeof USUAL, readonly string[]][]) {
    const column = take(names);
    if (column !== undefined) mapping[field] = column;
  }
  const words = [take(SUBJECT), take(BODY)].filter((column) => column !== undefined);
  if (words.length > 0) mapping.text = { from: words, take: 'all' };
  const others = [...rest.values()].slice(0, MOST_FIELDS);
  if (others.length > 0) mapping.fields = Object.fromEntries(others.map((column) => [column.slice(0, 60), column]));
  return mapping;
}

/**
 * What is not in a row: the import's queue, and an id. The id of a row without one follows from import and row, so that
 * the row read twice is one request.
 */
export function completed(item: Pick<StoredImport, 'id' | 'queue'>, row: number, entry: unknown): unknown {
  const draft = entry as Draft;
  return {
    ...draft,
    externalId: draft.externalId ?? `${item.id}/${row}`,
    ...(draft.queue === undefined && item.queue !== null ? { queue: item.queue } : {}),
  };
}

/** Names of columns: those without one are numbered, a name that comes twice too. */
export function columnNames(header: readonly string[]): string[] {
  const names: string[] = [];
  for (const [i, text] of header.entries()) {
    const name = text.trim().slice(0, 200) || `column ${i + 1}`;
    names.push(names.includes(name) ? `${name} (${i + 1})` : name);
  }
  return names;
}

/** The delimiter that a header has most of; a comma where it has none. */
export function delimiterOf(header: string): string {
  const bare = header.replaceAll(/"(?:[^"]|"")*"/g, '');
  const count = (sign: string): number => bare.split(sign).length;
  return [',', ';', '\t', '|'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** Rows after which an import stops whose every row was refused: its mapping is wrong, most likely. */
export const HOPELESS_ROWS = 1_000;
export const isHopeless = (counts: Counts, isPatient: boolean): boolean =>
  !isPatient && counts.seen >= HOPELESS_ROWS && counts.refused === counts.seen;
