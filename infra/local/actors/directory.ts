/**
 * The organisations of a simulated market with their real credentials: each is registered by a person of its own who signs
 * in, approved by the operator, and acts with an API key. Everything is found again after an interruption, since a
 * repeated registration with the same key answers with the same organisation; only API keys are made anew.
 */

import type * as z from 'zod';
import { createParley, type Parley } from '../../../shared/client/client.ts';
import type { Role } from '../../../shared/identity/identity.ts';
import { spread } from '../../../shared/kernel/hash.ts';
import { randomToken } from '../../../shared/kernel/id.ts';
import { fromIso, MINUTE } from '../../../shared/kernel/time.ts';
import type { ApprovalInput, RegistrationInput } from '../../../shared/organisation/organisation.ts';
import { ask } from './calls.ts';
import { newExchange } from './exchange.ts';
import type { ProviderProfile } from './providers.ts';

/** An organisation that acts: its id, its key, and a client that uses the key. */
export type Member = { id: string; name: string; email: string; secret: string; client: Parley };

/** Two persons of the market's finance: one makes, the other approves. */
export type FinancePerson = 'maker' | 'approver';

export type Directory = {
  /** A client of the market's operator, signed in. */
  operator(): Promise<Parley>;
  finance(person: FinancePerson): Promise<Parley>;
  company(name: string): Promise<Member>;
  provider(profile: ProviderProfile): Promise<Member>;
  /** Without any credential: a customer with a link, or anybody. */
  anybody: Parley;
  /** The companies that have acted so far in this process. */
  companies(): Promise<Member[]>;
};

type Person = { email: string; roles: Role[] };
const PEOPLE: Record<'operator' | FinancePerson, Person> = {
  operator: { email: 'operator@market.example', roles: ['market.operator', 'market.finance'] },
  maker: { email: 'maker@market.example', roles: ['market.finance'] },
  approver: { email: 'approver@market.example', roles: ['market.finance'] },
};
/** The highest credit limit the API takes: simulated companies never run into it. */
const CREDIT_LIMIT_MICROS = 1_000_000_000_000;

export type Options = {
  /** What an organisation does as soon as it may act; after an interruption it may have done it already. */
  joined?: (kind: 'company' | 'provider', member: Member) => Promise<void>;
};

export function openDirectory(baseUrl: string, world: string, { joined }: Options = {}): Directory {
  // Tries again itself, see `ask`.
  const connection = { baseUrl, attempts: 1, fetch: newExchange() };
  const anybody = createParley(connection);
  const run = randomToken(9);
  const members = new Map<string, Promise<Member>>();
  const people = new Map<Person, Promise<{ client: Parley; until: number }>>();

  const signIn = async ({ email, roles }: Person) => {
    const body = { email, market: roles };
    const signedIn = await ask(`sign in ${email}`, () => anybody.POST('/dev/sign-in', { body }));
    const organisation = signedIn.organisations.find((id) => id.startsWith('mk_'));
    const client = createParley({ ...connection, token: signedIn.token, organisation });
    return { client, until: fromIso(signedIn.expiresAt) - MINUTE };
  };
  const clientOf = async (person: Person): Promise<Parley> => {
    const current = await people.get(person);
    if (current !== undefined && current.until > Date.now()) return current.client;
    const signedIn = signIn(person);
    people.set(person, signedIn);
    return (await signedIn).client;
  };

  const join = async (registration: RegistrationInput, approval: z.infer<typeof ApprovalInput>): Promise<Member> => {
    const { kind, name } = registration;
    const slug = slugOf(name);
    const email = `admin@${slug}.${kind}.example`;
    const { token } = await ask(`sign in ${name}`, () => anybody.POST('/dev/sign-in', { body: { email } }));
    const person = createParley({ ...connection, token });
    const headers = { 'Idempotency-Key': `${world}:join:${kind}:${slug}` };
    const { id, status } = await ask(`register ${name}`, () =>
      person.POST('/v1/organisations', { body: registration, headers }),
    );
    if (status !== 'approved') {
      const market = await clientOf(PEOPLE.operator);
      const params = { path: { organisation: id } };
      await ask(`approve ${name}`, () =>
        market.POST('/v1/organisations/{organisation}/approve', { params, body: approval }),
      );
    }
    const admin = createParley({ ...connection, token, organisation: id });
    const secret = await makeKey(admin, `${kind}.admin`, `${world}:key:${slug}:${run}`);
    const member = { id, name, email, secret, client: createParley({ ...connection, apiKey: secret }) };
    await joined?.(kind, member);
    return member;
  };

  const remembered = (name: string, make: () => Promise<Member>): Promise<Member> => {
    const known = members.get(name);
    if (known !== undefined) return known;
    const made = make();
    members.set(name, made);
    // What failed is tried again the next time it is needed.
    made.catch(() => members.delete(name));
    return made;
  };

  return {
    anybody,
    operator: () => clientOf(PEOPLE.operator),
    finance: (person) => clientOf(PEOPLE[person]),
    company: (name) =>
      remembered(`company ${name}`, () => join({ kind: 'company', name }, { creditLimitMicros: CREDIT_LIMIT_MICROS })),
    provider: ({ name, kind, qualityBps }) =>
      remembered(`provider ${name}`, () => join({ kind: 'provider', name, providerKind: kind }, { qualityBps })),
    companies: async () =>
      Promise.all([...members].filter(([name]) => name.startsWith('company ')).map(([, member]) => member)),
  };
}

async function makeKey(admin: Parley, role: Role, idempotencyKey: string): Promise<string> {
  const body = { name: 'simulation', roles: [role] };
  const headers = { 'Idempotency-Key': idempotencyKey };
  const key = await ask('make an API key', () => admin.POST('/v1/api-keys', { body, headers }));
  if (key.secret === null) throw new Error('the API answered a new key without its secret');
  return key.secret;
}

/** A name for addresses: letters and digits, with a number that keeps similar names apart. */
function slugOf(name: string): string {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  return `${letters === '' ? 'x' : letters}-${spread(name).toString(16).padStart(8, '0')}`;
}
