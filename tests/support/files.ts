/** Attachments over real HTTP: a front for an edge's files, and the upload of a signed form. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestEdge } from './edge.ts';

export type UploadForm = { attachment: string; url: string; fields: Record<string, string> };

/** Serves the edge's files on a free port of the loopback interface; the answer stops it. */
export async function serveFiles(edge: TestEdge): Promise<() => void> {
  const front = createServer((request, response) => {
    void edge.files.answer(request, request.url ?? '').then((answer) => {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  });
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  edge.files.servedAt(`http://127.0.0.1:${(front.address() as AddressInfo).port}`);
  return () => void front.close();
}

/** Posts a file by its form, with fields changed; answers the HTTP status. */
export async function upload(
  { url, fields }: UploadForm,
  bytes: Uint8Array<ArrayBuffer>,
  change: Record<string, string> = {},
): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.append(name, value);
  form.append('file', new Blob([bytes]), 'upload');
  return (await fetch(url, { method: 'POST', body: form })).status;
}
