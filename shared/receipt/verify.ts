/** Checks a receipt with nothing but its text and the market's public keys. A browser runs it too. */
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { canonicalJson } from '../kernel/hash.ts';
import { ALGORITHM, RECEIPT_TYPE } from './jws.ts';
import { isActiveAt, type Jwks, type ReceiptJwk } from './keys.ts';
import { Receipt, receiptTime } from './receipt.ts';

/** What is checked, in this order; the first that fails ends it. */
export const RECEIPT_CHECKS = {
  format: 'it is a compact JWS',
  algorithm: `it is signed by ${ALGORITHM} as a receipt, and by nothing weaker`,
  key: 'its key is one that the market publishes',
  signature: 'nothing in it was changed since it was signed',
  content: 'it says what a receipt of version 1 says, in the one way to write it',
  order: 'its times follow each other as the rules say',
  period: 'its key was the one for outcomes of its time',
} as const;
export type ReceiptCheck = keyof typeof RECEIPT_CHECKS;

export type Verified =
  | { ok: true; receipt: Receipt; kid: string }
  | { ok: false; failed: ReceiptCheck; detail: string };

const failed = (check: ReceiptCheck, detail: string): Verified => ({ ok: false, failed: check, detail });

/** The receipt, or the first check that fails, by name. */
export async function verifyReceipt(text: string, jwks: Jwks): Promise<Verified> {
  const header = headerOf(text.trim());
  if (header === undefined) return failed('format', 'three parts in base64url, divided by dots, were expected');
  if (header.alg !== ALGORITHM || header.typ !== RECEIPT_TYPE)
    return failed('algorithm', `its header says ${String(header.alg)} and ${String(header.typ)}`);
  const key = jwks.keys.find((one) => one.kid === header.kid);
  if (key === undefined) return failed('key', `there is no key ${String(header.kid)} among the published ones`);
  const payload = await payloadOf(text.trim(), key);
  if (payload === undefined) return failed('signature', 'the signature does not fit header and content');
  const receipt = contentOf(payload);
  if (typeof receipt === 'string') return failed('content', receipt);
  const wrong = wrongOrder(receipt);
  if (wrong !== undefined) return failed('order', wrong);
  if (!isActiveAt(key, receiptTime(receipt)))
    return failed('period', `the key was active from ${key.activeFrom} until ${key.retiredAt ?? 'now'}`);
  return { ok: true, receipt, kid: key.kid };
}

function headerOf(text: string): { alg?: unknown; typ?: unknown; kid?: unknown } | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return undefined;
  try {
    return decodeProtectedHeader(text);
  } catch {
    return undefined;
  }
}

async function payloadOf(text: string, { kty, crv, x }: ReceiptJwk): Promise<string | undefined> {
  try {
    const key = await importJWK({ kty, crv, x }, ALGORITHM);
    const { payload } = await compactVerify(text, key, { algorithms: [ALGORITHM] });
    return new TextDecoder().decode(payload);
  } catch {
    return undefined;
  }
}

/** The receipt, or what is wrong with it. */
function contentOf(payload: string): Receipt | string {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return 'it is not JSON';
  }
  const parsed = Receipt.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') || 'the receipt'}: ${issue?.message ?? 'does not fit'}`;
  }
  return canonicalJson(parsed.data) === payload ? parsed.data : 'it is not in canonical form';
}

function wrongOrder({ claim, confirmation, settledAt, price }: Receipt): string | undefined {
  const times = [claim.claimedAt, claim.resolvedAt, confirmation.at, ...(settledAt === null ? [] : [settledAt])];
  const late = times.findIndex((time, i) => i > 0 && Date.parse(time) < Date.parse(times[i - 1]!));
  if (late > 0) return `${times[late]} comes after ${times[late - 1]}`;
  const isBilled = confirmation.kind === 'confirmed' || confirmation.kind === 'assumed';
  if (isBilled !== (settledAt !== null)) return `what was ${confirmation.kind} ${isBilled ? 'is' : 'is not'} settled`;
  return !isBilled && price !== null ? `what was ${confirmation.kind} is not billed` : undefined;
}
