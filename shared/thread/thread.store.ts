/**
 * Threads: one partition `M#<request>` with messages under `<ms>#<id>`, the ids under which they came under `!<id>`,
 * attachments under `@<id>` and the access log under `a#…`. Messages are put once and never changed, but for erasure.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { canonicalJson, contentHash, shortHash } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Key, type Page } from '../kernel/table.ts';
import type { AttachmentFacts } from './attachment.ts';
import { Message, type MessageKind, messageHash, type Who } from './thread.ts';

export const threadPartition = (request: string): string => `M#${request}`;
/** Sort keys of messages lie between these; all else of the partition does not. */
const FIRST = '0';
const LAST = '9~';

/** What is to be said. `key` is the author's own name for it: by it a repetition is recognised. */
export type Draft = {
  key: string;
  kind: MessageKind;
  text: string;
  attachments?: readonly AttachmentFacts[];
  lease?: string | null;
};

const Marker = z.object({ at: z.number(), content: z.string() });

/**
 * Adds a message, once for each author's `key`: said again with the same content it is the same message, with other
 * content `message_conflict`. Two writes: the key first, which fixes the time, so that a crash between can be repeated.
 */
export async function addMessage(
  call: Call,
  request: string,
  who: Who,
  draft: Draft,
): Promise<Result<Message, 'message_conflict'>> {
  const id = await messageId(who, draft.key);
  const pk = threadPartition(request);
  const content = await contentHash([draft.kind, draft.text, (draft.attachments ?? []).map(({ id }) => id)]);
  const marked = await call.tables.put('requests', { pk, sk: `!${id}`, at: call.now, content }, ABSENT);
  const marker = marked.ok ? { at: call.now, content } : Marker.parse(marked.old);
  if (marker.content !== content)
    return refuse(
      'message_conflict',
      'This externalId came with another message before; use a new one for a new message.',
      { extra: { field: 'externalId' } },
    );
  return ok(await putMessage(call, request, who, draft, id, marker.at));
}

/**
 * Adds what the market itself puts into a thread, with a time that follows from its cause: one write, and repeating it
 * changes nothing.
 */
export async function addMessageOf(call: Call, request: string, who: Who, draft: Draft, at: number): Promise<Message> {
  return putMessage(call, request, who, draft, await messageId(who, draft.key), at);
}

const messageId = (who: Who, key: string): Promise<string> =>
  shortHash(canonicalJson([who.author === 'customer' ? 'customer' : who.tenant, key]));

async function putMessage(
  call: Call,
  request: string,
  who: Who,
  draft: Draft,
  id: string,
  at: number,
): Promise<Message> {
  const said = { text: draft.text, attachments: [...(draft.attachments ?? [])] };
  const message: Message = {
    pk: threadPartition(request),
    sk: `${timeKey(at)}#${id}`,
    id,
    kind: draft.kind,
    author: who.author,
    tenant: who.tenant,
    user: who.user,
    ...said,
    lease: draft.lease ?? null,
    at,
    contentHash: await messageHash(said),
    erasedAt: null,
  };
  const written = await call.tables.put('requests', message, ABSENT);
  return written.ok ? message : Message.parse(written.old);
}

/** Whether a message with this author's `key` was taken before, whatever became of the author's turn since. */
export async function findMessage(call: Call, request: string, who: Who, key: string): Promise<Message | undefined> {
  const id = await messageId(who, key);
  const pk = threadPartition(request);
  const marker = await call.tables.get('requests', { pk, sk: `!${id}` }, Marker, { consistent: true });
  if (marker === undefined) return undefined;
  return call.tables.get('requests', { pk, sk: `${timeKey(marker.at)}#${id}` }, Message, { consistent: true });
}

export type ThreadPage = {
  limit: number;
  order?: 'oldest' | 'newest';
  /** Bounds in milliseconds, inclusive. */
  since?: number;
  until?: number;
  after?: Key;
};

/** A page of a thread, in order of time. */
export async function listMessages(call: Call, request: string, page: ThreadPage): Promise<Page<Message>> {
  const from = page.since === undefined ? FIRST : timeKey(page.since);
  const to = page.until === undefined ? LAST : `${timeKey(page.until)}~`;
  if (from > to) return { items: [], after: undefined };
  return call.tables.query('requests', Message, {
    pk: threadPartition(request),
    from,
    to,
    limit: page.limit,
    descending: page.order === 'newest',
    consistent: true,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
}

/** Every message of a thread, oldest first: for receipts, export and erasure. */
export async function allMessages(call: Call, request: string): Promise<Message[]> {
  return call.tables.queryAll('requests', Message, {
    pk: threadPartition(request),
    from: FIRST,
    to: LAST,
    consistent: true,
  });
}
