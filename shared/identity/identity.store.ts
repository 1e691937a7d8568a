/**
 * Members and API keys in the market table. A membership stands twice, under the person and under the organisation,
 * written together; so does a key: under its organisation for its owner, under its hash for the edge.
 */
import * as z from 'zod';
import { CallLimit } from '../call-limit/call-limit.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { randomToken } from '../kernel/id.ts';
import { ABSENT, type Key, keyText, type Tables, type Write } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { isSandbox, sandboxOf, shadowOf } from '../sandbox/sandbox.ts';
import { changingCallers } from './callers.ts';
import { type ApiKey, Role, Scope } from './identity.ts';

const MEMBER_PREFIX = 'M#';
const KEY_PREFIX = 'K#';
/** A key is read and written again so often where others change it meanwhile. */
export const MOST_TRIES = 4;

/** The items of an organisation share this partition: itself under `-`, members, keys. */
export const organisationPartition = (tenant: string): string => `O#${tenant}`;
export const membershipKey = (user: string, tenant: string): Key => ({ pk: `U#${user}`, sk: tenant });
export const memberKey = (tenant: string, user: string): Key => ({
  pk: organisationPartition(tenant),
  sk: `${MEMBER_PREFIX}${user}`,
});
export const apiKeyKey = (tenant: string, keyId: string): Key => ({
  pk: organisationPartition(tenant),
  sk: `${KEY_PREFIX}${keyId}`,
});
export const secretKey = (hash: string): Key => ({ pk: `A#${hash}`, sk: '-' });

const MembershipItem = z.object({
  user: z.string(),
  organisation: z.string(),
  roles: z.array(Role),
  email: z.string().nullable(),
  joinedAt: z.number(),
});
/** One person in one organisation; `joinedAt` is business time in milliseconds. */
export type Membership = z.infer<typeof MembershipItem>;

/** Roles as one text, by which a write says that they still are as they were read. */
export const asWritten = (roles: readonly Role[]): { rolesText: string } => ({
  rolesText: [...roles].sort().join(' '),
});

/** The writes that make a person a member, for a transaction; where `isNew`, only if there is no membership yet. */
export function memberWrites(membership: Membership, isNew: boolean): Write[] {
  const keys = [
    membershipKey(membership.user, membership.organisation),
    memberKey(membership.organisation, membership.user),
  ];
  return keys.map((key) => ({
    kind: 'put',
    table: 'market',
    item: { ...key, ...membership, ...asWritten(membership.roles) },
    ...(isNew ? { when: ABSENT } : {}),
  }));
}

/** Makes a person a member, or gives a member further roles. Repeating it changes nothing. `now` is business time. */
export async function addMember(
  tables: Tables,
  tenant: string,
  person: { user: string; email: string | null; roles: readonly Role[] },
  now: number,
): Promise<Membership> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const old = await readMembership(tables, tenant, person.user);
    const membership = joined(old, tenant, person, now);
    if (old !== undefined && membership.roles.length === old.roles.length) return old;
    const written = await changingCallers(tables, [tenant, person.user], () =>
      tables.transact(memberWrites(membership, old === undefined)),
    );
    if (written.ok) return membership;
  }
  throw new Error(`the membership of ${tenant} kept changing`);
}

/** A membership with the roles of an invitation added to those one has. */
export function joined(
  old: Membership | undefined,
  tenant: string,
  person: { user: string; email: string | null; roles: readonly Role[] },
  now: number,
): Membership {
  return {
    user: person.user,
    organisation: tenant,
    roles: [...new Set([...(old?.roles ?? []), ...person.roles])],
    email: person.email,
    joinedAt: old?.joinedAt ?? now,
  };
}

/** A person's membership of one organisation, read consistently; undefined where there is none. */
export async function readMembership(tables: Tables, tenant: string, user: string): Promise<Membership | undefined> {
  return tables.get('market', membershipKey(user, tenant), MembershipItem, { consistent: true });
}

/** The organisations a person belongs to, in order of their ids; at most `most`. */
export async function listMemberships(tables: Tables, user: string, most = 1_000): Promise<Membership[]> {
  const page = await tables.query('market', MembershipItem, { pk: `U#${user}`, limit: most, consistent: true });
  return page.items;
}

/** The members of an organisation, in order of their user ids. */
export async function listMembers(tables: Tables, tenant: string): Promise<Membership[]> {
  return tables.queryAll('market', MembershipItem, {
    pk: organisationPartition(tenant),
    prefix: MEMBER_PREFIX,
    consistent: true,
  });
}

export const ApiKeyItem = z.object({
  tenant: z.string(),
  keyId: z.string(),
  name: z.string(),
  roles: z.array(Role),
  scopes: z.union([z.array(Scope), z.literal('all')]),
  createdAt: z.number(),
  revokedAt: z.number().nullable(),
  hash: z.string(),
  /** Whether it acts for the shadow of its owner in a sandbox. */
  sandbox: z.boolean().default(false),
  /** Under its organisation: when its secret was last changed, by which call, and the secret before as long as it lives. */
  rotatedAt: z.number().nullable().default(null),
  rotation: z.string().nullable().default(null),
  before: z.object({ hash: z.string(), until: z.number() }).nullable().default(null),
  /** Under its hash: until when a secret that was replaced still opens; machine time in milliseconds. */
  until: z.number().nullable().default(null),
});
export type StoredApiKey = z.infer<typeof ApiKeyItem>;
/** What a presented key may do; `tenant` is the organisation it acts for. */
export type Grant = Pick<z.infer<typeof ApiKeyItem>, 'tenant' | 'keyId' | 'roles' | 'scopes' | 'until'>;

/** The keys an organisation may have at a time, so that a list of them stays one answer. */
export const MOST_LIVE_KEYS = 100;

const API_KEY = /^parley_([a-z]{2}_[0-9a-z]{4,20})_[0-9a-z]{12}_[A-Za-z0-9_-]{43}$/;
/** Whether a bearer token is an API key by its form: `parley_<organisation>_<keyId>_<secret>`. */
export const looksLikeApiKey = (token: string): boolean => token.startsWith('parley_');

/** A key's id follows from the call that makes it, so that a repeated call finds the same key. */
async function keyIdOf(tenant: string, idempotencyKey: string): Promise<string> {
  const hex = await sha256Hex(JSON.stringify(['api-key', tenant, idempotencyKey]));
  return hex.slice(0, 12);
}

/**
 * Makes an API key. Only the SHA-256 of the whole key is stored, so its 256-bit secret is in this answer and nowhere
 * else: where the same call made the key before, the answer has `secret: null`.
 */
export async function createApiKey(
  tables: Tables,
  tenant: string,
  input: { name: string; roles: readonly Role[]; scopes: readonly Scope[] | 'all'; sandbox?: boolean },
  idempotencyKey: string,
  now: number,
): Promise<{ key: ApiKey; secret: string | null }> {
  const keyId = await keyIdOf(tenant, idempotencyKey);
  const sandbox = input.sandbox ?? false;
  const actsFor = sandbox ? shadowOf(tenant) : tenant;
  const secret = newApiKey(actsFor, keyId);
  const hash = await sha256Hex(secret);
  const item: StoredApiKey = {
    tenant,
    keyId,
    name: input.name,
    roles: [...input.roles],
    scopes: input.scopes === 'all' ? ('all' as const) : [...input.scopes],
    createdAt: now,
    revokedAt: null,
    hash,
    sandbox,
    rotatedAt: null,
    rotation: null,
    before: null,
    until: null,
  };
  const written = await tables.transact([
    { kind: 'put', table: 'market', item: { ...apiKeyKey(tenant, keyId), ...item }, when: ABSENT },
    { kind: 'put', table: 'market', item: { ...secretKey(hash), ...item, tenant: actsFor }, when: ABSENT },
  ]);
  if (written.ok) return { key: apiKeyOf(item), secret };
  const old = ApiKeyItem.parse(written.old);
  return { key: apiKeyOf(old), secret: old.hash === hash ? secret : null };
}

/** A key's whole text, with a secret of its own. */
export const newApiKey = (actsFor: string, keyId: string): string => `parley_${actsFor}_${keyId}_${randomToken(32)}`;

/** The organisation that a key's text names, or undefined where it is no key's. */
export const organisationOfKey = (apiKey: string): string | undefined => API_KEY.exec(apiKey)?.[1];

const StatusItem = z.object({ status: z.string(), calls: CallLimit.nullable().default(null) });

/**
 * What a presented API key may do, how often, and whether its organisation is approved, in one consistent read: the key's text
 * names its organisation. A sandbox needs no approval. Undefined where it is malformed, unknown or revoked; one that was replaced
 * says until when it opens.
 */
export async function readGrant(
  tables: Tables,
  apiKey: string,
): Promise<(Grant & { approved: boolean; calls: CallLimit | null }) | undefined> {
  const tenant = organisationOfKey(apiKey);
  if (tenant === undefined) return undefined;
  const keys = [secretKey(await sha256Hex(apiKey)), { pk: organisationPartition(tenant), sk: '-' }] as const;
  const found = await tables.getMany('market', keys, z.union([ApiKeyItem, StatusItem]), { consistent: true });
  const grant = ApiKeyItem.safeParse(found.get(keyText(keys[0])));
  const organisation = StatusItem.safeParse(found.get(keyText(keys[1])));
  if (!grant.success || grant.data.revokedAt !== null || grant.data.tenant !== tenant) return undefined;
  const { status, calls = null } = organisation.data ?? {};
  return { ...grant.data, approved: isSandbox(tenant) || status === 'approved', calls };
}

/** The keys of an organisation with those that were revoked, without secrets, oldest first. */
export async function listApiKeys(tables: Tables, tenant: string): Promise<ApiKey[]> {
  const items = await tables.queryAll('market', ApiKeyItem, {
    pk: organisationPartition(tenant),
    prefix: KEY_PREFIX,
    consistent: true,
  });
  return items.sort((a, b) => a.createdAt - b.createdAt || (a.keyId < b.keyId ? -1 : 1)).map(apiKeyOf);
}

/** Revokes a key of this organisation; false where it has no such key. Revoking again keeps the first time. */
export async function revokeApiKey(tables: Tables, tenant: string, keyId: string, now: number): Promise<boolean> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const item = await tables.get('market', apiKeyKey(tenant, keyId), ApiKeyItem, { consistent: true });
    if (item === undefined) return false;
    if (item.revokedAt !== null) return true;
    // All or nothing: a key that its owner sees as revoked must not open anything, by no secret that it has or had.
    const secrets = [item.hash, ...(item.before === null ? [] : [item.before.hash])];
    const writes: Write[] = [
      {
        kind: 'update',
        table: 'market',
        key: apiKeyKey(tenant, keyId),
        change: { set: { revokedAt: now, before: null } },
        when: [['=', 'hash', item.hash]],
      },
      ...secrets.map((hash): Write => ({ kind: 'delete', table: 'market', key: secretKey(hash) })),
    ];
    const written = await changingCallers(tables, [tenant], () => tables.transact(writes));
    if (written.ok) return true;
  }
  throw new Error(`the key ${keyId} of ${tenant} kept changing`);
}

/** A key as its owner sees it. */
export function apiKeyOf(item: StoredApiKey): ApiKey {
  const { keyId, name, roles, scopes } = item;
  const orNull = (at: number | null) => (at === null ? null : iso(at));
  return {
    keyId,
    name,
    roles,
    scopes,
    createdAt: iso(item.createdAt),
    revokedAt: orNull(item.revokedAt),
    rotatedAt: orNull(item.rotatedAt),
    oldSecretUntil: orNull(item.before?.until ?? null),
    sandboxQueue: item.sandbox ? sandboxOf(item.tenant).queue : null,
  };
}
