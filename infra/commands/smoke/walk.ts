/** The walk itself: one step after another, each a sentence about what a newcomer would do, with what was seen. */
import { createParley, dataOf, type Parley, ParleyProblem } from '../../../shared/client/client.ts';
import { randomToken } from '../../../shared/kernel/id.ts';
import { type Acting, actingFor, actingWith, type Keys, signInHere } from './keys.ts';

export type SmokeOptions = {
  api: string;
  say: (line: string) => void;
  /** Sandbox keys to act with. */
  keys?: Keys;
  /** A person's access token, where no keys are given. */
  token?: string;
};

type Walk = {
  options: SmokeOptions;
  /** Names what this walk makes, so that walks never meet. */
  name: string;
  anybody: Parley;
  acting?: Acting;
  /** Requests of this walk, by what was done with them. */
  requests: Map<string, string>;
  lease?: string;
  link?: string;
};
/** Does a step and answers what was seen; throws where it is not as it should be. */
type Step = { title: string; run: (walk: Walk) => Promise<string> };

const TIMEOUT_MS = 15_000;

/** Walks all steps. Answers the exit code; keys that were made are taken back whatever happens. */
export async function smokeTest(options: SmokeOptions): Promise<number> {
  const { api, say } = options;
  const anybody = createParley({ baseUrl: api, attempts: 3, timeoutMs: TIMEOUT_MS });
  const walk: Walk = { options, name: `smoke-${randomToken(6)}`, anybody, requests: new Map() };
  say(`The main job at ${api}, in a sandbox: no money, nobody's data`);
  try {
    for (const [place, step] of STEPS.entries()) if (!(await take(walk, step, place + 1))) return 1;
    say(`All ${STEPS.length} steps went as they should.`);
    return 0;
  } finally {
    await walk.acting?.end().catch((error: unknown) => say(`   the walk's keys were not taken back: ${textOf(error)}`));
  }
}

async function take(walk: Walk, { title, run }: Step, place: number): Promise<boolean> {
  const { say } = walk.options;
  const from = performance.now();
  const number = String(place).padStart(2);
  try {
    const seen = await run(walk);
    say(`${number} ✓ ${title}: ${seen} (${Math.round(performance.now() - from)} ms)`);
    return true;
  } catch (error) {
    say(`${number} ✗ ${title}: ${textOf(error)}`);
    say(
      `Stopped at step ${place} of ${STEPS.length}. ${walk.options.api}/docs describes the calls; the market's log has the call by its id.`,
    );
    return false;
  }
}

function textOf(error: unknown): string {
  if (error instanceof ParleyProblem) {
    const { status, code, problem } = error;
    return `${status} ${code}: ${problem.detail}${problem.instance === undefined ? '' : ` (call ${problem.instance})`}`;
  }
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** What was seen, where it is what was expected; throws else. */
function expectThat(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

const acting = ({ acting: found }: Walk): Acting => {
  if (found === undefined) throw new Error('nobody acts yet');
  return found;
};

async function send(walk: Walk, what: string, sandbox: 'resolve' | 'hold'): Promise<{ id: string; state: string }> {
  const { company, queue } = acting(walk);
  const customer = `${what}@${walk.name}.example`;
  const body = {
    externalId: `${walk.name}-${what}`,
    queue,
    customer,
    text: 'Where is my card?',
    fields: { sandbox },
  };
  const request = await dataOf(company.POST('/v1/requests', { body }));
  walk.requests.set(what, request.id);
  return request;
}

function pathOf(walk: Walk, what: string): { path: { request: string } } {
  return { path: { request: walk.requests.get(what) ?? '' } };
}

async function stateOf(walk: Walk, what: string): Promise<string> {
  const params = pathOf(walk, what);
  return (await dataOf(acting(walk).company.GET('/v1/requests/{request}', { params }))).state;
}

/** The code that a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'not refused',
    (error: unknown) => {
      if (error instanceof ParleyProblem) return error.code;
      throw error;
    },
  );
}

const LOOK: readonly Step[] = [
  {
    title: 'The market is well',
    run: async ({ anybody }) => (await dataOf(anybody.GET('/healthz'))).status,
  },
  {
    title: 'It lists its queues',
    run: async ({ anybody }) => {
      const { items } = await dataOf(anybody.GET('/v1/queues', { params: { query: { limit: 5 } } }));
      return items.length === 0 ? 'it has no queue yet' : `its first queue is ${items[0]?.id}`;
    },
  },
  {
    title: 'Anybody may ask what pooled demand would cost',
    run: async ({ anybody }) => {
      const serviceClass = {
        category: 'Mortgage',
        channel: 'Web',
        language: 'en-US',
        region: 'US',
        slaTier: 'standard' as const,
      };
      const body = { demand: [{ serviceClass, currency: 'USD' as const, volume: 1_000 }] };
      const { items } = await dataOf(anybody.POST('/v1/estimates', { body }));
      return items[0]?.says ?? 'nothing is known of such a queue';
    },
  },
  {
    title: 'The keys that receipts are checked with are published',
    run: async ({ anybody }) => {
      const { keys } = await dataOf(anybody.GET('/v1/receipts/jwks'));
      expectThat(keys.length > 0, 'there is none');
      return `${keys.length}`;
    },
  },
  {
    title: 'A company and a provider act',
    run: async (walk) => {
      const { api, keys, token } = walk.options;
      walk.acting =
        keys === undefined ? await actingFor(api, token ?? (await signInHere(api)), walk.name) : actingWith(api, keys);
      return walk.acting.who;
    },
  },
  {
    title: 'A sandbox key is kept from money',
    run: async (walk) => {
      const code = await refusal(dataOf(acting(walk).company.GET('/v1/charges')));
      expectThat(code === 'forbidden', `its charges should be forbidden, and are ${code}`);
      return 'forbidden';
    },
  },
];

const COMPANY: readonly Step[] = [
  {
    title: 'The company sends a request, and a provider resolves it',
    run: async (walk) => {
      const { id } = await send(walk, 'solved', 'resolve');
      const state = await stateOf(walk, 'solved');
      expectThat(state === 'resolved', `it is ${state}`);
      return `${id} is resolved`;
    },
  },
  {
    title: 'The same request again is the same request, another one under its name is refused',
    run: async (walk) => {
      const first = walk.requests.get('solved');
      const { id } = await send(walk, 'solved', 'resolve');
      expectThat(id === first, `it became ${id}`);
      const code = await refusal(send(walk, 'solved', 'hold'));
      expectThat(code === 'external_id_conflict', `other content is ${code}`);
      return code;
    },
  },
  {
    title: 'The customer opens the link that the company gives, without a login',
    run: async (walk) => {
      const { token } = await dataOf(
        acting(walk).company.POST('/v1/requests/{request}/link', { params: pathOf(walk, 'solved') }),
      );
      walk.link = token;
      const { state } = await dataOf(walk.anybody.GET('/v1/links/{token}', { params: { path: { token } } }));
      return `it shows ${state}`;
    },
  },
  {
    title: 'The customer says that it is solved',
    run: async (walk) => {
      const params = { path: { token: walk.link ?? '' } };
      const { state } = await dataOf(walk.anybody.POST('/v1/links/{token}/solved', { params }));
      expectThat(state === 'confirmed', `it is ${state}`);
      return state;
    },
  },
  {
    title: 'The company confirms another one itself',
    run: async (walk) => {
      await send(walk, 'confirmed', 'resolve');
      const params = pathOf(walk, 'confirmed');
      const { state } = await dataOf(acting(walk).company.POST('/v1/requests/{request}/confirm', { params }));
      expectThat(state === 'confirmed', `it is ${state}`);
      return state;
    },
  },
  {
    title: 'The company cancels one that is being worked on',
    run: async (walk) => {
      await send(walk, 'cancelled', 'hold');
      const before = await stateOf(walk, 'cancelled');
      expectThat(before === 'working', `it should be held, and is ${before}`);
      const params = pathOf(walk, 'cancelled');
      await dataOf(acting(walk).company.POST('/v1/requests/{request}/cancel', { params }));
      const state = await stateOf(walk, 'cancelled');
      expectThat(state === 'cancelled', `it is ${state}`);
      return state;
    },
  },
];

const PROVIDER: readonly Step[] = [
  {
    title: 'The provider claims work',
    run: async (walk) => {
      const { work, reason } = await dataOf(acting(walk).provider.POST('/v1/claims', { body: { max: 1 } }));
      expectThat(work.length === 1, `it got nothing: ${reason}`);
      walk.lease = work[0]?.lease.id ?? '';
      return `due ${work[0]?.lease.deadline}`;
    },
  },
  {
    title: 'It keeps its turn',
    run: async (walk) => {
      const params = { path: { lease: walk.lease ?? '' } };
      const body = { progress: true };
      const { leaseUntil } = await dataOf(acting(walk).provider.POST('/v1/leases/{lease}/heartbeat', { params, body }));
      return `until ${leaseUntil}`;
    },
  },
  {
    title: 'It resolves the request',
    run: async (walk) => {
      const params = { path: { lease: walk.lease ?? '' } };
      const body = { code: 'answered' as const, summary: 'Told where the card is.' };
      await dataOf(acting(walk).provider.POST('/v1/leases/{lease}/resolve', { params, body }));
      const { state } = await dataOf(acting(walk).provider.GET('/v1/leases/{lease}', { params }));
      expectThat(['resolved', 'confirmed', 'reopened'].includes(state), `its turn is ${state}`);
      return `its turn is ${state}, as the sandbox’s customer says`;
    },
  },
  {
    title: 'A turn that has ended takes no second result',
    run: async (walk) => {
      const params = { path: { lease: walk.lease ?? '' } };
      const body = { code: 'refunded' as const, summary: 'Something else.' };
      const code = await refusal(dataOf(acting(walk).provider.POST('/v1/leases/{lease}/resolve', { params, body })));
      expectThat(code === 'lease_ended', `it is ${code}`);
      return code;
    },
  },
];

const STEPS: readonly Step[] = [...LOOK, ...COMPANY, ...PROVIDER];
