/** How a file gets to the market: a signed form, then the check. */
import type { FileType } from '../../../shared/thread/attachment.ts';
import { call } from './api.ts';
import { nameOf } from './files.ts';

/** Uploads a file and has it checked; the answer is what a message refers to it by. */
export async function upload(file: File): Promise<string> {
  const body = { name: nameOf(file.name), type: file.type as FileType, sizeBytes: file.size };
  const { attachment, url, fields } = await call('post', '/v1/links/{token}/attachments', { body });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  const answer = await fetch(url, { method: 'POST', body: form });
  if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`);
  const path = { attachment };
  await call('post', '/v1/links/{token}/attachments/{attachment}/complete', { path });
  return attachment;
}
