/**
 * Who calls, and whether they may. People bring an access token, programs an API key, a company's customers the signed
 * link in the path. What was read of a caller is remembered until it changes, and for five seconds where others may change it.
 */
import type { Access, Route } from '../../shared/api/route.ts';
import { readLink } from '../../shared/customer/link.ts';
import { type About, callersOf } from '../../shared/identity/callers.ts';
import {
  listMemberships,
  looksLikeApiKey,
  organisationOfKey,
  readGrant,
  readMembership,
} from '../../shared/identity/identity.store.ts';
import {
  type Actor,
  type Customer,
  isPerson,
  type Member,
  type Person,
  PROGRAM_PREFIX,
  type TokenClaims,
} from '../../shared/identity/identity.ts';
import { type Refusal, type Result, refuse } from '../../shared/kernel/result.ts';
import { noConsumption, type Tables } from '../../shared/kernel/table.ts';
import { MARKET_ORGANISATION, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { isSandbox, ownerOfShadow, sandboxMay } from '../../shared/sandbox/sandbox.ts';
import type { Runtime } from '../runtime.ts';
import type { ApiEvent } from './context.ts';
import { type FieldRefusal, refuseFields } from './fields.ts';

export type AuthenticationCode = 'unauthenticated' | 'token_expired' | 'forbidden' | 'not_found' | 'link_expired';
type Denied = Refusal<AuthenticationCode> | FieldRefusal;
type Known<T> = { ok: true; value: T } | Denied;

/** One call before it is known who makes it. `now` is business time, `machineNow` the machine's, both in milliseconds. */
export type Arrival = { runtime: Runtime; event: ApiEvent; now: number; machineNow: number };

/** The header by which a person with several organisations chooses one. */
export const ORGANISATION_HEADER = 'parley-organisation';

const NOBODY: Actor = { kind: 'nobody' };

/** The actor of a call to this route, allowed to make it, or the refusal. */
export async function authenticate(route: Route, arrival: Arrival): Promise<Known<Actor>> {
  switch (route.access.who) {
    case 'everybody':
      return { ok: true, value: NOBODY };
    case 'customer':
      return customerOf(arrival);
    case 'person':
      return personOf(arrival);
    case 'members':
      return allowedMember(route.access, arrival);
  }
}

async function allowedMember(access: Extract<Access, { who: 'members' }>, arrival: Arrival): Promise<Known<Member>> {
  const member = await memberOf(arrival);
  if (!member.ok) return member;
  const { roles, scopes } = member.value;
  if (!access.roles.some((role) => roles.includes(role)))
    return refuse(
      'forbidden',
      `This needs one of the roles ${access.roles.join(', ')}; yours are ${roles.join(', ')}.`,
    );
  if (access.byPeople && !isPerson(member.value))
    return refuse('forbidden', 'This is done by people: sign in instead of using an API key.');
  if (scopes !== 'all' && !scopes.includes(access.scope))
    return refuse('forbidden', `This needs a key with the scope ${access.scope}; yours has ${scopes.join(', ')}.`);
  if (isSandbox(member.value.tenant) && !sandboxMay(access.scope))
    return refuse(
      'forbidden',
      'This is a sandbox: it has requests, work and webhooks of its own. Act for the organisation itself for anything else.',
    );
  return member;
}

function bearerOf(event: ApiEvent): string | undefined {
  const header = event.headers.authorization;
  if (header === undefined || header.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  const token = header.slice(7).trim();
  return token === '' ? undefined : token;
}

const SIGN_IN = refuse(
  'unauthenticated',
  "Send 'Authorization: Bearer …' with an access token or an API key of this market.",
);

async function memberOf(arrival: Arrival): Promise<Known<Member>> {
  const token = bearerOf(arrival.event);
  if (token === undefined) return SIGN_IN;
  const chosen = arrival.event.headers[ORGANISATION_HEADER];
  if (looksLikeApiKey(token)) return programOf(arrival, token, chosen);
  const claims = await claimsOf(arrival, token);
  if (!claims.ok) return claims;
  const { sub } = claims.value;
  const member = await remember(arrival, `member ${sub} ${chosen ?? ''}`, aboutMember(sub, chosen), (tables) =>
    readMember(tables, claims.value, chosen),
  );
  return member.ok && member.value.tenant === MARKET_ORGANISATION && isOutside(arrival.runtime, claims.value)
    ? NOT_OF_THE_MARKET
    : member;
}

/** The market's own roles want both: the membership, and the group of the pool where there is one. */
const isOutside = ({ marketGroup }: Runtime, claims: TokenClaims): boolean =>
  marketGroup !== undefined && !claims['cognito:groups'].includes(marketGroup);

const NOT_OF_THE_MARKET = refuse(
  'forbidden',
  'Your account is not in the group of the market’s people. Ask an administrator of the user pool, then sign in again.',
);

/** Reads what is not remembered; it is metered apart, under the command `authenticate`. */
function remember<T>(
  arrival: Arrival,
  key: string,
  about: About,
  read: (tables: Tables) => Promise<Known<T>>,
): Promise<Known<T>> {
  const { runtime, machineNow } = arrival;
  return callersOf(runtime.tables.owner).get(key, about, machineNow, async () => {
    const tables = runtime.tables.metered(noConsumption());
    const found = await read(tables);
    runtime.recordConsumption('authenticate', tables.consumed);
    return found;
  });
}

/** An organisation, and whose sandbox it is. */
function aboutOrganisation(tenant: string): string[] {
  const owner = ownerOfShadow(tenant);
  return owner === undefined ? [tenant] : [tenant, owner];
}

/** Who chooses no organisation acts for the only one they belong to, which is not known yet. */
const aboutMember = (user: string, chosen: string | undefined): About =>
  chosen === undefined ? 'anybody' : [user, ...aboutOrganisation(chosen)];

const NOT_A_MEMBER = refuse(
  'forbidden',
  'You do not belong to this organisation. Ask one of its admins to invite you.',
);

/** Whoever acts for an organisation may practise in its sandbox too, with the same roles and no approval. */
async function readMember(tables: Tables, claims: TokenClaims, chosen: string | undefined): Promise<Known<Member>> {
  const owner = chosen === undefined ? undefined : ownerOfShadow(chosen);
  const membership =
    chosen === undefined
      ? await onlyMembership(tables, claims.sub)
      : await readMembership(tables, owner ?? chosen, claims.sub);
  if (membership === undefined) return NOT_A_MEMBER;
  if ('ok' in membership) return membership;
  const organisation = owner === undefined ? await readOrganisation(tables, membership.organisation) : undefined;
  return {
    ok: true,
    value: {
      kind: 'member',
      tenant: owner === undefined ? membership.organisation : (chosen ?? ''),
      roles: membership.roles,
      scopes: 'all',
      user: claims.sub,
      email: claims.email ?? null,
      approved: owner !== undefined || organisation?.status === 'approved',
      calls: organisation?.calls ?? null,
    },
  };
}

async function onlyMembership(tables: Tables, user: string) {
  const memberships = await listMemberships(tables, user, 2);
  if (memberships.length > 1)
    return refuseFields([
      {
        field: 'Parley-Organisation',
        message: 'is missing: you belong to several organisations, so say in this header for which one you act',
      },
    ]);
  return (
    memberships[0] ?? refuse('forbidden', 'You belong to no organisation yet. Register one, or accept an invitation.')
  );
}

async function programOf(arrival: Arrival, apiKey: string, chosen: string | undefined): Promise<Known<Member>> {
  const program = await remember(
    arrival,
    `program ${apiKey}`,
    aboutOrganisation(organisationOfKey(apiKey) ?? ''),
    async (tables) => {
      const grant = await readGrant(tables, apiKey);
      return grant === undefined ? NO_KEY : { ok: true, value: { member: memberOfGrant(grant), until: grant.until } };
    },
  );
  if (!program.ok) return program;
  const { member, until } = program.value;
  if (until !== null && until <= arrival.machineNow) return NO_KEY;
  return chosen === undefined || chosen === member.tenant ? { ok: true, value: member } : NOT_A_MEMBER;
}

const NO_KEY = refuse('unauthenticated', 'This API key is not known, or it was revoked.');

const memberOfGrant = (grant: NonNullable<Awaited<ReturnType<typeof readGrant>>>): Member => ({
  kind: 'member',
  tenant: grant.tenant,
  roles: grant.roles,
  scopes: grant.scopes,
  user: `${PROGRAM_PREFIX}${grant.keyId}`,
  email: null,
  approved: grant.approved,
  calls: grant.calls,
});

async function personOf(arrival: Arrival): Promise<Known<Person>> {
  const token = bearerOf(arrival.event);
  if (token === undefined) return SIGN_IN;
  if (looksLikeApiKey(token)) return refuse('forbidden', 'This is for people: sign in instead of using an API key.');
  const claims = await claimsOf(arrival, token);
  if (!claims.ok) return claims;
  return { ok: true, value: { kind: 'person', user: claims.value.sub, email: claims.value.email ?? '' } };
}

/** A checked token is remembered too, since checking its signature costs more than all else here; its end is not. */
async function claimsOf(
  arrival: Arrival,
  token: string,
): Promise<Result<TokenClaims, 'unauthenticated' | 'token_expired'>> {
  const { runtime, machineNow } = arrival;
  const claims = await callersOf(runtime.tables.owner).get(`token ${token}`, [], machineNow, () =>
    runtime.verifyToken(token),
  );
  if (claims.ok && claims.value.exp * 1_000 <= machineNow)
    return refuse('token_expired', 'The access token has expired: sign in again, or refresh it.');
  return claims;
}

/** A customer's link says its request and its end in business time; the company is the first part of the request's id. */
async function customerOf({ runtime, event, now }: Arrival): Promise<Known<Customer>> {
  const link = await readLink(runtime.signingKey, event.pathParameters?.token ?? '');
  if (link === undefined) return refuse('not_found', 'This link is not known. Ask the company for a new one.');
  if (now >= link.exp)
    return refuse(
      'link_expired',
      'This link has ended. POST /v1/customer/link/renew sends a new one to the same address.',
    );
  return { ok: true, value: { kind: 'customer', tenant: link.request.split('.')[0] ?? '', request: link.request } };
}
