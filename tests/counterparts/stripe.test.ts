/** The stand-in for Stripe against Stripe's own mock: both take the same v1 requests, and refuse the same ones alike. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Method } from '../../infra/local/stripe/resource.ts';
import { RESOURCES } from '../../infra/local/stripe/resources.ts';
import { RECORDING, type Recorded, startTestStripe, type TestStripe } from '../support/stripe.ts';
import { hasGo, STRIPE_MOCK, startStripeMock } from './stripe-mock.ts';

const canRun = hasGo();
if (!canRun) console.warn(`skipped: ${STRIPE_MOCK}, for this machine has no working Go`);

const BUILD_MS = 10 * 60_000;
const TESTS_MS = 10 * 60_000;

type Outcome = { status: number; type: string | null };
type Asked = { method: string; path: string; query: string; body: string };

let mock: Awaited<ReturnType<typeof startStripeMock>>;
let test: TestStripe;
beforeAll(async () => {
  if (!canRun) return;
  mock = await startStripeMock();
  test = await startTestStripe();
}, BUILD_MS);
afterAll(async () => {
  await test?.stop();
  await mock?.stop();
});

async function ask(url: string, key: string, { method, path, query, body }: Asked): Promise<Outcome> {
  const answer = await fetch(`${url}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
    ...(method === 'POST' ? { body } : {}),
  });
  const { error } = (await answer.json()) as { error?: { type?: string } };
  return { status: answer.status, type: error?.type ?? null };
}
const askMock = (asked: Asked) => ask(mock.url, 'sk_test_123', asked);
const askStandIn = (asked: Asked) => ask(test.standIn.url, test.standIn.key, asked);
const named = ({ method, path, query, body }: Asked): string =>
  `${method} ${path} ${decodeURIComponent(query || body)}`;

describe.skipIf(!canRun)('against the mock of Stripe', () => {
  it(
    'every v1 request that the tests send is taken, and what is refused here as there is refused alike',
    async () => {
      const requests = await recorded();
      const v1 = requests.filter(({ path }) => path.startsWith('/v1/'));
      expect(v1.filter(({ status }) => status < 400).length).toBeGreaterThan(100);
      const different: string[] = [];
      for (const request of v1) {
        const { status, type } = await askMock(request);
        const isSame = status < 400 || (status === request.status && type === request.type);
        // What the mock takes may be refused here: it knows no state.
        if (!isSame) different.push(`${named(request)}: ${request.status} ${request.type}, the mock ${status} ${type}`);
      }
      expect(different).toEqual([]);
    },
    TESTS_MS,
  );

  it.each(['', 'nonsense_parameter=1', 'limit=nonsense', 'metadata=nonsense', 'amount=nonsense'])(
    'a request that the mock refuses is refused alike on every route: %s',
    async (words) => {
      const different: string[] = [];
      let refused = 0;
      for (const { method, path } of served()) {
        const asked = { method, path, query: method === 'POST' ? '' : words, body: method === 'POST' ? words : '' };
        const there = await askMock(asked);
        if (there.status < 400) continue;
        refused += 1;
        const here = await askStandIn(asked);
        if (here.status !== there.status || here.type !== there.type)
          different.push(`${named(asked)}: ${here.status} ${here.type}, the mock ${there.status} ${there.type}`);
      }
      expect(different).toEqual([]);
      expect(refused).toBeGreaterThan(0);
    },
  );

  it('nobody without a key, and nothing that is not there', async () => {
    const customers = { method: 'GET', path: '/v1/customers', query: '', body: '' };
    const nothing = { method: 'GET', path: '/v1/nothing_like_that', query: '', body: '' };
    expect(await askStandIn(nothing)).toEqual(await askMock(nothing));
    const bare = async (url: string) => {
      const answer = await fetch(`${url}${customers.path}`);
      return [answer.status, ((await answer.json()) as { error: { type: string } }).error.type];
    };
    expect(await bare(test.standIn.url)).toEqual(await bare(mock.url));
  });
});

/** Each v1 route of the stand-in, with ids in their places. */
function served(): { method: Method; path: string }[] {
  const routes = RESOURCES.flatMap((resource) => resource.routes ?? []);
  return routes
    .filter(({ path }) => path.startsWith('/v1/') && !path.startsWith('/v1/test_helpers/'))
    .map(({ method, path }) => ({ method, path: path.replaceAll(/:(\w+)/g, 'x_$1') }));
}

/** Runs every test that starts a stand-in, and answers what they asked of it, each request once. */
async function recorded(): Promise<Recorded[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-recording-'));
  try {
    const files = testsWithStripe();
    expect(files.length).toBeGreaterThan(3);
    const { AWS_ENDPOINT_URL_DYNAMODB: _d, AWS_ENDPOINT_URL_SQS: _s, ...environment } = process.env;
    const vitest = spawn('node_modules/.bin/vitest', ['run', ...files], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...environment, [RECORDING]: folder },
    });
    const code = await new Promise((done) => vitest.once('exit', done));
    expect(code, 'the tests of the stand-in fail by themselves').toBe(0);
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
    return [...new Set(lines)].map((line) => JSON.parse(line) as Recorded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testsWithStripe(): string[] {
  return ['infra', 'shared', 'functions', 'tests'].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .map((name) => join(root, name))
      .filter((name) => name.endsWith('.test.ts') && !name.startsWith(join('tests', 'counterparts')))
      .filter((name) => /support\/stripe(?:-money)?\.ts'/.test(readFileSync(name, 'utf8'))),
  );
}
