/**
 * A bucket of tokens per source address, for calls without a login. One number is kept: when the bucket is full again
 * (the virtual schedule of ITU-T I.371). It is kept under a keyed hash of the address, expires, and says nothing else.
 */
import * as z from 'zod';
import { shortHash } from '../../shared/kernel/hash.ts';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';
import { keysOf, type SigningKeys } from '../../shared/kernel/sign.ts';
import { ABSENT, type Tables } from '../../shared/kernel/table.ts';
import { SECOND } from '../../shared/kernel/time.ts';

export type Bucket = {
  name: string;
  /** Calls at once at the most. */
  size: number;
  /** Milliseconds until one more is allowed. */
  refillMs: number;
};
export type Source = {
  tables: Tables;
  /** Undefined where the host gives none: all such calls share one bucket. */
  address: string | undefined;
  /** Keys the hash, so that nobody can look for an address in the table. */
  signingKey: SigningKeys;
  /** Machine time in milliseconds. */
  machineNow: number;
};

const Kept = z.object({ fullAt: z.number() });
/** Tries of one count while other calls of the same address come between reading and writing. */
const MOST_TRIES = 4;

/** Takes one token. Refused: `rate_limited`, with when there will be one. */
export async function takeToken(bucket: Bucket, source: Source): Promise<Result<null, 'rate_limited'>> {
  const { tables, machineNow } = source;
  const hash = await shortHash(`${keysOf(source.signingKey)[0].join('.')}|${bucket.name}|${source.address ?? ''}`);
  const key = { pk: `TB#${bucket.name}#${hash}`, sk: '-' };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const old = await tables.get('market', key, Kept, { consistent: true });
    const fullAt = Math.max(machineNow, old?.fullAt ?? 0) + bucket.refillMs;
    const waitMs = fullAt - machineNow - bucket.size * bucket.refillMs;
    if (waitMs > 0) return tooMany(Math.ceil(waitMs / SECOND));
    const ttl = Math.ceil(fullAt / SECOND) + 60;
    const when = old === undefined ? ABSENT : ([['=', 'fullAt', old.fullAt]] as const);
    if ((await tables.put('market', { ...key, fullAt, ttl }, when)).ok) return ok(null);
  }
  return tooMany(1);
}

const tooMany = (seconds: number) =>
  refuse('rate_limited', `Too many calls from this address: ask again in ${seconds} s.`, {
    retryable: true,
    extra: { retryAfterSeconds: seconds },
  });
