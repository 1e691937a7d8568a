/** Signing: a compact JWS (RFC 7515) by Ed25519 (RFC 8037), which is deterministic, over canonical JSON. */
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { canonicalJson } from '../kernel/hash.ts';
import { iso } from '../kernel/time.ts';
import { keyAt, ReceiptKey, type ReceiptKeys } from './keys.ts';
import { type Receipt, receiptTime } from './receipt.ts';

export const ALGORITHM = 'EdDSA';
/** The `typ` of a receipt's header: no token of another kind is ever taken for one. */
export const RECEIPT_TYPE = 'parley-receipt+jws';

/** Signs with the key of the receipt's own time. The same receipt and keys give the same text. */
export async function signReceipt(receipt: Receipt, keys: ReceiptKeys): Promise<string> {
  const { kid, kty, crv, x, d } = keyAt(keys, receiptTime(receipt));
  const key = await importJWK({ kty, crv, x, d }, ALGORITHM);
  return new CompactSign(new TextEncoder().encode(canonicalJson(receipt)))
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: RECEIPT_TYPE })
    .sign(key);
}

/** A fresh key; its id is its thumbprint (RFC 7638). `activeFrom` in ms, 0 for the first of a market. */
export async function newReceiptKey(activeFrom: number): Promise<ReceiptKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const { kty, crv, x, d } = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: String(x) });
  return ReceiptKey.parse({
    kty,
    crv,
    alg: ALGORITHM,
    use: 'sig',
    kid,
    x,
    d,
    activeFrom: iso(activeFrom),
    retiredAt: null,
  });
}
