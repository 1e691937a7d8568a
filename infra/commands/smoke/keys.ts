/** Who acts in a smoke test: sandbox keys that were given, or that a person's organisations make and take back. */
import { createParley, dataOf, type Parley } from '../../../shared/client/client.ts';
import { sandboxIn } from '../../../shared/sandbox/sandbox.ts';

export type Keys = { company: string; provider: string };
type Side = keyof Keys;

/** Its queue stands in the key's own name: `parley_<shadow>_…`. */
const SHADOW_IN_KEY = /(?:co|pr)_sandbox[cp][0-9a-z]+/;

export type Acting = {
  company: Parley;
  provider: Parley;
  /** The queue of the company's sandbox. */
  queue: string;
  /** In one sentence, who it is. */
  who: string;
  /** Takes back what was made for the walk. */
  end: () => Promise<void>;
};

/** The clients of the keys that were given; throws where one is no sandbox key. */
export function actingWith(api: string, keys: Keys): Acting {
  const shadows = [keys.company, keys.provider].map((key) => SHADOW_IN_KEY.exec(key)?.[0] ?? '');
  const queue = sandboxIn(shadows[0] ?? '')?.queue;
  if (queue === undefined || sandboxIn(shadows[1] ?? '') === undefined)
    throw new Error('these are no sandbox keys: make them with `"sandbox": true` (POST /v1/api-keys)');
  return {
    company: createParley({ baseUrl: api, apiKey: keys.company }),
    provider: createParley({ baseUrl: api, apiKey: keys.provider }),
    queue,
    who: `${shadows[0]} and ${shadows[1]}, by the keys that were given`,
    end: async () => undefined,
  };
}

const ORGANISATIONS = {
  company: { kind: 'company', name: 'Smoke test company' },
  provider: { kind: 'provider', name: 'Smoke test provider', providerKind: 'automation' },
} as const;
const ROLES = { company: 'company.operator', provider: 'provider.agent' } as const;

/** A person's own company and provider, registered once and found again later, with new sandbox keys for this walk. */
export async function actingFor(api: string, token: string, walk: string): Promise<Acting> {
  const made: { owner: Parley; keyId: string }[] = [];
  const end = async () => {
    for (const { owner, keyId } of made.splice(0))
      await dataOf(owner.DELETE('/v1/api-keys/{keyId}', { params: { path: { keyId } } }));
  };
  const keyOf = async (side: Side): Promise<string> => {
    const person = createParley({ baseUrl: api, token });
    const headers = { 'Idempotency-Key': `smoke:${side}` };
    const { id } = await dataOf(person.POST('/v1/organisations', { body: ORGANISATIONS[side], headers }));
    const owner = createParley({ baseUrl: api, token, organisation: id });
    const body = { name: `smoke test ${walk}`, roles: [ROLES[side]], sandbox: true };
    const key = await dataOf(owner.POST('/v1/api-keys', { body }));
    made.push({ owner, keyId: key.keyId });
    if (key.secret === null) throw new Error('a new key came without its secret');
    return key.secret;
  };
  try {
    const acting = actingWith(api, { company: await keyOf('company'), provider: await keyOf('provider') });
    return { ...acting, who: 'the smoke test’s own company and provider, in their sandboxes', end };
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
}

/** A person of one machine's development sign-in. */
export async function signInHere(api: string): Promise<string> {
  const body = { email: 'smoke@test.example' };
  return (await dataOf(createParley({ baseUrl: api }).POST('/dev/sign-in', { body }))).token;
}
