/** Endpoints `WH#<tenant>` / `<id>` in the market table. */
import type { Call } from '../kernel/call.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { openSecret, sealSecret } from '../kernel/secret-box.ts';
import type { SigningKeys } from '../kernel/sign.ts';
import { ABSENT, type Change, type Clause, type Key } from '../kernel/table.ts';
import { newWebhookSecret } from './signature.ts';
import { endpointPartition, forgetEndpoints } from './webhook.store.ts';
import { Endpoint, liveSecrets, rotated, type WebhookInput } from './webhook.ts';

const MOST_TRIES = 5;

const endpointKey = (tenant: string, id: string): Key => ({ pk: endpointPartition(tenant), sk: id });
/** What a secret is sealed for: it opens at its own endpoint alone. */
const placeOf = (key: Key): string => `${key.pk}|${key.sk}`;

/** One endpoint of this tenant as it stands. */
export async function readEndpoint(call: Call, tenant: string, id: string): Promise<Endpoint | undefined> {
  return call.tables.get('market', endpointKey(tenant, id), Endpoint, { consistent: true });
}

/** All endpoints of this tenant as they stand, oldest first. */
export async function listEndpoints(call: Call, tenant: string): Promise<Endpoint[]> {
  const all = await call.tables.queryAll('market', Endpoint, { pk: endpointPartition(tenant), consistent: true });
  return all.sort((a, b) => a.createdAt - b.createdAt || (a.sk < b.sk ? -1 : 1));
}

/** An endpoint's id follows from the call that makes it, so that a repeated call finds the same. */
const idOf = async (tenant: string, idempotencyKey: string): Promise<string> =>
  `we_${(await sha256Hex(JSON.stringify(['webhook', tenant, idempotencyKey]))).slice(0, 16)}`;

/** Makes an endpoint. The secret is in this answer and nowhere else; where the same call made it before, it is null. */
export async function createEndpoint(
  call: Call,
  signingKey: SigningKeys,
  tenant: string,
  input: WebhookInput,
  idempotencyKey: string,
): Promise<{ endpoint: Endpoint; secret: string | null }> {
  const key = endpointKey(tenant, await idOf(tenant, idempotencyKey));
  const secret = newWebhookSecret();
  const sealed = await sealSecret(signingKey, secret, placeOf(key));
  const { enabled, ...given } = input;
  const endpoint: Endpoint = {
    ...key,
    tenant,
    ...given,
    disabled: enabled ? null : 'owner',
    secrets: [{ sealed, until: null }],
    createdAt: call.now,
    failingSince: null,
    pausedUntil: null,
  };
  const written = await call.tables.put('market', endpoint, ABSENT);
  forgetEndpoints(call, tenant);
  if (written.ok) return { endpoint, secret };
  const old = Endpoint.parse(written.old);
  // Our own write, whose answer was lost on the way.
  return { endpoint: old, secret: old.secrets[0]?.sealed === sealed ? secret : null };
}

async function change(
  call: Call,
  tenant: string,
  id: string,
  what: Change,
  when: readonly Clause[] = [],
): Promise<Endpoint | undefined> {
  const changed = await call.tables.change('market', endpointKey(tenant, id), Endpoint, what, [
    ['present', 'pk'],
    ...when,
  ]);
  forgetEndpoints(call, tenant);
  return changed.ok ? changed.item : undefined;
}

/** Sets what its owner says of an endpoint. Switching it on lets it begin afresh. Undefined where there is none. */
export async function updateEndpoint(
  call: Call,
  tenant: string,
  id: string,
  input: WebhookInput,
): Promise<Endpoint | undefined> {
  const { enabled, url, events, description } = input;
  const state = enabled ? { disabled: null, failingSince: null, pausedUntil: null } : { disabled: 'owner' };
  return change(call, tenant, id, { set: { url, events, description, ...state } });
}

/** Takes an endpoint away; false where there is none. What waits for it is given up. */
export async function deleteEndpoint(call: Call, tenant: string, id: string): Promise<boolean> {
  const written = await call.tables.delete('market', endpointKey(tenant, id), [['present', 'pk']]);
  forgetEndpoints(call, tenant);
  return written.ok;
}

/** Gives an endpoint a new secret; those before sign beside it for `overlapMs` of machine time. */
export async function rotateSecret(
  call: Call,
  signingKey: SigningKeys,
  tenant: string,
  id: string,
  overlapMs: number,
  machineNow: number,
): Promise<Result<{ endpoint: Endpoint; secret: string }, 'not_found' | 'still_running'>> {
  const key = endpointKey(tenant, id);
  const secret = newWebhookSecret();
  const sealed = await sealSecret(signingKey, secret, placeOf(key));
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const old = await readEndpoint(call, tenant, id);
    if (old === undefined) return refuse('not_found', 'You have no such endpoint; GET /v1/webhooks lists them.');
    if (old.secrets[0]?.sealed === sealed) return ok({ endpoint: old, secret });
    const changed = await call.tables.change(
      'market',
      key,
      Endpoint,
      { set: { secrets: rotated(old.secrets, sealed, overlapMs, machineNow), rotations: (old.rotations ?? 0) + 1 } },
      [['present', 'pk'], old.rotations === undefined ? ['absent', 'rotations'] : ['=', 'rotations', old.rotations]],
    );
    forgetEndpoints(call, tenant);
    if (changed.ok) return ok({ endpoint: changed.item, secret });
  }
  return refuse('still_running', 'Somebody else rotates this secret; try again.', { retryable: true });
}

/** The secrets that sign now, newest first. Throws where one does not open: the signing key was lost. */
export async function secretsOf(signingKey: SigningKeys, endpoint: Endpoint, machineNow: number): Promise<string[]> {
  return Promise.all(
    liveSecrets(endpoint, machineNow).map(async (sealed) => {
      const secret = await openSecret(signingKey, sealed, placeOf(endpoint));
      if (secret === undefined) throw new Error(`the secret of ${endpoint.sk} does not open`);
      return secret;
    }),
  );
}

/** Notes a success after failures. */
export async function noteWorking(call: Call, endpoint: Endpoint): Promise<void> {
  if (endpoint.failingSince === null && endpoint.pausedUntil === null) return;
  await change(call, endpoint.tenant, endpoint.sk, { set: { failingSince: null, pausedUntil: null } });
}

/** Notes a failure: since when, and until when nothing is tried. */
export async function noteFailing(call: Call, endpoint: Endpoint, pausedUntil: number | null): Promise<void> {
  const set = {
    ...(endpoint.failingSince === null ? { failingSince: call.now } : {}),
    ...(pausedUntil === null ? {} : { pausedUntil }),
  };
  if (Object.keys(set).length > 0) await change(call, endpoint.tenant, endpoint.sk, { set });
}

/** Switches an endpoint off; false where it was off already, or is no more. */
export async function disableEndpoint(call: Call, endpoint: Endpoint, reason: 'failing' | 'gone'): Promise<boolean> {
  const when: Clause[] = [
    ['=', 'disabled', null],
    ['=', 'url', endpoint.url],
  ];
  return (await change(call, endpoint.tenant, endpoint.sk, { set: { disabled: reason } }, when)) !== undefined;
}
