/**
 * `/auth` on one machine, with the contract of production: the refresh token stays in a cookie that no script reads, the
 * access token goes to the page, which keeps it in memory. Signing in takes an address instead of a passkey.
 */
import * as z from 'zod';
import {
  isSameOrigin,
  REFRESH_SECONDS,
  readCookie,
  type SessionCookie,
  type SessionGrant,
  setCookie,
} from '../../functions/middleware/session.ts';
import { listMembers } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { listOrganisations, MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { isFromHere, problemAnswer } from './front.ts';
import type { HttpAnswer, HttpCall } from './http-event.ts';
import type { Issuer } from './issuer.ts';

export type AuthParts = { issuer: Issuer; tables: Tables; machineNow?: () => number };
export type AuthEndpoints = (call: HttpCall) => Promise<HttpAnswer> | undefined;

/** Somebody who can be tried out: an address and for whom it acts. */
export type DemoPerson = {
  email: string;
  memberships: { organisation: string; name: string; kind: 'company' | 'provider' | 'market'; roles: Role[] }[];
};

/** So many organisations of a kind are looked at for the list of people: a replay has thousands. */
const MOST_ORGANISATIONS = 40;
const SignIn = z.strictObject({ email: z.email().max(254) });

export function authEndpoints(parts: AuthParts): AuthEndpoints {
  const routes: Readonly<Record<string, (call: HttpCall) => Promise<HttpAnswer>>> = {
    'GET /auth/people': async () => json(200, { items: await demoPeople(parts.tables) }),
    'POST /auth/sign-in': (call) => signIn(call, parts),
    'POST /auth/refresh': (call) => refresh(call, parts),
    'POST /auth/sign-out': async (call) => ({
      status: 204,
      headers: { 'set-cookie': setCookie(cookieOf(call), '', 0) },
      body: '',
    }),
  };
  return (call) => {
    if (!call.path.startsWith('/auth/')) return undefined;
    const route = routes[`${call.method} ${call.path}`];
    if (route === undefined)
      return Promise.resolve(problemAnswer('not_found', 'Nothing else signs in on this machine.', call.requestId));
    if (!isFromHere(call) || (call.method === 'POST' && !isSameOrigin(call.headers.origin, siteOf(call))))
      return Promise.resolve(problemAnswer('forbidden', 'Only the pages of this market may sign in.', call.requestId));
    return route(call);
  };
}

const siteOf = ({ headers }: HttpCall): string => `http://${headers.host ?? ''}`;

async function signIn(call: HttpCall, parts: AuthParts): Promise<HttpAnswer> {
  const read = SignIn.safeParse(parsed(call));
  if (!read.success) return problemAnswer('invalid_request', 'Give an e-mail address.', call.requestId);
  return session(call, parts, read.data.email);
}

async function refresh(call: HttpCall, parts: AuthParts): Promise<HttpAnswer> {
  const token = readCookie(cookieOf(call), call.headers.cookie?.split(/; */) ?? []);
  const email = token === undefined ? undefined : await parts.issuer.readRefresh(token);
  if (email === undefined) return problemAnswer('unauthenticated', 'Nobody is signed in.', call.requestId);
  return session(call, parts, email);
}

/** An access token for the page, and a fresh cookie. */
async function session(call: HttpCall, { issuer, machineNow = Date.now }: AuthParts, email: string) {
  const { token, user, expiresAtMs } = await issuer.issue(email);
  const grant: SessionGrant = {
    token,
    user,
    email: email.trim().toLowerCase(),
    expiresInSeconds: Math.floor((expiresAtMs - machineNow()) / 1_000),
  };
  const answer = json(200, grant);
  const refreshToken = await issuer.issueRefresh(email, REFRESH_SECONDS);
  answer.headers['set-cookie'] = setCookie(cookieOf(call), refreshToken, REFRESH_SECONDS);
  return answer;
}

/** Browsers keep one jar for all ports of a host, so the name says which market it is of. */
const cookieOf = (call: HttpCall): SessionCookie => ({
  name: `parley_refresh_${/:(\d+)$/.exec(call.headers.host ?? '')?.[1] ?? '80'}`,
  secure: false,
});

/** Everybody who belongs to one of the first organisations of each kind, or to the market. */
async function demoPeople(tables: Tables): Promise<DemoPerson[]> {
  const limit = { limit: MOST_ORGANISATIONS };
  const [companies, providers] = await Promise.all([
    listOrganisations(tables, 'company', limit),
    listOrganisations(tables, 'provider', limit),
  ]);
  const market = { id: MARKET_ORGANISATION, name: 'The market', kind: 'market' as const };
  const people = new Map<string, DemoPerson>();
  for (const { id, name, kind } of [...companies.items, ...providers.items, market]) {
    for (const { email, roles } of await listMembers(tables, id)) {
      if (email === null) continue;
      const person = people.get(email) ?? { email, memberships: [] };
      person.memberships.push({ organisation: id, name, kind, roles: [...roles] });
      people.set(email, person);
    }
  }
  return [...people.values()];
}

function parsed(call: HttpCall): unknown {
  try {
    return JSON.parse(call.body?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

const json = (status: number, body: unknown): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
