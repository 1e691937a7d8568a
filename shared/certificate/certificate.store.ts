/**
 * Certificates `CT#<organisation>` / `<id>` in the market table; those that wait for a check are in the index of what is
 * due under `certificates`, where nothing of them is due. The file's key is `<organisation>/<end of the id>`.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { type FileAccess, keepUpload } from '../thread/attachment.store.ts';
import { DOWNLOAD_MS, type Files, UPLOAD_MS, type Upload } from '../thread/attachment.ts';
import {
  type CertificateCheck,
  type CertificateInput,
  checked,
  organisationOf,
  StoredCertificate,
} from './certificate.ts';

/** The most certificates of an organisation, so that a list of them stays one answer. */
export const MOST_CERTIFICATES = 100;
const WAITING = 'certificates';
const keyOf = (id: string): Key => ({ pk: `CT#${organisationOf(id)}`, sk: id });
const fileKeyOf = (id: string): string => id.replace('.', '/');
const NONE = refuse('not_found', 'There is no such certificate.');

/**
 * Adds a certificate, whose document is uploaded by the form that comes with it. The id follows from the caller's key, so a
 * repeated call makes no second one and gives a fresh form. Refused: `too_many_certificates`.
 */
export async function addCertificate(
  call: Call,
  access: FileAccess,
  by: { organisation: string; user: string; key: string },
  input: CertificateInput,
): Promise<Result<{ certificate: StoredCertificate; upload: Upload }, 'too_many_certificates'>> {
  const { organisation, user } = by;
  const id = `${organisation}.${await shortHash(JSON.stringify(['certificate', organisation, by.key]))}`;
  const others = (await listCertificates(call, organisation)).filter((other) => other.id !== id);
  if (others.length >= MOST_CERTIFICATES)
    return refuse(
      'too_many_certificates',
      `You have ${MOST_CERTIFICATES} certificates already: take away one that is over.`,
    );
  const fresh: StoredCertificate = {
    id,
    organisation,
    ...input,
    sha256: null,
    addedAt: call.now,
    addedBy: user,
    check: null,
  };
  const written = await call.tables.put('market', { ...keyOf(id), ...fresh }, ABSENT);
  const certificate = written.ok ? fresh : StoredCertificate.parse(written.old);
  return ok({ certificate, upload: await formFor(access, certificate) });
}

async function formFor({ files, machineNow }: FileAccess, { id, document }: StoredCertificate): Promise<Upload> {
  const expiresAt = machineNow + UPLOAD_MS;
  const form = await files.signUpload(fileKeyOf(id), { type: document.type, sizeBytes: document.sizeBytes, expiresAt });
  return { attachment: id.slice(id.indexOf('.') + 1), ...form, expiresAt: iso(expiresAt) };
}

/** An organisation's certificates, the newest in front. */
export async function listCertificates(call: Call, organisation: string): Promise<StoredCertificate[]> {
  const page = { pk: `CT#${organisation}`, consistent: true };
  const all = await call.tables.queryAll('market', StoredCertificate, page);
  return all.sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1));
}

/** A certificate by its id, for the market's people. */
export const readCertificate = (call: Call, id: string): Promise<StoredCertificate | undefined> =>
  call.tables.get('market', keyOf(id), StoredCertificate, { consistent: true });

/** One's own certificate; another's is as if it did not exist. */
export async function readOwnCertificate(
  call: Call,
  organisation: string,
  id: string,
): Promise<StoredCertificate | undefined> {
  return organisationOf(id) === organisation ? readCertificate(call, id) : undefined;
}

export type CompleteRefusal = 'not_found' | 'attachment_missing' | 'attachment_mismatch';

/** Checks that the document is what was said and keeps it; then it waits for the market. Repeating it changes nothing. */
export async function completeCertificate(
  call: Call,
  files: Files,
  organisation: string,
  id: string,
): Promise<Result<StoredCertificate, CompleteRefusal>> {
  const found = await readOwnCertificate(call, organisation, id);
  if (found === undefined) return NONE;
  if (found.sha256 !== null) return ok(found);
  const kept = await keepUpload(files, fileKeyOf(id), found.document);
  if (!kept.ok) return kept;
  const set = { sha256: kept.value, dpk: WAITING, dsk: `${timeKey(call.now)}#${id}` };
  const written = await call.tables.update('market', keyOf(id), { set }, [
    ['present', 'pk'],
    ['=', 'sha256', null],
  ]);
  if (written.ok) return ok({ ...found, sha256: kept.value });
  return written.old === null ? NONE : ok(StoredCertificate.parse(written.old));
}

/** A link that saves the document, for five minutes. Refused: `not_found`, also before it has come. */
export async function linkToDocument(
  { files, machineNow }: FileAccess,
  certificate: StoredCertificate | undefined,
): Promise<Result<{ url: string; expiresAt: string }, 'not_found'>> {
  if (certificate === undefined || certificate.sha256 === null) return NONE;
  const { id, document } = certificate;
  const expiresAt = machineNow + DOWNLOAD_MS;
  const url = await files.signDownload(fileKeyOf(id), { name: document.name, type: document.type, expiresAt });
  return ok({ url, expiresAt: iso(expiresAt) });
}

/** Takes a certificate away with its document; false where there is none. What was decided on it stays in the audit trail. */
export async function removeCertificate(call: Call, files: Files, organisation: string, id: string): Promise<boolean> {
  if ((await readOwnCertificate(call, organisation, id)) === undefined) return false;
  // The file first: what is left after a crash is still listed, and can be taken away again.
  await files.remove(fileKeyOf(id));
  await call.tables.delete('market', keyOf(id));
  return true;
}

/** Writes down what a person of the market found. Refused: `not_found`, `attachment_missing`, `certificate_checked`. */
export async function checkCertificate(
  call: Call,
  id: string,
  by: string,
  input: CertificateCheck,
): Promise<Result<StoredCertificate, 'not_found' | 'attachment_missing' | 'certificate_checked'>> {
  const found = await readCertificate(call, id);
  if (found === undefined) return NONE;
  const decided = checked(found, input, by, call.now);
  if (!decided.ok || decided.value === found) return decided;
  const change = { set: { check: decided.value.check }, remove: ['dpk', 'dsk'] };
  const written = await call.tables.update('market', keyOf(id), change, [
    ['present', 'pk'],
    ['=', 'check', null],
  ]);
  if (written.ok) return decided;
  return written.old === null ? NONE : checked(StoredCertificate.parse(written.old), input, by, call.now);
}

/** A page of the certificates that wait for a check, the oldest in front. */
export async function listUnchecked(
  call: Call,
  page: { limit: number; after?: Item },
): Promise<{ items: StoredCertificate[]; after: Item | undefined }> {
  const found = await call.tables.query('market', z.object({ pk: z.string(), sk: z.string() }), {
    index: { name: 'due', pk: 'dpk', sk: 'dsk' },
    pk: WAITING,
    ...page,
  });
  const items = await call.tables.getMany('market', found.items, StoredCertificate, { consistent: true });
  return {
    // The index may be a moment late.
    items: found.items.flatMap((key) => items.get(keyText(key)) ?? []).filter(({ check }) => check === null),
    after: found.after as Item | undefined,
  };
}
