/** A certificate's document on its way to the market. */
import type { Upload } from '../../../../shared/thread/attachment.ts';
import { call } from '../../api/call.ts';

/** Uploads the document by the form that the market gave, and has it looked at. Saying so again is harmless. */
export async function uploadDocument(
  certificate: string,
  { url, fields }: Pick<Upload, 'url' | 'fields'>,
  file: File,
  onSent: () => void,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  const answer = await fetch(url, { method: 'POST', body: form });
  if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`);
  onSent();
  await call('post', '/v1/certificates/{certificate}/complete', { path: { certificate } });
}
