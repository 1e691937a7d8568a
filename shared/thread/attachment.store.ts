/**
 * Attachments `@<id>` in a request's thread: asked for, uploaded past us, checked and kept, then referred to by a message.
 * The file's key is `<request>/<id>`.
 */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { hexOf, sha256Bytes } from '../kernel/hash.ts';
import { randomToken } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type Key, keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import {
  Attachment,
  type AttachmentFacts,
  type AttachmentInput,
  DOWNLOAD_MS,
  type Files,
  type FileType,
  MOST_FILE_BYTES,
  UPLOAD_MS,
  type Upload,
} from './attachment.ts';
import { typeOf } from './file-type.ts';
import { threadPartition } from './thread.store.ts';
import type { MessageKind } from './thread.ts';

export const CUSTOMER_OWNER = 'customer';
const attachmentKey = (request: string, id: string): Key => ({ pk: threadPartition(request), sk: `@${id}` });
export const fileKey = (request: string, id: string): string => `${request}/${id}`;

/** Files and the machine's time in milliseconds, by which signatures end. */
export type FileAccess = { files: Files; machineNow: number };

/** Asks for an upload: a signed form that takes this type and size for a quarter of an hour. */
export async function askUpload(
  call: Call,
  { files, machineNow }: FileAccess,
  request: string,
  owner: string,
  input: AttachmentInput,
): Promise<Upload> {
  const id = randomToken(16);
  const attachment: Attachment = {
    ...attachmentKey(request, id),
    id,
    owner,
    ...input,
    at: call.now,
    sha256: null,
    kind: null,
    erasedAt: null,
  };
  await call.tables.put('requests', attachment);
  const expiresAt = machineNow + UPLOAD_MS;
  const form = await files.signUpload(fileKey(request, id), {
    type: input.type,
    sizeBytes: input.sizeBytes,
    expiresAt,
  });
  return { attachment: id, ...form, expiresAt: iso(expiresAt) };
}

export type CompleteRefusal = 'not_found' | 'attachment_missing' | 'attachment_mismatch';

/**
 * Checks what was uploaded and keeps it: it must have the size and be of the type that was said. Repeating it changes
 * nothing; what was refused may be uploaded again while the form works.
 */
export async function completeAttachment(
  call: Call,
  files: Files,
  request: string,
  owner: string,
  id: string,
): Promise<Result<AttachmentFacts, CompleteRefusal>> {
  const found = await readAttachment(call, request, id);
  if (found === undefined || found.owner !== owner || found.erasedAt !== null)
    return refuse('not_found', 'There is no such attachment of yours.');
  if (found.sha256 !== null) return ok(factsOf(found, found.sha256));
  const kept = await keepUpload(files, fileKey(request, id), found);
  if (!kept.ok) return kept;
  const sha256 = kept.value;
  const written = await call.tables.update('requests', attachmentKey(request, id), { set: { sha256 } }, [
    ['present', 'pk'],
    ['=', 'sha256', null],
    ['=', 'erasedAt', null],
  ]);
  if (!written.ok) {
    const other = Attachment.safeParse(written.old);
    if (!other.success || other.data.erasedAt !== null || other.data.sha256 === null)
      return refuse('not_found', 'There is no such attachment of yours.');
    return ok(factsOf(other.data, other.data.sha256));
  }
  return ok(factsOf(found, sha256));
}

/** Checks what was uploaded under a key against what was said of it, and keeps it; answers its SHA-256. */
export async function keepUpload(
  files: Files,
  key: string,
  said: { type: FileType; sizeBytes: number },
): Promise<Result<string, 'attachment_missing' | 'attachment_mismatch'>> {
  const bytes = await files.readUpload(key, MOST_FILE_BYTES);
  if (bytes === undefined)
    return refuse('attachment_missing', 'Nothing has been uploaded yet: POST the file with all fields of its form.');
  const actual = typeOf(bytes);
  if (actual !== said.type || bytes.length !== said.sizeBytes)
    return refuse(
      'attachment_mismatch',
      `What was uploaded is ${actual ?? 'of a type that is not taken'} with ${bytes.length} bytes; said were ${said.type} with ${said.sizeBytes}. Ask for another upload.`,
      { extra: { type: actual ?? 'unknown', sizeBytes: bytes.length } },
    );
  // The very bytes that were checked: whatever is uploaded later changes nothing.
  await files.keep(key, bytes, said.type);
  return ok(hexOf(await sha256Bytes(bytes)));
}

/**
 * The facts of attachments that a message refers to, in its order. Customers may fetch what a message
 * refers to, not what only notes do. Refused: `attachment_not_ready`, where one is not there, another's, or not completed.
 */
export async function takeAttachments(
  call: Call,
  request: string,
  owner: string,
  kind: MessageKind,
  ids: readonly string[],
): Promise<Result<AttachmentFacts[], 'attachment_not_ready'>> {
  const wanted = [...new Set(ids)];
  const keys = wanted.map((id) => attachmentKey(request, id));
  const found = await call.tables.getMany('requests', keys, Attachment, { consistent: true });
  const ready = keys.flatMap((key) => {
    const one = found.get(keyText(key));
    return one === undefined || one.owner !== owner || one.sha256 === null || one.erasedAt !== null ? [] : [one];
  });
  if (ready.length < wanted.length) {
    const missing = wanted.filter((id) => !ready.some((one) => one.id === id));
    return refuse('attachment_not_ready', `Not completed, or not yours: ${missing.join(', ')}.`, {
      extra: { field: 'attachments' },
    });
  }
  await mapConcurrent(ready, 5, async (one) => {
    if (one.kind === 'message' || one.kind === kind) return;
    await call.tables.update('requests', attachmentKey(request, one.id), { set: { kind } }, [
      ['present', 'pk'],
      ['<>', 'kind', 'message'],
    ]);
  });
  return ok(ready.map((one) => factsOf(one, one.sha256 ?? '')));
}

/** A link to a kept file, which saves it and works for five minutes. `mayFetch` says who may. */
export async function linkTo(
  call: Call,
  { files, machineNow }: FileAccess,
  request: string,
  id: string,
  mayFetch: (attachment: Attachment) => boolean,
): Promise<Result<{ url: string; expiresAt: string }, 'not_found'>> {
  const found = await readAttachment(call, request, id);
  if (found === undefined || found.sha256 === null || found.erasedAt !== null || !mayFetch(found))
    return refuse('not_found', 'There is no such attachment.');
  const expiresAt = machineNow + DOWNLOAD_MS;
  const url = await files.signDownload(fileKey(request, id), { name: found.name, type: found.type, expiresAt });
  return ok({ url, expiresAt: iso(expiresAt) });
}

async function readAttachment(call: Call, request: string, id: string): Promise<Attachment | undefined> {
  return call.tables.get('requests', attachmentKey(request, id), Attachment, { consistent: true });
}

/** All attachments of a thread, also those that no message refers to. */
export async function allAttachments(call: Call, request: string): Promise<Attachment[]> {
  return call.tables.queryAll('requests', Attachment, { pk: threadPartition(request), prefix: '@', consistent: true });
}

const factsOf = ({ id, name, type, sizeBytes }: Attachment, sha256: string): AttachmentFacts => ({
  id,
  name,
  type: type satisfies FileType,
  sizeBytes,
  sha256,
});
