/**
 * Attachments on one machine: a folder with `uploads/` and `kept/`, and the two paths by which files come and go, in the
 * shape of a bucket's: a signed form to `POST /files`, a signed link `GET /files/<token>`.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import * as z from 'zod';
import { type SigningKeys, sign, unsign } from '../../shared/kernel/sign.ts';
import { DAY, machineClock } from '../../shared/kernel/time.ts';
import { contentDisposition, type Files, FileType, MOST_FILE_BYTES } from '../../shared/thread/attachment.ts';
import type { HttpAnswer } from './http-event.ts';

export const FILES_PATH = '/files';
/** What a form has besides its file, at the most. */
const FORM_BYTES = 16 * 1024;
const KEY = /^[A-Za-z0-9_.-]{1,80}\/[A-Za-z0-9_-]{22}$/;

const UploadToken = z.object({
  key: z.string().regex(KEY),
  type: FileType,
  sizeBytes: z.int().max(MOST_FILE_BYTES),
  expiresAt: z.number(),
});
const DownloadToken = z.object({ key: z.string().regex(KEY), name: z.string(), type: FileType, expiresAt: z.number() });

export type FolderFiles = Files & {
  /** Tells where the front listens, once that is known. */
  servedAt(baseUrl: string): void;
  /** Answers a call to `/files` or below. */
  answer(request: IncomingMessage, path: string): Promise<HttpAnswer>;
  /** Removes uploads that nobody completed within a day, as the bucket's lifecycle does. */
  clean(): Promise<void>;
};

/** Files in a folder, made when the first one comes; links and forms are signed with `key`. */
export function folderFiles(folder: string, key: SigningKeys): FolderFiles {
  let base = '';
  const uploads = join(folder, 'uploads');
  const uploaded = (name: string) => join(uploads, name);
  const kept = (name: string) => join(folder, 'kept', name);

  async function upload(request: IncomingMessage): Promise<HttpAnswer> {
    if (Number(request.headers['content-length'] ?? Number.NaN) > MOST_FILE_BYTES + FORM_BYTES)
      return plain(413, 'The form is too large.');
    const form = await readForm(request);
    const policy = form?.get('policy');
    const token = UploadToken.safeParse(await unsign(key, 'upload', typeof policy === 'string' ? policy : ''));
    const file = form?.get('file');
    if (form === undefined || !(file instanceof File))
      return plain(400, 'Send multipart/form-data with the fields of the form and the file as `file`.');
    if (!token.success || form.get('key') !== token.data.key) return plain(403, 'The form is not signed by us.');
    if (machineClock.now() >= token.data.expiresAt) return plain(403, 'The form has ended: ask for another upload.');
    if (form.get('Content-Type') !== token.data.type) return plain(403, 'The form is signed for another type.');
    if (file.size !== token.data.sizeBytes)
      return plain(400, `The file has ${file.size} bytes; the form is signed for ${token.data.sizeBytes}.`);
    await write(uploaded(token.data.key), new Uint8Array(await file.arrayBuffer()));
    return { status: 204, headers: {}, body: '' };
  }

  async function download(token: string): Promise<HttpAnswer> {
    const link = DownloadToken.safeParse(await unsign(key, 'download', token));
    if (!link.success) return plain(403, 'The link is not signed by us.');
    if (machineClock.now() >= link.data.expiresAt) return plain(403, 'The link has ended: ask for another one.');
    const bytes = await read(kept(link.data.key));
    if (bytes === undefined) return plain(404, 'There is no such file.');
    return {
      status: 200,
      headers: {
        'content-type': link.data.type,
        'content-disposition': contentDisposition(link.data.name),
        'cache-control': 'private, no-store',
        'content-security-policy': "default-src 'none'; sandbox",
      },
      body: bytes,
    };
  }

  return {
    servedAt: (baseUrl) => {
      base = baseUrl;
    },
    signUpload: async (name, { type, sizeBytes, expiresAt }) => ({
      url: `${base}${FILES_PATH}`,
      fields: {
        key: name,
        'Content-Type': type,
        policy: await sign(key, 'upload', { key: name, type, sizeBytes, expiresAt }),
      },
    }),
    readUpload: async (name, mostBytes) => {
      const bytes = await read(uploaded(name));
      return bytes === undefined || bytes.length > mostBytes ? undefined : new Uint8Array(bytes);
    },
    keep: async (name, bytes) => write(kept(name), bytes),
    signDownload: async (name, { name: fileName, type, expiresAt }) =>
      `${base}${FILES_PATH}/${await sign(key, 'download', { key: name, name: fileName, type, expiresAt })}`,
    remove: async (name) => {
      for (const path of [uploaded(name), kept(name)]) await rm(path, { force: true });
    },
    answer: async (request, path) => {
      if (path === FILES_PATH && request.method === 'POST') return upload(request);
      if (path.startsWith(`${FILES_PATH}/`) && (request.method === 'GET' || request.method === 'HEAD'))
        return download(path.slice(FILES_PATH.length + 1));
      return plain(405, 'POST a signed form to /files, or GET a signed link.');
    },
    clean: async () => {
      const all = await readdir(uploads, { recursive: true, withFileTypes: true }).catch(() => []);
      for (const file of all.filter((entry) => entry.isFile())) {
        const path = join(file.parentPath, file.name);
        if ((await stat(path)).mtimeMs < machineClock.now() - DAY) await rm(path, { force: true });
      }
    },
  };
}

/** Whole or not at all: a reader never sees half a file. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, bytes, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function read(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** The form of a call; undefined where it is none, or larger than any file may be. */
async function readForm(request: IncomingMessage): Promise<FormData | undefined> {
  let size = 0;
  const limited = request.pipe(
    new Transform({
      transform(part: Buffer, _encoding, done) {
        size += part.length;
        done(size > MOST_FILE_BYTES + FORM_BYTES ? new Error('too large') : null, part);
      },
    }),
  );
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  try {
    return await new Response(Readable.toWeb(limited) as ReadableStream, { headers }).formData();
  } catch {
    return undefined;
  }
}

const plain = (status: number, text: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: `${text}\n`,
});
