/** The people of the market on this machine, and how one of them signs in. */
import type { Role } from '../../../../shared/identity/identity.ts';
import { enter, type Grant } from '../../auth/session.ts';

export type Kind = 'company' | 'provider' | 'market';
export type Person = {
  email: string;
  memberships: { organisation: string; name: string; kind: Kind; roles: Role[] }[];
};

export async function readPeople(): Promise<Person[]> {
  const answer = await fetch('/auth/people');
  if (!answer.ok) throw new Error(`GET /auth/people answered ${answer.status}`);
  return ((await answer.json()) as { items: Person[] }).items;
}

export async function signIn(email: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('/auth/sign-in', { method: 'POST', headers, body: JSON.stringify({ email }) });
  if (!answer.ok) throw new Error(((await answer.json()) as { detail: string }).detail);
  await enter((await answer.json()) as Grant);
}
