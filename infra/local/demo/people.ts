/** The demo's people beside the admins: one for each role, invited and joined as anybody would be, so that each can be tried out. */
import { createParley, dataOf, type Parley } from '../../../shared/client/client.ts';
import type { Role } from '../../../shared/identity/identity.ts';
import type { Member } from '../actors/directory.ts';

const COMPANY: readonly (readonly [string, Role])[] = [
  ['operator', 'company.operator'],
  ['finance', 'company.finance'],
];
const PROVIDER: readonly (readonly [string, Role])[] = [
  ['agent', 'provider.agent'],
  ['agent-2', 'provider.agent'],
  ['finance', 'provider.finance'],
];
/** Somebody who does the books of both. */
const BOOKKEEPER = 'sam@books.example';

/** Brings everybody in. Repeating it changes nothing: who has joined has joined. */
export async function invitePeople(baseUrl: string, company: Member, provider: Member): Promise<void> {
  for (const [name, role] of COMPANY) await join(baseUrl, company, `${name}@${domainOf(company)}`, role);
  for (const [name, role] of PROVIDER) await join(baseUrl, provider, `${name}@${domainOf(provider)}`, role);
  await join(baseUrl, company, BOOKKEEPER, 'company.finance');
  await join(baseUrl, provider, BOOKKEEPER, 'provider.finance');
}

const domainOf = ({ email }: Member): string => email.slice(email.indexOf('@') + 1);

async function join(baseUrl: string, { id, client }: Member, email: string, role: Role): Promise<void> {
  const signedIn = await dataOf(createParley({ baseUrl }).POST('/dev/sign-in', { body: { email } }));
  if (signedIn.organisations.includes(id)) return;
  const invited = await invite(client, email, role);
  const person = createParley({ baseUrl, token: signedIn.token });
  await dataOf(person.POST('/v1/invitations/{token}/accept', { params: { path: { token: invited.token } } }));
}

const invite = (client: Parley, email: string, role: Role) =>
  dataOf(client.POST('/v1/invitations', { body: { email, roles: [role] } }));
