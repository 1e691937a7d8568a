/**
 * Who is signed in. The access token lives in this module's memory only; the refresh token in a cookie that no script can
 * read. One session per tab; the cookie is shared, so that a second tab needs no second sign-in.
 */
import { useSyncExternalStore } from 'react';
import type { Role } from '../../../shared/identity/identity.ts';
import { forgetDrafts } from './drafts.ts';

export type Membership = { organisation: string; roles: readonly Role[] };
export type SignedIn = {
  status: 'in';
  email: string;
  user: string;
  memberships: readonly Membership[];
  /** The organisation acted for; null for somebody who belongs to none yet. */
  organisation: string | null;
  /** The roles there. */
  roles: readonly Role[];
};
export type Session = { status: 'starting' } | { status: 'out' } | SignedIn;

/** What `/auth` answers to a sign-in or a refresh. */
export type Grant = { token: string; user: string; email: string; expiresInSeconds: number };

/** A token is renewed so long before it ends. */
const RENEW_BEFORE_MS = 60_000;
const CHOSEN = 'parley.organisation';
/** A page that finds no cookie need not ask twice; see `start`. */
const ONCE_SIGNED_IN = 'parley.signed-in';

let session: Session = { status: 'starting' };
let access: { token: string; renewAt: number } | undefined;
let renewing: Promise<string> | undefined;
const listeners = new Set<() => void>();

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const currentSession = (): Session => session;
export const useSession = (): Session => useSyncExternalStore(subscribe, currentSession, currentSession);

/** The session of somebody signed in; only below a screen that asks for a person. */
export function useSignedIn(): SignedIn {
  const now = useSession();
  if (now.status !== 'in') throw new Error('nobody is signed in here');
  return now;
}

/** The roles acted with; none where nobody is signed in. */
export const useRoles = (): readonly Role[] => {
  const now = useSession();
  return now.status === 'in' ? now.roles : NONE;
};
const NONE: readonly Role[] = [];

/** Whether one of these roles is acted with. */
export const useMay = (...roles: readonly Role[]): boolean => useRoles().some((role) => roles.includes(role));

/** Looks for a session that the cookie still holds. Never throws: a market that does not answer leaves nobody signed in. */
export async function start(): Promise<void> {
  if (localStorage.getItem(ONCE_SIGNED_IN) === null) return become({ status: 'out' });
  try {
    await enter(await post('/auth/refresh'));
  } catch {
    access = undefined;
    become({ status: 'out' });
  }
}

/** Takes what a sign-in answered. */
export async function enter(grant: Grant): Promise<void> {
  keep(grant);
  localStorage.setItem(ONCE_SIGNED_IN, 'yes');
  const memberships = await readMemberships(grant.token);
  const remembered = localStorage.getItem(CHOSEN);
  const chosen = memberships.find(({ organisation }) => organisation === remembered) ?? memberships[0];
  become({
    status: 'in',
    email: grant.email,
    user: grant.user,
    memberships,
    organisation: chosen?.organisation ?? null,
    roles: chosen?.roles ?? [],
  });
}

/** Reads anew to which organisations one belongs: after a registration or an accepted invitation. */
export async function reloadMemberships(): Promise<void> {
  if (session.status !== 'in') return;
  const memberships = await readMemberships(await accessToken());
  const chosen = memberships.find(({ organisation }) => organisation === chosenId()) ?? memberships[0];
  become({ ...session, memberships, organisation: chosen?.organisation ?? null, roles: chosen?.roles ?? [] });
}

const chosenId = (): string | null => (session.status === 'in' ? session.organisation : null);

/** Acts for another of one's organisations. */
export function chooseOrganisation(organisation: string): void {
  if (session.status !== 'in') return;
  const chosen = session.memberships.find((membership) => membership.organisation === organisation);
  if (chosen === undefined) return;
  localStorage.setItem(CHOSEN, organisation);
  become({ ...session, organisation, roles: chosen.roles });
}

/** Forgets the session here and takes the cookie back. */
export async function signOut(): Promise<void> {
  access = undefined;
  localStorage.removeItem(ONCE_SIGNED_IN);
  become({ status: 'out' });
  forgetDrafts();
  await fetch('/auth/sign-out', { method: 'POST' }).catch(() => undefined);
}

/** The market no longer takes the token: whoever is here signs in again and comes back to the same page. */
export function endSession(): void {
  access = undefined;
  if (session.status === 'in') become({ status: 'out' });
}

/** A token that is good for the next minute, renewed where it must be; the empty text where nobody is signed in. */
export async function accessToken(): Promise<string> {
  if (access === undefined) return '';
  if (performance.now() < access.renewAt) return access.token;
  renewing ??= post('/auth/refresh')
    .then(keep)
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

function keep({ token, expiresInSeconds }: Grant): string {
  access = { token, renewAt: performance.now() + expiresInSeconds * 1_000 - RENEW_BEFORE_MS };
  return token;
}

async function post(path: string): Promise<Grant> {
  const answer = await fetch(path, { method: 'POST' });
  if (answer.status === 401) endSession();
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}`);
  return (await answer.json()) as Grant;
}

async function readMemberships(token: string): Promise<Membership[]> {
  const answer = await fetch('/v1/memberships', { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`GET /v1/memberships answered ${answer.status}`);
  return ((await answer.json()) as { items: Membership[] }).items;
}
