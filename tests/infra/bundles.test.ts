/** What Lambda gets: each function in one small file that runs with nothing installed beside it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Front, startFront } from '../../infra/local/front.ts';
import { Gate } from '../../infra/local/gate.ts';
import { type Bundled, bundle } from '../../infra/stacks/bundle.ts';
import { type FunctionName, type FunctionSpec, functions } from '../../infra/topology.ts';
import { matchRoute } from '../../shared/api/match.ts';
import type { ApiFunction } from '../../shared/api/route.ts';
import { PAGE_FILES } from '../../shared/api/web-page.ts';
import { addMember, createApiKey } from '../../shared/identity/identity.store.ts';
import { ROLES_OF } from '../../shared/identity/identity.ts';
import type { QueueName } from '../../shared/kernel/message.ts';
import { ensureMarketOrganisation, MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { BareLambda } from '../support/bare-lambda.ts';
import { TestMarket } from '../support/round.ts';
import { environmentOf, Synthesised } from './synthesised.ts';

const MOST_BYTES = 750_000;
const SOLVER = 'highs.wasm';
const MODEL = 'triage.model';
const MOST_MODEL_BYTES = 4_000_000;
const STRIPE = ['package.json', 'stripe.mjs', 'stripe.mjs.map'];
const PAGES = Object.values(PAGE_FILES).sort();
const STRIPE_PROBE = 'tests/infra/stripe-probe.ts';
const PROBE = 'tests/infra/solver-probe.ts';
const run = promisify(execFile);
const names = Object.keys(functions) as FunctionName[];

let folder: string;
let made: Synthesised;
let bundles: Synthesised['bundles'];
let probe: Bundled;
let stripeProbe: Bundled;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-bundles-'));
  made = new Synthesised({ withCode: true });
  bundles = made.bundles;
  ({ probe, stripeProbe } = bundle({ probe: PROBE, stripeProbe: STRIPE_PROBE }, join(folder, 'probe')));
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  made.remove();
});

/** Runs a line in a Node process without environment, in a folder without packages; `code` is the bundle's module. */
async function inBareNode(at: string, line: string): Promise<string> {
  const program = `const code = await import(${JSON.stringify(pathToFileURL(join(at, 'index.mjs')).href)}); ${line}`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder, env: {} });
  return stdout.trim();
}

describe('bundles', () => {
  it(`are at most ${MOST_BYTES / 1_000} KB each, minified, the solver and Stripe’s SDK apart`, () => {
    const sizes = names.map((name) => ({ function: name, kilobytes: Math.round(bundles[name].bytes / 1_000) }));
    console.log(`Bundles, in KB: ${sizes.map((size) => `${size.function} ${size.kilobytes}`).join(', ')}`);
    for (const name of names) expect(bundles[name].bytes, name).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('have source maps, and the solver, the model and Stripe’s SDK where they are used and nowhere else', () => {
    for (const name of names) {
      const { folder: at, hasSolver, hasModel, hasStripe } = bundles[name];
      const expected = [
        'index.mjs',
        'index.mjs.map',
        ...(hasSolver ? [SOLVER] : []),
        ...(hasModel ? [MODEL] : []),
        ...(hasStripe ? STRIPE : []),
        ...(name === 'site' ? PAGES : []),
      ].sort();
      expect(readdirSync(at).sort(), name).toEqual(expected);
      expect(readFileSync(join(at, 'index.mjs'), 'utf8')).toContain('sourceMappingURL=index.mjs.map');
    }
    expect(names.filter((name) => bundles[name].hasSolver)).toEqual(['queue-clearing']);
    const callStripe = names.filter((name) => (functions[name] as FunctionSpec).stripe !== undefined);
    expect(names.filter((name) => bundles[name].hasStripe)).toEqual(callStripe);
    expect(names.filter((name) => bundles[name].hasModel)).toContain('api-company');
    expect(statSync(join(bundles['api-company'].folder, MODEL)).size).toBeLessThanOrEqual(MOST_MODEL_BYTES);
  });

  it('run on Node 24, as Lambda has it', () => {
    expect(process.version).toMatch(/^v24\./);
  });

  it('find the pages beside them, and give each a nonce of its own, by which alone styles may be made', async () => {
    const ask = (path: string) =>
      inBareNode(bundles.site.folder, `console.log(JSON.stringify(await code.handler({ rawPath: '${path}' })));`).then(
        (text) => JSON.parse(text) as { statusCode: number; headers: Record<string, string>; body: string },
      );
    const seen = new Set<string>();
    for (const [path, page] of [
      ['/', 'market.html'],
      ['/queues/a', 'index.html'],
      ['/requests/co_1.REQ-2.2026', 'index.html'],
      ['/c/a.token', 'customer.html'],
    ] as const) {
      const { statusCode, headers, body } = await ask(path);
      const nonce = /^(\S+) ([\w-]{22})$/.exec(body)?.[2] ?? 'none';
      expect(statusCode).toBe(200);
      expect(body).toBe(`${page} ${nonce}`);
      expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(headers['content-security-policy']).not.toContain('unsafe-inline');
      seen.add(nonce);
    }
    expect(seen.size).toBe(4);
  });

  it('find Stripe’s SDK beside them', async () => {
    expect(await inBareNode(stripeProbe.folder, 'console.log(await code.load());')).toBe('function');
  });

  it('find the solver beside them and solve with it', async () => {
    const answer: unknown = JSON.parse(await inBareNode(probe.folder, 'console.log(await code.solve());'));
    // Ten units, each worth 5.00 and costing 3.00, in micro-units.
    expect(answer).toMatchObject({ steps: [0], boundMicros: 20_000_000 });
  });
});

/** A route of each function behind the API, with the answer that its caller gets. */
const ROUTES: Readonly<
  Partial<Record<ApiFunction, { path: string; method?: string; as?: Who; body?: unknown; status: number }>>
> = {
  market: { path: '/v1/memberships', as: 'company', status: 200 },
  company: { path: '/v1/requests?queue=mortgage-web-en-us-us-standard&round=1', as: 'company', status: 200 },
  overview: { path: '/v1/inbox', as: 'company', status: 200 },
  certificate: { path: '/v1/certificates', as: 'provider', status: 200 },
  import: { path: '/v1/imports', as: 'company', status: 200 },
  connector: { path: '/v1/connectors', as: 'company', status: 200 },
  incident: { path: '/v1/incidents', as: 'company', status: 200 },
  provider: { path: '/v1/leases', as: 'provider', status: 200 },
  finance: { path: '/v1/charges', as: 'company', status: 200 },
  export: { path: '/v1/audit-trail', as: 'market', status: 200 },
  billing: { path: '/v1/invoices', as: 'company', status: 200 },
  money: { path: '/v1/closes', as: 'market', status: 200 },
  customer: { path: `/v1/links/${'a'.repeat(20)}.${'b'.repeat(32)}`, status: 404 },
  receipts: { path: '/v1/receipts/jwks', status: 200 },
  operator: { path: '/v1/organisations?kind=company', as: 'market', status: 200 },
  dispatch: { path: '/v1/availability', as: 'provider', status: 200 },
  thread: { path: `/v1/requests/co_bundled1.${'r'.repeat(22)}/messages`, as: 'company', status: 404 },
  operations: { path: '/v1/operator/sweeps', as: 'market', status: 200 },
  webhook: { path: '/v1/webhooks', as: 'company', status: 200 },
  mcp: { path: '/mcp', method: 'POST', as: 'program', body: { jsonrpc: '2.0', id: 1, method: 'ping' }, status: 200 },
  stripe: { path: '/v1/stripe/snapshot-platform', method: 'POST', body: { id: 'evt_1' }, status: 401 },
  auth: { path: '/auth/refresh', method: 'POST', status: 401 },
};
type Who = 'company' | 'provider' | 'market' | 'program';

/** A message of each queue, about what is not there. */
const MESSAGES: Readonly<Record<QueueName, object>> = {
  clearing: { queue: 'mortgage-web-en-us-us-standard', round: 1 },
  sweeps: { kind: 'days' },
  deliveries: { kind: 'sweep', shard: 0 },
  imports: { import: `im_bundled1.${'N'.repeat(22)}` },
  'stripe-in': { event: 'evt_none' },
  'stripe-out': { kind: 'cash_order', id: 'none' },
};

describe('a bundled function in a process with nothing but its asset and its environment', () => {
  let world: BareLambda;
  let front: Front;
  const tokens = new Map<Who, string>();
  const told = (name: FunctionName) => environmentOf(made, name);

  beforeAll(async () => {
    world = await BareLambda.start(folder);
    const { tables } = world.engine;
    await ensureMarketOrganisation(tables, Date.now());
    const market = new TestMarket(tables);
    await market.open('mortgage');
    for (const [who, tenant] of [
      ['company', 'co_bundled1'],
      ['provider', 'pr_bundled1'],
      ['market', MARKET_ORGANISATION],
    ] as const) {
      await addMember(tables, tenant, { user: `${who}-person`, email: null, roles: ROLES_OF[who] }, 0);
      tokens.set(who, await world.token(`${who}-person`));
    }
    const input = { name: 'agent', roles: ROLES_OF.provider, scopes: 'all' as const };
    tokens.set('program', (await createApiKey(tables, 'pr_bundled1', input, 'agent', 0)).secret ?? '');
    front = await startFront(0, {
      match: matchRoute,
      // What the gateway would give the function, and what it would make of its answer.
      run: (name, event) =>
        world.run(
          bundles[`api-${name}` as FunctionName].folder,
          told(`api-${name}` as FunctionName),
          world.throughEdge(event),
        ),
      ungated: new Set(),
      gate: new Gate(),
      page: () => undefined,
      log: () => undefined,
    });
  }, 60_000);
  afterAll(async () => {
    await front.stop();
    await world.stop();
  });

  it('is tried for each function of the topology', () => {
    const served = Object.keys(ROUTES).map((name) => `api-${name}`);
    const consumed = Object.keys(MESSAGES).map((name) => `queue-${name}`);
    const others = names.filter((name) => (functions[name] as FunctionSpec).trigger.kind === 'schedule');
    expect([...served, ...consumed, ...others, 'token-claims', 'site'].sort()).toEqual([...names].sort());
  });

  it.each(Object.entries(ROUTES))(
    'api-%s answers a call over HTTP',
    async (name, { path, method = 'GET', as, body, status }) => {
      const answer = await fetch(`http://127.0.0.1:${front.port}${path}`, {
        method,
        headers: {
          // The site's own pages sign in; programs have no origin.
          ...(name === 'auth' ? { origin: String(told('api-auth').SITE_URL) } : {}),
          accept: 'application/json, text/event-stream',
          ...(as === undefined ? {} : { authorization: `Bearer ${tokens.get(as)}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      expect([answer.status, text.slice(0, 500)]).toEqual([status, expect.stringMatching(/^[{[e]/)]);
    },
  );

  it('turns away a call that knows the API’s own address and comes past the edge', async () => {
    const event = { routeKey: 'GET /v1/queues', headers: {}, requestContext: { http: { sourceIp: '203.0.113.7' } } };
    const answer = await world.run(bundles['api-market'].folder, told('api-market'), event);
    expect(answer).toMatchObject({ statusCode: 403, headers: { 'content-type': 'application/problem+json' } });
  });

  it('answers a path that nobody serves with a problem', async () => {
    const event = world.throughEdge({ routeKey: '$default', headers: {}, requestContext: { requestId: 'call-1' } });
    const answer = await world.run(bundles['api-market'].folder, told('api-market'), event);
    expect(answer).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
  });

  it.each(Object.entries(MESSAGES))('queue-%s works a message', async (queue, body) => {
    const name = `queue-${queue}` as FunctionName;
    const record = {
      messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
      receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
      body: JSON.stringify(body),
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767225600000' },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:parley-test-${queue}`,
      awsRegion: 'us-east-1',
    };
    expect(await world.run(bundles[name].folder, told(name), { Records: [record] })).toEqual({ batchItemFailures: [] });
  });

  it.each(names.filter((name) => (functions[name] as FunctionSpec).trigger.kind === 'schedule'))(
    '%s runs',
    async (name) => {
      const event = {
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        time: '2026-01-01T00:00:00Z',
        detail: {},
      };
      expect(await world.run(bundles[name].folder, told(name), event)).toBeNull();
    },
  );

  it('token-claims answers the user pool', async () => {
    const event = {
      request: { userAttributes: { email: 'ada@example.com', email_verified: 'true' } },
      response: { claimsAndScopeOverrideDetails: null },
    };
    const answer = await world.run(bundles['token-claims'].folder, told('token-claims'), event);
    expect(JSON.stringify(answer)).toContain('"claimsToAddOrOverride":{"email":"ada@example.com"}');
  });
});
