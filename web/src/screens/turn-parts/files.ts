/** Files that go with a message of a turn: how they get to the market, and out of it. */
import { type FileType, MOST_ATTACHMENTS, MOST_FILE_BYTES } from '../../../../shared/thread/attachment.ts';
import { call } from '../../api/call.ts';

const TYPES: readonly FileType[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
];
export const ACCEPTED = TYPES.join(',');

export type Unfit = 'file.tooMany' | 'file.tooLarge' | 'file.type';

/** What is wrong with one file more beside so many others; null where it may go along. */
export function unfitOf({ size, type }: Pick<File, 'size' | 'type'>, before: number): Unfit | null {
  if (before >= MOST_ATTACHMENTS) return 'file.tooMany';
  if (!TYPES.includes(type as FileType) || size === 0) return 'file.type';
  return size > MOST_FILE_BYTES ? 'file.tooLarge' : null;
}

/** Uploads a file and has it checked; the answer is what a message refers to it by. */
export async function upload(lease: string, file: File): Promise<string> {
  const body = { name: nameOf(file.name), type: file.type as FileType, sizeBytes: file.size };
  const { attachment, url, fields } = await call('post', '/v1/leases/{lease}/attachments', { path: { lease }, body });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  const answer = await fetch(url, { method: 'POST', body: form });
  if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`);
  await call('post', '/v1/leases/{lease}/attachments/{attachment}/complete', { path: { lease, attachment } });
  return attachment;
}

/** Has the browser save an attached file. */
export async function download(lease: string, attachment: string): Promise<void> {
  const { url } = await call('get', '/v1/leases/{lease}/attachments/{attachment}', { path: { lease, attachment } });
  location.assign(url);
}

const MOST_LETTERS = 120;

/** A name that the market takes: no slashes or control characters, and its ending kept. */
export function nameOf(name: string): string {
  const plain = name.replaceAll(/[/\\]|\p{Cc}/gu, '_').trim() || 'file';
  if (plain.length <= MOST_LETTERS) return plain;
  const dot = plain.lastIndexOf('.');
  const ending = dot > 0 ? plain.slice(dot, dot + 10) : '';
  return plain.slice(0, MOST_LETTERS - ending.length) + ending;
}
