/** API keys of an organisation: programs act with the roles and scopes that its admin gave. */
import {
  createApiKey as createStored,
  listApiKeys as listStored,
  MOST_LIVE_KEYS,
  revokeApiKey as revokeStored,
} from '../../shared/identity/identity.store.ts';
import type { Scope } from '../../shared/identity/identity.ts';
import { rotateApiKey as rotateStored } from '../../shared/identity/rotation.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { kindOf } from '../../shared/organisation/organisation.store.ts';
import { openSandbox } from '../../shared/sandbox/sandbox.store.ts';
import type { Handler } from '../middleware/context.ts';
import { type FieldRefusal, refuseFields } from '../middleware/fields.ts';
import { keyOf } from '../middleware/idempotency.ts';
import { refuseForeignRoles } from '../middleware/refusals.ts';

export const listApiKeys: Handler<'listApiKeys'> = async ({ tables, actor }) => ({
  status: 200,
  body: { items: await listStored(tables, actor.tenant) },
});

export const createApiKey: Handler<'createApiKey'> = async (context, { body }) => {
  const { tables, actor, now } = context;
  const foreign = refuseForeignRoles(actor.tenant, body.roles);
  if (foreign !== undefined) return foreign;
  const scopes = scopesFor(actor.scopes, body.scopes);
  if ('ok' in scopes) return scopes;
  const live = (await listStored(tables, actor.tenant)).filter((key) => key.revokedAt === null);
  if (live.length >= MOST_LIVE_KEYS)
    return refuseFields([
      { field: 'name', message: `an organisation has at most ${MOST_LIVE_KEYS} keys: revoke one first` },
    ]);
  if (body.sandbox) {
    if (kindOf(actor.tenant) === 'market')
      return refuseFields([{ field: 'sandbox', message: 'is for companies and providers' }]);
    await openSandbox(context, actor.tenant);
  }
  const input = { name: body.name, roles: [...new Set(body.roles)], scopes: scopes.given, sandbox: body.sandbox };
  const { key, secret } = await createStored(tables, actor.tenant, input, keyOf(context), now);
  return { status: 201, body: { ...key, secret }, onRepeat: { body: { ...key, secret: null } } };
};

/** What the new key may do: never more than the key that makes it. */
function scopesFor(
  own: readonly Scope[] | 'all',
  wanted: readonly Scope[] | undefined,
): { given: readonly Scope[] | 'all' } | FieldRefusal {
  if (own === 'all') return { given: wanted === undefined ? 'all' : [...new Set(wanted)] };
  const given = [...new Set(wanted ?? own)];
  if (given.every((scope) => own.includes(scope))) return { given };
  return refuseFields([{ field: 'scopes', message: `must be among the scopes of the key you use: ${own.join(', ')}` }]);
}

export const revokeApiKey: Handler<'revokeApiKey'> = async ({ tables, actor, now }, { params }) => {
  if (!(await revokeStored(tables, actor.tenant, params.keyId, now)))
    return refuse('not_found', 'You have no such key; GET /v1/api-keys lists them.');
  return { status: 204, body: null };
};

export const rotateApiKey: Handler<'rotateApiKey'> = async (context, { params, body }) => {
  const { tables, actor, now, machineNow } = context;
  const rotated = await rotateStored(tables, actor.tenant, {
    keyId: params.keyId,
    overlapHours: body.overlapHours,
    idempotencyKey: keyOf(context),
    now,
    machineNow,
    mayHave: ({ scopes }) => actor.scopes === 'all' || (scopes !== 'all' && scopes.every(isAmong(actor.scopes))),
  });
  if (!rotated.ok) return rotated;
  const { key, secret } = rotated.value;
  return { status: 200, body: { ...key, secret }, onRepeat: { body: { ...key, secret: null } } };
};

const isAmong =
  (own: readonly Scope[]) =>
  (scope: Scope): boolean =>
    own.includes(scope);
