/**
 * Sealed means sealed: every route of the registry, called by every kind of stranger, answers nothing of what a company
 * committed or a provider bid. A new route is tried too, without a word here.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionName, functions } from '../../infra/topology.ts';
import { EXAMPLES } from '../../shared/api/examples.ts';
import { routes } from '../../shared/api/registry.ts';
import type { Route } from '../../shared/api/route.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { clearRound } from '../../shared/round/clearing.store.ts';
import { stepDueRounds } from '../../shared/round/step.store.ts';
import { STRIPE_DESTINATIONS } from '../../shared/stripe-event/stripe-event.ts';
import { type Answer, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

let stripe: TestStripe;

const FEBRUARY = Date.parse('2026-02-01T00:00:00Z');
const COMMITMENT = { volume: 7_654_321, reserveMicros: 8_123_457, failureCostMicros: 1_234_567 };
const RIVAL_VOLUME = 1_000_000;
const BID = {
  capacity: 2_718_281,
  tiers: [
    { minVolume: 271_829, priceMicros: 3_141_593 },
    { minVolume: 1_414_213, priceMicros: 2_653_589 },
  ],
};
const TERMS = {
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 1_000_000,
  secondPersonAboveMicros: 1_000_000_000_000,
};
const CLASS = { category: 'Cards', channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' };

let engine: TestTables;
let edge: TestEdge;
let queue = '';
let bystander = '';
const tokens: Record<string, string | undefined> = { nobody: undefined };
/** For whom each acts: who tries every route may come to belong to several. */
const tenants: Record<string, string> = { operator: MARKET_ORGANISATION };
/** What only the company, and only the provider, may see. */
let ofCompany: string[] = [];
let ofProvider: string[] = [];

const byId = (id: string): Route => {
  const route = routes.find((one) => one.id === id);
  if (route === undefined) throw new Error(`no route ${id}`);
  return route;
};

async function call(route: Route, who: string, more: { params?: object; query?: object; body?: unknown } = {}) {
  const { file } = functions[`api-${route.function}` as FunctionName];
  const { handler } = (await import(`../../${file}`)) as { handler: unknown };
  const token = tokens[who];
  return edge.call(handler, `${route.method} ${route.path}`, {
    ...(token === undefined ? {} : { token }),
    headers: {
      'idempotency-key': `${route.id}-${who}`,
      ...(tenants[who] === undefined ? {} : { 'parley-organisation': tenants[who] }),
    },
    ...(more as object),
  });
}

/** A value for every parameter, so that each route finds what it asks for where there is any. */
function paramsOf(route: Route, provider: string): Record<string, string> {
  const known: Record<string, string> = {
    queue,
    round: '1',
    provider,
    organisation: bystander,
    version: '1',
    request: `${bystander}.${'a'.repeat(22)}`,
  };
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, known[name] ?? 'unknown-unknown-unknown']));
}

function queryOf(route: Route): Record<string, string> {
  const known: Record<string, string> = { queue, round: '1', kind: 'company', currency: 'USD', limit: '100' };
  const names = route.query === undefined ? [] : Object.keys(route.query.shape);
  return Object.fromEntries(names.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]])));
}

let provider = '';

/** Calls all routes, the reading ones first, and answers where any secret shows. */
async function leaks(who: string, secrets: readonly string[], onlyReading = false): Promise<string[]> {
  const found: string[] = [];
  const served = routes.filter((route) => route.localOnly !== true && !(onlyReading && route.method !== 'GET'));
  const inOrder = [...served].sort((a, b) => Number(a.method !== 'GET') - Number(b.method !== 'GET'));
  for (const route of inOrder) {
    const body = route.body === undefined ? {} : { body: EXAMPLES[route.id] ?? {} };
    const answer: Answer = await call(route, who, {
      params: paramsOf(route, provider),
      query: queryOf(route),
      ...body,
    });
    expect(answer.status, `${route.id} as ${who}: ${JSON.stringify(answer.body)}`).not.toBe(500);
    const text = JSON.stringify([answer.body, answer.headers]);
    for (const secret of secrets) if (text.includes(secret)) found.push(`${route.id} shows ${secret} to ${who}`);
  }
  return found;
}

async function join(who: string, kind: 'company' | 'provider'): Promise<string> {
  tokens[who] = edge.person(who);
  const body = { kind, name: who, ...(kind === 'provider' ? { providerKind: 'agent_pool' } : {}) };
  const { body: made } = await call(byId('register'), who, { body });
  // Its commitments are worth more than the limit that is set where nothing is said.
  const limit = kind === 'company' ? { creditLimitMicros: 1_000_000_000_000_000 } : {};
  const approval = { params: { organisation: String(made.id) }, body: limit };
  expect(await call(byId('approveOrganisation'), 'operator', approval)).toMatchObject({ status: 200 });
  tenants[who] = String(made.id);
  return String(made.id);
}

const own = (id: string, who: string, body?: object) =>
  call(byId(id), who, { params: { queue, round: '1' }, ...(body === undefined ? {} : { body }) });

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  stripe = await startTestStripe({ clock: { now: () => edge.now }, seed: 'sealed' });
  const secrets = Object.fromEntries(STRIPE_DESTINATIONS.map((id) => [id, ['whsec_sealed']]));
  const { access } = stripe;
  Object.assign(edge.runtime, { stripeAccess: async () => access, stripeSecrets: async () => secrets });
  tokens.operator = await edge.operator('operator', ['market.operator', 'market.finance']);
  tokens['second-operator'] = await edge.operator('second-operator');
  tokens.stranger = edge.person('stranger');
  const opened = await call(byId('createQueue'), 'operator', {
    body: { serviceClass: CLASS, currency: 'USD', terms: TERMS },
  });
  queue = String(opened.body.id);
  await join('company', 'company');
  await join('rival-company', 'company');
  bystander = await join('bystander', 'company');
  provider = await join('provider', 'provider');
  await join('rival-provider', 'provider');
  const committed = await own('putCommitment', 'company', { currency: 'USD', ...COMMITMENT });
  const bid = await own('putBid', 'provider', { currency: 'USD', ...BID });
  expect([committed.status, bid.status]).toEqual([200, 200]);
  await own('putCommitment', 'rival-company', { currency: 'USD', volume: RIVAL_VOLUME });
  const pooled = COMMITMENT.volume + RIVAL_VOLUME;
  ofCompany = [...Object.values(COMMITMENT), pooled, committed.body.hash].map(String);
  const numbers = BID.tiers.flatMap((tier) => [tier.minVolume, tier.priceMicros]);
  ofProvider = [BID.capacity, ...numbers, bid.body.hash].map(String);
});
afterAll(async () => {
  await stripe.stop();
  await engine.stop();
});

const all = () => [...ofCompany, ...ofProvider];

describe('before the hard close', () => {
  it('the test sees what it looks for: owners read their own', async () => {
    const [commitment, bid] = [await own('getCommitment', 'company'), await own('getBid', 'provider')];
    // All but the pooled volume, which nobody may see.
    const pooled = String(COMMITMENT.volume + RIVAL_VOLUME);
    for (const secret of ofCompany.filter((one) => one !== pooled))
      expect(JSON.stringify(commitment)).toContain(secret);
    for (const secret of ofProvider) expect(JSON.stringify(bid)).toContain(secret);
  });

  it.each(['nobody', 'stranger', 'rival-company', 'rival-provider', 'operator'])(
    'no route shows a bid, a commitment or a volume to %s',
    async (who) => {
      expect(await leaks(who, all(), who === 'rival-company')).toEqual([]);
    },
  );

  it('a company sees no bid, a provider no demand', async () => {
    expect(await leaks('company', ofProvider, true)).toEqual([]);
    expect(await leaks('provider', ofCompany, true)).toEqual([]);
  });

  it('and no stranger has changed them by trying', async () => {
    expect((await own('getCommitment', 'company')).body).toMatchObject(COMMITMENT);
    expect((await own('getBid', 'provider')).body).toMatchObject(BID);
  });
});

describe('after the hard close', () => {
  const READERS = ['nobody', 'stranger', 'rival-company', 'rival-provider', 'operator'];
  const toClear: unknown[] = [];

  it('nothing is shown before clearing has answered', async () => {
    edge.now = FEBRUARY - DAY;
    await stepDueRounds(
      { tables: engine.tables, now: edge.now },
      async (_queue, bodies) => void toClear.push(...bodies),
    );
    expect(toClear).toContainEqual({ queue, round: 1 });
    for (const who of READERS) expect(await leaks(who, all(), true)).toEqual([]);
  });

  it('cleared, the operator reads the sums and nobody else anything before the round begins', async () => {
    edge.now = FEBRUARY - DAY + HOUR;
    await clearRound({ tables: engine.tables, now: edge.now }, queue, 1, createMarketSolver());
    expect((await readRound(engine.tables, queue, 1, { consistent: true }))?.clearedAt).toBe(edge.now);
    const report = await own('getRoundReport', 'operator');
    expect(report.body.figures).toMatchObject({ committed: COMMITMENT.volume + RIVAL_VOLUME });
    for (const who of READERS.filter((one) => one !== 'operator')) expect(await leaks(who, all(), true)).toEqual([]);
    expect(await own('getCompanyAward', 'company')).toMatchObject({ body: { code: 'round_not_cleared' } });
    expect(await own('getProviderAward', 'provider')).toMatchObject({ body: { code: 'round_not_cleared' } });
  });

  it('in the round, released by two, each reads its own award, and of the others’ bids and commitments nothing', async () => {
    // Worth about eight million, more than one person may let pass.
    for (const who of ['operator', 'second-operator'])
      expect(await own('releaseAwards', who)).toMatchObject({ status: 200 });
    edge.now = FEBRUARY + MINUTE;
    await stepDueRounds({ tables: engine.tables, now: edge.now }, async () => undefined);
    expect(await own('getCompanyAward', 'company')).toMatchObject({ body: { committed: COMMITMENT.volume } });
    expect(await own('getProviderAward', 'provider')).toMatchObject({ body: { capacity: BID.capacity } });
    for (const who of READERS.filter((one) => one !== 'operator'))
      expect(await leaks(who, all().filter(isNotAwarded), true)).toEqual([]);
    // The operator's report has sums; of any one party it has nothing.
    const single = all().filter(
      (secret) => isNotAwarded(secret) && secret !== String(COMMITMENT.volume + RIVAL_VOLUME),
    );
    // What the auditor is given is no page: each reading stands in the log with who read.
    const audits = () => edge.lines.filter(({ message }) => message.startsWith('audit:'));
    const before = audits().length;
    const shown = await leaks('operator', single, true);
    expect(shown.filter((leak) => !leak.startsWith('getSealedFile '))).toEqual([]);
    expect(audits().slice(before)).toMatchObject([{ fields: { user: 'operator', queue, round: 1 } }]);
  });

  /** The whole capacity is awarded, and a company reads by whom it is served. */
  const isNotAwarded = (secret: string): boolean => secret !== String(BID.capacity);
});
