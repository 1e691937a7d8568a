/** What only the owner of a data folder may read, in one file of mode 600: made once, kept as long as the folder. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { base64url, fromBase64url } from '../../shared/kernel/hash.ts';
import type { DataFolder } from './data-folder.ts';
import { IssuerKeys, newIssuerKeys } from './issuer.ts';

const FILE = 'secrets.json';
const Secrets = z.object({ signingKey: z.string().min(43), issuer: IssuerKeys });

/** The key under which cursors and links are signed, and the issuer's key pair. */
export async function openSecrets(
  folder: DataFolder,
): Promise<{ signingKey: Uint8Array<ArrayBuffer>; issuer: IssuerKeys }> {
  let kept = folder.readJson(FILE, Secrets);
  if (kept === undefined) {
    kept = { signingKey: base64url(randomBytes(32)), issuer: await newIssuerKeys() };
    folder.writeJson(FILE, kept, { mode: 0o600, flush: true });
  }
  return { signingKey: fromBase64url(kept.signingKey), issuer: kept.issuer };
}
