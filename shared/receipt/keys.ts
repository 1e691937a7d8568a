/**
 * The keys that receipts are signed with: Ed25519, one at a time. A key signs the receipts of its period for ever, so that
 * a receipt is the same whenever it is asked for; its public half stays published.
 */
import * as z from 'zod';
import { Instant } from '../kernel/time.ts';

const Point = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** A public key as the JWKS publishes it. */
export const ReceiptJwk = z
  .object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    alg: z.literal('EdDSA'),
    use: z.literal('sig'),
    kid: z.string().min(1).max(100),
    x: Point,
    activeFrom: Instant.meta({ description: 'It signs outcomes from here on' }),
    retiredAt: Instant.nullable().meta({ description: 'and until here, which is when the next one began' }),
  })
  .meta({ id: 'ReceiptJwk' });
export type ReceiptJwk = z.infer<typeof ReceiptJwk>;

export const Jwks = z.object({ keys: z.array(ReceiptJwk) }).meta({ id: 'Jwks' });
export type Jwks = z.infer<typeof Jwks>;

/** With its secret half: the content of the secret, oldest first. */
export const ReceiptKey = z.object({ ...ReceiptJwk.shape, d: Point });
export type ReceiptKey = z.infer<typeof ReceiptKey>;
export const ReceiptKeys = z.array(ReceiptKey).min(1);
export type ReceiptKeys = z.infer<typeof ReceiptKeys>;

export const jwksOf = (keys: ReceiptKeys): Jwks => ({ keys: keys.map(({ d: _secret, ...key }) => key) });

/** Whether a key is the one for outcomes of an instant (ms). */
export const isActiveAt = (key: Pick<ReceiptJwk, 'activeFrom' | 'retiredAt'>, at: number): boolean =>
  Date.parse(key.activeFrom) <= at && (key.retiredAt === null || at < Date.parse(key.retiredAt));

/** The key for outcomes of an instant. Throws where none is: the first key of a market is active from 1970 on. */
export function keyAt(keys: ReceiptKeys, at: number): ReceiptKey {
  const found = keys.find((key) => isActiveAt(key, at));
  if (found === undefined) throw new Error('no receipt key is active then');
  return found;
}

/**
 * The keys with a fresh one that takes over when it becomes active. Choose an instant that no receipt was signed for yet:
 * the market's present or later. Throws where that is not after the last key's own beginning.
 */
export function rotated(keys: readonly ReceiptKey[], fresh: ReceiptKey): ReceiptKeys {
  const last = keys.at(-1);
  if (last === undefined) return [fresh];
  if (Date.parse(fresh.activeFrom) <= Date.parse(last.activeFrom))
    throw new RangeError(`the new key must become active after ${last.activeFrom}`);
  return [...keys.slice(0, -1), { ...last, retiredAt: fresh.activeFrom }, fresh];
}
