/** What only the owner of a data folder may read, in one file of mode 600: made once, kept as long as the folder. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { base64url } from '../../shared/kernel/hash.ts';
import { readSigningKeys, type SigningKeys } from '../../shared/kernel/sign.ts';
import { newReceiptKey } from '../../shared/receipt/jws.ts';
import { ReceiptKeys } from '../../shared/receipt/keys.ts';
import type { DataFolder } from './data-folder.ts';
import { IssuerKeys, newIssuerKeys } from './issuer.ts';

const FILE = 'secrets.json';
const Secrets = z.object({
  signingKey: z.string().min(43),
  issuer: IssuerKeys,
  /** Absent in a folder that is older than receipts. */
  receiptKeys: ReceiptKeys.optional(),
});

/** The key under which cursors and links are signed, the issuer's key pair, and the keys of receipts. */
export async function openSecrets(
  folder: DataFolder,
): Promise<{ signingKey: SigningKeys; issuer: IssuerKeys; receiptKeys: ReceiptKeys }> {
  const kept = folder.readJson(FILE, Secrets);
  const secrets = {
    signingKey: kept?.signingKey ?? base64url(randomBytes(32)),
    issuer: kept?.issuer ?? (await newIssuerKeys()),
    receiptKeys: kept?.receiptKeys ?? [await newReceiptKey(0)],
  };
  if (kept?.receiptKeys === undefined) folder.writeJson(FILE, secrets, { mode: 0o600, flush: true });
  return { ...secrets, signingKey: readSigningKeys(secrets.signingKey) };
}

/** Replaces the keys of receipts in a folder whose marketplace does not run. */
export function writeReceiptKeys(folder: DataFolder, receiptKeys: ReceiptKeys): void {
  const kept = folder.readJson(FILE, Secrets);
  folder.writeJson(FILE, { ...kept, receiptKeys }, { mode: 0o600, flush: true });
}

/** Takes the signing keys of a folder whose marketplace does not run a step further. */
export function changeSigningKeys(folder: DataFolder, step: (keys: string) => string): void {
  const kept = folder.readJson(FILE, Secrets);
  if (kept === undefined) throw new Error('this folder has no secrets yet: start its marketplace once');
  folder.writeJson(FILE, { ...kept, signingKey: step(kept.signingKey) }, { mode: 0o600, flush: true });
}
