/** Everything of one request, to be handed out to its customer or erased for them. */
import type { Call } from '../kernel/call.ts';
import { readHead, readWords, wordsKey } from '../request/request.store.ts';
import type { Words } from '../request/request.ts';
import { listAccess } from './access.store.ts';
import type { Access } from './access.ts';
import { allAttachments, fileKey } from './attachment.store.ts';
import type { Attachment, Files } from './attachment.ts';
import { allMessages } from './thread.store.ts';
import type { Message } from './thread.ts';

export type ThreadExport = {
  words: Words | null;
  messages: Message[];
  attachments: Attachment[];
  access: Access[];
};

/** All that is kept of a request's words, thread, attachments and looks at them; undefined where there is no request. */
export async function exportThread(call: Call, request: string): Promise<ThreadExport | undefined> {
  const head = await readHead(call, request, { consistent: true });
  if (head === undefined) return undefined;
  const [words, messages, attachments, access] = await Promise.all([
    readWords(call, head),
    allMessages(call, request),
    allAttachments(call, request),
    listAccess(call, head),
  ]);
  return { words: words ?? null, messages, attachments, access };
}

const ERASED = '';

/**
 * Erases what was said about a request: words, texts of messages, names of files and the files. Times, authors and hashes
 * stay, so a receipt's hash of the thread still fits. Repeating it changes nothing and goes on where it stopped; what is
 * said afterwards is kept until it is called again. `by` is who asked for it, kept with what was erased.
 */
export async function eraseThread(call: Call, files: Files, request: string, by: string): Promise<void> {
  const head = await readHead(call, request, { consistent: true });
  if (head === undefined) return;
  const gone = { erasedAt: call.now, erasedBy: by };
  // Attachments first: a message could not tell any more which files were its own.
  for (const attachment of await allAttachments(call, request)) {
    if (attachment.erasedAt !== null) continue;
    await files.remove(fileKey(request, attachment.id));
    await call.tables.update('requests', attachment, { set: { name: ERASED, ...gone } }, [['present', 'pk']]);
  }
  for (const message of await allMessages(call, request)) {
    if (message.erasedAt !== null) continue;
    const attachments = message.attachments.map((one) => ({ ...one, name: ERASED }));
    await call.tables.update('requests', message, { set: { text: ERASED, attachments, ...gone } }, [['present', 'pk']]);
  }
  await call.tables.update(
    'requests',
    wordsKey(head),
    { set: { text: ERASED, customer: ERASED, fields: {}, ...gone } },
    [['present', 'pk']],
  );
}
