import fc from 'fast-check';
import { CompactSign, importJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { base64url, canonicalJson, fromBase64url } from '../kernel/hash.ts';
import { newReceiptKey, RECEIPT_TYPE, signReceipt } from './jws.ts';
import { type Jwks, jwksOf, keyAt, type ReceiptKeys, rotated } from './keys.ts';
import type { Receipt } from './receipt.ts';
import { verifyReceipt } from './verify.ts';

const ROTATED = Date.parse('2026-03-01T00:00:00.000Z');
const REQUEST = 'co_aaaa000001.AAAAAAAAAAAAAAAAAAAAAA';
const receipt = (more: Partial<Receipt> = {}): Receipt => ({
  type: 'parley.receipt',
  version: 1,
  audience: 'company',
  request: REQUEST,
  lease: `72-168.1770000000000.0.${REQUEST}.BBBBBBBBBBBBBBBBBBBBBB`,
  company: 'co_aaaa000001',
  provider: 'pr_pool000001',
  queue: 'mortgage-web-en-us-us-standard-usd',
  round: 1,
  termsVersion: 1,
  claim: {
    outcome: 'solved',
    summaryHash: 'CCCCCCCCCCCCCCCCCCCCCC',
    evidenceHash: 'DDDDDDDDDDDDDDDDDDDDDD',
    claimedAt: '2026-02-02T09:00:00.000Z',
    resolvedAt: '2026-02-02T09:05:00.000Z',
    deadline: '2026-02-04T09:00:00.000Z',
  },
  confirmation: { kind: 'confirmed', at: '2026-02-02T10:00:00.000Z', by: 'customer' },
  thread: { words: 'EEEEEEEEEEEEEEEEEEEEEE', messages: null },
  price: { currency: 'USD', micros: 1_200_000, means: 'charged' },
  settledAt: '2026-02-09T09:05:00.000Z',
  ...more,
});

let keys: ReceiptKeys;
let jwks: Jwks;
beforeAll(async () => {
  keys = rotated([await newReceiptKey(0)], await newReceiptKey(ROTATED));
  jwks = jwksOf(keys);
});

describe('a signed receipt', () => {
  it('holds, says the same as was signed, and is the same text each time, also after the next rotation', async () => {
    const first = await signReceipt(receipt(), keys);
    expect(await verifyReceipt(first, jwks)).toEqual({ ok: true, receipt: receipt(), kid: keys[0]!.kid });
    const later = rotated(keys, await newReceiptKey(ROTATED + 1));
    expect(await signReceipt(receipt(), later)).toBe(first);
    expect((await verifyReceipt(first, jwksOf(later))).ok).toBe(true);
  });

  it('is signed by the key of its own time, to the millisecond of the rotation', async () => {
    const at = (settledAt: string) => signReceipt(receipt({ settledAt }), keys).then((jws) => verifyReceipt(jws, jwks));
    expect(await at('2026-02-28T23:59:59.999Z')).toMatchObject({ kid: keys[0]!.kid });
    expect(await at('2026-03-01T00:00:00.000Z')).toMatchObject({ kid: keys[1]!.kid });
  });

  it('publishes no secret half of a key', () => {
    expect(JSON.stringify(jwks)).not.toContain(keys[0]!.d);
    expect(Object.keys(jwks.keys[0]!)).not.toContain('d');
  });

  it('is refused with any one character of header, content or signature changed', async () => {
    const jws = await signReceipt(receipt(), keys);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: jws.length - 1 }), fc.constantFrom('A', 'B', '_', '9'), async (at, character) => {
        // The last character of 64 bytes carries two bits that mean nothing, so it may be written in four ways.
        if (jws[at] === character || jws[at] === '.' || at === jws.length - 1) return;
        const changed = jws.slice(0, at) + character + jws.slice(at + 1);
        expect((await verifyReceipt(changed, jwks)).ok, `at ${at}`).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

const private_ = async (n: number) => {
  const { kty, crv, x, d } = keys[n]!;
  return importJWK({ kty, crv, x, d }, 'EdDSA');
};
async function signed(content: unknown, header: Record<string, unknown> = {}, key = 0): Promise<string> {
  const text = typeof content === 'string' ? content : canonicalJson(content);
  return new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: 'EdDSA', kid: keys[key]!.kid, typ: RECEIPT_TYPE, ...header })
    .sign(await private_(key));
}
const withPart = (jws: string, part: number, value: unknown) => {
  const parts = jws.split('.');
  parts[part] = base64url(new TextEncoder().encode(JSON.stringify(value)));
  return parts.join('.');
};

describe('tampering is refused by name:', () => {
  it('format, where it is no JWS', async () => {
    for (const text of ['', 'a.b', '{"price":1}', 'a.b.c.d'])
      expect(await verifyReceipt(text, jwks)).toMatchObject({ ok: false, failed: 'format' });
  });

  it('algorithm, where it is unsigned, signed by a weaker one, or another kind of token', async () => {
    const jws = await signReceipt(receipt(), keys);
    const unsigned = `${withPart(jws, 0, { alg: 'none', typ: RECEIPT_TYPE, kid: keys[0]!.kid })}`;
    expect(await verifyReceipt(unsigned, jwks)).toMatchObject({ failed: 'algorithm' });
    // The published key taken as a shared secret: the classical confusion.
    const secret = fromBase64url(keys[0]!.x);
    const confused = await new SignJWT({ ...receipt() })
      .setProtectedHeader({ alg: 'HS256', typ: RECEIPT_TYPE, kid: keys[0]!.kid })
      .sign(secret);
    expect(await verifyReceipt(confused, jwks)).toMatchObject({ failed: 'algorithm' });
    expect(await verifyReceipt(await signed(receipt(), { typ: 'JWT' }), jwks)).toMatchObject({ failed: 'algorithm' });
  });

  it('key, where the market never published it', async () => {
    const stranger = [await newReceiptKey(0)];
    expect(await verifyReceipt(await signReceipt(receipt(), stranger), jwks)).toMatchObject({ failed: 'key' });
  });

  it('signature, where a price was changed or another key signed', async () => {
    const jws = await signReceipt(receipt(), keys);
    const cheaper = receipt({ price: { currency: 'USD', micros: 1, means: 'charged' } });
    expect(await verifyReceipt(withPart(jws, 1, cheaper), jwks)).toMatchObject({ failed: 'signature' });
    const claimed = await signed(receipt(), { kid: keys[0]!.kid }, 1);
    expect(await verifyReceipt(claimed, jwks)).toMatchObject({ failed: 'signature' });
  });

  it('content, where what is signed is no receipt, has a field more, or is written another way', async () => {
    expect(await verifyReceipt(await signed('no JSON'), jwks)).toMatchObject({ failed: 'content' });
    expect(await verifyReceipt(await signed({ ...receipt(), version: 2 }), jwks)).toMatchObject({ failed: 'content' });
    expect(await verifyReceipt(await signed({ ...receipt(), note: 'x' }), jwks)).toMatchObject({ failed: 'content' });
    const spaced = JSON.stringify(receipt(), null, 1);
    expect(await verifyReceipt(await signed(spaced), jwks)).toMatchObject({ failed: 'content' });
  });

  it('order, where it is confirmed before it is resolved, or billed though it was reopened', async () => {
    const early = receipt({ confirmation: { kind: 'confirmed', at: '2026-02-02T09:04:59.999Z', by: 'customer' } });
    expect(await verifyReceipt(await signed(early), jwks)).toMatchObject({ failed: 'order' });
    const reopened = { kind: 'reopened', at: '2026-02-03T09:00:00.000Z', by: 'customer' } as const;
    expect(await verifyReceipt(await signed(receipt({ confirmation: reopened })), jwks)).toMatchObject({
      failed: 'order',
    });
    const priced = receipt({ confirmation: reopened, settledAt: null });
    expect(await verifyReceipt(await signed(priced), jwks)).toMatchObject({ failed: 'order' });
    expect(await verifyReceipt(await signed({ ...priced, price: null }), jwks)).toMatchObject({ ok: true });
  });

  it('period, where a key signs for a time that is not its own', async () => {
    expect(await verifyReceipt(await signed(receipt(), {}, 1), jwks)).toMatchObject({ failed: 'period' });
  });
});

describe('keys', () => {
  it('follow each other without a gap, and never into the past of the last one', async () => {
    expect(keys[0]!.retiredAt).toBe(keys[1]!.activeFrom);
    expect(keyAt(keys, ROTATED - 1)).toBe(keys[0]);
    const fresh = await newReceiptKey(ROTATED);
    expect(() => rotated(keys, fresh)).toThrow(RangeError);
  });
});
