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

export type Directory = {
  /** A client of the market's operator, signed in. */
  operator(): Promise<Parley>;
  company(name: string): Promise<Member>;
  provider(profile: ProviderProfile): Promise<Member>;
  /** Without any credential: a customer with a link, or anybody. */
  anybody: Parley;
  /** The companies that have acted so far in this process. */
  companies(): Promise<Member[]>;
};

const OPERATOR_EMAIL = 'operator@market.example';
/** The highest credit limit the API takes: simulated companies never run into it. */
const CREDIT_LIMIT_MICROS = 1_000_000_000_000;

export function openDirectory(baseUrl: string, world: string): Directory {
  // Tries again itself, see `ask`.
  const connection = { baseUrl, attempts: 1, fetch: newExchange() };
  const anybody = createParley(connection);
  const run = randomToken(9);
  const members = new Map<string, Promise<Member>>();
  let operator: Promise<{ client: Parley; until: number }> | null = null;

  const signInOperator = async () => {
    const market: Role[] = ['market.operator', 'market.finance'];
    const body = { email: OPERATOR_EMAIL, market };
    const signedIn = await ask('sign in as operator', () => anybody.POST('/dev/sign-in', { body }));
    const organisation = signedIn.organisations.find((id) => id.startsWith('mk_'));
    const client = createParley({ ...connection, token: signedIn.token, organisation });
    return { client, until: fromIso(signedIn.expiresAt) - MINUTE };
  };
  const operatorClient = async (): Promise<Parley> => {
    const current = await operator;
    if (current !== null && current.until > Date.now()) return current.client;
    operator = signInOperator();
    return (await operator).client;
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
      const market = await operatorClient();
      const params = { path: { organisation: id } };
      await ask(`approve ${name}`, () =>
        market.POST('/v1/organisations/{organisation}/approve', { params, body: approval }),
      );
    }
    const admin = createParley({ ...connection, token, organisation: id });
    const secret = await makeKey(admin, `${kind}.admin`, `${world}:key:${slug}:${run}`);
    return { id, name, email, secret, client: createParley({ ...connection, apiKey: secret }) };
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
    operator: operatorClient,
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
