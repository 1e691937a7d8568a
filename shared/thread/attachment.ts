/** Files that messages refer to: what may be attached, where it is kept, and the gateway that keeps it. */
import * as z from 'zod';
import { Instant } from '../kernel/time.ts';

export const MOST_ATTACHMENTS = 5;
export const MOST_FILE_BYTES = 20 * 1024 * 1024;
/** How long an upload may take from asking for it, and how long a link to a file works: milliseconds of machine time. */
export const UPLOAD_MS = 15 * 60_000;
export const DOWNLOAD_MS = 5 * 60_000;

export const FileType = z
  .enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'text/plain'])
  .meta({ id: 'FileType', description: 'What may be attached; the content must be what it says' });
export type FileType = z.infer<typeof FileType>;

export const AttachmentId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, 'is not an attachment id')
  .meta({ description: "An attachment's id, given when its upload was asked for" });

const FileName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine((name) => !/[/\\]|\p{Cc}/u.test(name), { message: 'must be a name without / and \\' });

export const AttachmentInput = z
  .strictObject({ name: FileName, type: FileType, sizeBytes: z.int().min(1).max(MOST_FILE_BYTES) })
  .meta({ id: 'AttachmentInput' });
export type AttachmentInput = z.infer<typeof AttachmentInput>;

/** A file as messages keep it. */
export const AttachmentFacts = z.object({
  id: AttachmentId,
  name: z.string(),
  type: FileType,
  sizeBytes: z.int(),
  sha256: z.string(),
});
export type AttachmentFacts = z.infer<typeof AttachmentFacts>;

export const AttachmentView = AttachmentFacts.omit({ sha256: true }).meta({ id: 'AttachmentView' });

/** An attachment's item: asked for, and kept once its content was checked. */
export const Attachment = z.object({
  pk: z.string(),
  sk: z.string(),
  id: AttachmentId,
  /** Who may attach it: the tenant that asked for the upload, `customer` for the customer. */
  owner: z.string(),
  name: z.string(),
  type: FileType,
  sizeBytes: z.int(),
  at: z.number(),
  /** Of the checked content; null before. */
  sha256: z.string().nullable(),
  /** Whether customers may fetch it: those of notes they may not. Null before a message refers to it. */
  kind: z.enum(['message', 'note']).nullable(),
  erasedAt: z.number().nullable(),
});
export type Attachment = z.infer<typeof Attachment>;

export const Upload = z
  .object({
    attachment: AttachmentId,
    url: z.string().meta({ description: 'POST here as multipart/form-data: every field, then the file as `file`' }),
    fields: z.record(z.string(), z.string()),
    expiresAt: Instant,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof Upload>;

export const Download = z
  .object({ url: z.string().meta({ description: 'Works for five minutes, and saves the file' }), expiresAt: Instant })
  .meta({ id: 'Download' });

/** A form that uploads one file, as signed by the gateway. */
export type SignedForm = { url: string; fields: Record<string, string> };
/** What an upload's signature fixes. `expiresAt` is machine time in milliseconds. */
export type UploadTerms = { type: FileType; sizeBytes: number; expiresAt: number };
/** What a download's signature fixes: the answer's headers. `expiresAt` is machine time in milliseconds. */
export type DownloadTerms = { name: string; type: FileType; expiresAt: number };

/**
 * Where files are kept, outside the tables: a bucket in the cloud, a folder on one machine. What is uploaded is apart from
 * what is kept, and goes away by itself; only checked bytes are kept, so that nobody can change them afterwards.
 */
export type Files = {
  signUpload(key: string, terms: UploadTerms): Promise<SignedForm>;
  /** The uploaded bytes; undefined where nothing has come, or more than `mostBytes`. */
  readUpload(key: string, mostBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  keep(key: string, bytes: Uint8Array<ArrayBuffer>, type: FileType): Promise<void>;
  /** A link that saves the kept file under its name; it works until `expiresAt`. */
  signDownload(key: string, terms: DownloadTerms): Promise<string>;
  /** Removes upload and kept file; what is not there is no failure. */
  remove(key: string): Promise<void>;
};

/** `attachment; filename=…` by RFC 6266, with RFC 8187's form for other letters than ASCII's. */
export function contentDisposition(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
