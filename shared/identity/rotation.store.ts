/** Another secret for an API key: the one before stays good for a stated time, so that programs can change over. */
import { sha256Hex } from '../kernel/hash.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Tables, type Write } from '../kernel/table.ts';
import { HOUR, SECOND } from '../kernel/time.ts';
import { shadowOf } from '../sandbox/sandbox.ts';
import { changingCallers } from './callers.ts';
import {
  ApiKeyItem,
  apiKeyKey,
  apiKeyOf,
  MOST_TRIES,
  newApiKey,
  type StoredApiKey,
  secretKey,
} from './identity.store.ts';
import type { ApiKey } from './identity.ts';

export type Rotation = {
  keyId: string;
  /** The secret before is good for so long; 0: no more. */
  overlapHours: number;
  idempotencyKey: string;
  /** Business time in milliseconds, for people to read. */
  now: number;
  /** Machine time in milliseconds, by which the secret before ends. */
  machineNow: number;
  /** Whether who asks may have this key's secret: it is told here. */
  mayHave: (key: ApiKey) => boolean;
};

type Rotated = Result<
  { key: ApiKey; secret: string | null },
  'not_found' | 'forbidden' | 'key_revoked' | 'still_running'
>;

/**
 * Gives a key of this organisation another secret. At most two are good at a time: one that was replaced earlier ends now.
 * The new one is in this answer and nowhere else: the same call again changes nothing and has `secret: null`.
 */
export async function rotateApiKey(tables: Tables, tenant: string, rotation: Rotation): Promise<Rotated> {
  const { keyId } = rotation;
  const id = (await sha256Hex(JSON.stringify(['rotation', tenant, keyId, rotation.idempotencyKey]))).slice(0, 24);
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const old = await tables.get('market', apiKeyKey(tenant, keyId), ApiKeyItem, { consistent: true });
    if (old === undefined) return refuse('not_found', 'You have no such key; GET /v1/api-keys lists them.');
    if (old.revokedAt !== null) return refuse('key_revoked', 'This key is revoked for good: make another one.');
    if (!rotation.mayHave(apiKeyOf(old)))
      return refuse('forbidden', 'This key may do more than the one you use: sign in to change its secret.');
    if (old.rotation === id) return ok({ key: apiKeyOf(old), secret: null });
    const secret = newApiKey(old.sandbox ? shadowOf(tenant) : tenant, keyId);
    const next = nextOf(old, await sha256Hex(secret), id, rotation);
    const written = await changingCallers(tables, [tenant], () => tables.transact(writesOf(old, next)));
    if (written.ok) return ok({ key: apiKeyOf(next), secret });
    // Only its answer was lost: the secret that is stored is ours.
    const now = await tables.get('market', apiKeyKey(tenant, keyId), ApiKeyItem, { consistent: true });
    if (now?.hash === next.hash) return ok({ key: apiKeyOf(now), secret });
  }
  return refuse('still_running', 'Others change this key at the same time; read it and try again.', {
    retryable: true,
  });
}

function nextOf(old: StoredApiKey, hash: string, id: string, rotation: Rotation): StoredApiKey {
  const { overlapHours, now, machineNow } = rotation;
  const before = overlapHours === 0 ? null : { hash: old.hash, until: machineNow + overlapHours * HOUR };
  return { ...old, hash, rotation: id, rotatedAt: now, before };
}

/** All or nothing: what the owner sees of a key is what opens. */
function writesOf(old: StoredApiKey, next: StoredApiKey): Write[] {
  const { tenant, keyId, hash, rotation, rotatedAt, before } = next;
  const actsFor = next.sandbox ? shadowOf(tenant) : tenant;
  const gone = [...(old.before === null ? [] : [old.before.hash]), ...(before === null ? [old.hash] : [])];
  return [
    {
      kind: 'update',
      table: 'market',
      key: apiKeyKey(tenant, keyId),
      change: { set: { hash, rotation, rotatedAt, before } },
      when: [
        ['=', 'hash', old.hash],
        ['=', 'revokedAt', null],
      ],
    },
    {
      kind: 'put',
      table: 'market',
      item: { ...secretKey(hash), ...next, tenant: actsFor, before: null, until: null },
      when: ABSENT,
    },
    ...gone.map((one): Write => ({ kind: 'delete', table: 'market', key: secretKey(one) })),
    ...(before === null
      ? []
      : [
          {
            kind: 'update',
            table: 'market',
            key: secretKey(before.hash),
            // The table takes it away some time after; until then its end is read.
            change: { set: { until: before.until, ttl: Math.ceil(before.until / SECOND) } },
            when: [['present', 'pk']],
          } as const,
        ]),
  ];
}
