/** The client: typed by the registry, and repeating only what may be repeated. */
import { describe, expect, it } from 'vitest';
import { routes } from '../api/registry.ts';
import { createParley, dataOf, type ParleyOptions, ParleyProblem } from './client.ts';
import { NOT_REPEATED } from './retry.ts';

type Sent = { url: string; method: string; headers: Headers; body: unknown };

/** A client whose answers are given one after the other; an Error stands for a network that fails. */
function scripted(answers: (Response | Error)[], options: Partial<ParleyOptions> = {}) {
  const sent: Sent[] = [];
  const client = createParley({
    baseUrl: 'http://market.test',
    apiKey: 'parley_key',
    pauseMs: 1,
    fetch: async (url, init) => {
      sent.push({ url, method: init.method ?? '', headers: new Headers(init.headers), body: init.body });
      const answer = answers.shift();
      if (answer === undefined) throw new Error('one call more than the script has');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...options,
  });
  return { client, sent };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const NETWORK = () => new TypeError('fetch failed');
const REQUEST = { externalId: 'a', queue: 'mortgage', customer: 'ada@example.com' };

describe('a call', () => {
  it('fills path and query, and says who calls for whom', async () => {
    const { client, sent } = scripted([json(200, {})], { organisation: 'co_7k2m9x4q1z' });
    await client.GET('/v1/queues/{queue}/rounds', { params: { path: { queue: 'a b' }, query: { limit: 5 } } });
    expect(sent[0]?.url).toBe('http://market.test/v1/queues/a%20b/rounds?limit=5');
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer parley_key');
    expect(sent[0]?.headers.get('parley-organisation')).toBe('co_7k2m9x4q1z');
  });

  it('asks for the current token each time', async () => {
    let serial = 0;
    const token = async () => `t${++serial}`;
    const { sent, client } = scripted([json(200, {}), json(200, {})], { apiKey: undefined, token } as never);
    await client.GET('/v1/organisation');
    await client.GET('/v1/organisation');
    expect(sent.map((s) => s.headers.get('authorization'))).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('does not compile with a wrong path, body or parameter', () => {
    const { client } = scripted([]);
    const wrong = [
      // @ts-expect-error there is no such path
      () => client.GET('/v1/nothing'),
      // @ts-expect-error the path takes no DELETE
      () => client.DELETE('/v1/queues'),
      // @ts-expect-error the customer is missing
      () => client.POST('/v1/requests', { body: { externalId: 'a', queue: 'b' } }),
      // @ts-expect-error the path has a parameter
      () => client.GET('/v1/requests/{request}', {}),
      // @ts-expect-error the answer has no such field
      async () => (await client.GET('/v1/organisation')).data?.nothing,
    ];
    expect(wrong).toHaveLength(5);
  });
});

describe('a refusal', () => {
  const refusal = { type: 't', title: 'Gone', status: 410, code: 'link_expired', detail: 'Ask again' };
  it('is a value, or thrown by dataOf', async () => {
    const { client } = scripted([json(410, refusal), json(410, refusal)]);
    const params = { path: { token: 'x'.repeat(30) } };
    expect((await client.GET('/v1/links/{token}', { params })).error?.code).toBe('link_expired');
    const thrown = await dataOf(client.GET('/v1/links/{token}', { params })).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ParleyProblem);
    expect(thrown).toMatchObject({ code: 'link_expired', status: 410 });
  });
});

describe('a repeated call', () => {
  it('keeps its Idempotency-Key over network failures, 429 and 503', async () => {
    const { client, sent } = scripted([NETWORK(), json(429, {}), json(503, {}), json(201, { id: '1' })]);
    const { data } = await client.POST('/v1/requests', { body: REQUEST });
    expect(data).toEqual({ id: '1' });
    const keys = new Set(sent.map((s) => s.headers.get('idempotency-key')));
    expect(sent).toHaveLength(4);
    expect(keys.size).toBe(1);
    expect([...keys][0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(sent.map((s) => s.body)).size).toBe(1);
  });

  it('keeps the key its caller gave', async () => {
    const { client, sent } = scripted([json(201, {})]);
    const params = { header: { 'Idempotency-Key': 'mine' } };
    await client.POST('/v1/organisations', { params, body: { kind: 'company', name: 'A' } });
    expect(sent[0]?.headers.get('idempotency-key')).toBe('mine');
  });

  it('waits for a first call that still runs, but not for a plain conflict', async () => {
    const running = scripted([json(409, {}, { 'retry-after': '0' }), json(201, {})]);
    await running.client.POST('/v1/requests', { body: REQUEST });
    expect(running.sent).toHaveLength(2);
    const conflict = scripted([json(409, {})]);
    await conflict.client.POST('/v1/requests', { body: REQUEST });
    expect(conflict.sent).toHaveLength(1);
  });

  it('ends after the attempts allowed, with the last answer or error', async () => {
    const refused = scripted([json(503, { code: 'unavailable' }), json(503, { code: 'unavailable' })], { attempts: 2 });
    expect((await refused.client.GET('/v1/organisation')).response.status).toBe(503);
    const failing = scripted([NETWORK(), NETWORK()], { attempts: 2 });
    await expect(failing.client.GET('/v1/organisation')).rejects.toThrow('fetch failed');
    expect(failing.sent).toHaveLength(2);
  });

  it('is not made where a claim may have been taken', async () => {
    const { client, sent } = scripted([NETWORK()]);
    await expect(client.POST('/v1/claims', { body: {} })).rejects.toThrow('fetch failed');
    const limited = scripted([json(429, {}), json(200, { work: [], retryAfterMs: 1 })]);
    await limited.client.POST('/v1/claims', { body: { max: 2 } });
    expect([sent.length, limited.sent.length]).toEqual([1, 2]);
  });

  it('is not made after the caller gave up', async () => {
    const { client, sent } = scripted([NETWORK()]);
    const signal = AbortSignal.abort();
    await expect(client.GET('/v1/organisation', { signal })).rejects.toThrow();
    expect(sent).toHaveLength(1);
  });
});

describe('the list of calls that are not repeated', () => {
  // An upload may be asked for twice, dead letters are brought back once, events bear coming twice. A customer's link and a development sign-in may be made twice: each gives just another good one. What is only computed
  // (staffing, estimates, what-ifs, triage) is computed again.
  const HARMLESS = [
    '/v1/triage',
    '/v1/connectors/{connector}/test',
    '/v1/inbound/{connector}',
    '/v1/webhooks/{webhook}/test',
    '/v1/webhooks/{webhook}/deliveries/{delivery}/replay',
    '/v1/webhooks/{webhook}/replay',
    '/v1/requests/{request}/attachments',
    '/v1/leases/{lease}/attachments',
    '/v1/links/{token}/attachments',
    '/v1/operator/dead-letters/{queue}/redrive',
    '/v1/requests/{request}/link',
    '/dev/sign-in',
    '/v1/staffing',
    '/v1/estimates',
    '/v1/requests/search',
    '/v1/incidents/{incident}/preview',
    '/v1/incidents/{incident}/links',
    '/v1/queues/{queue}/rounds/{round}/preview',
    '/v1/queues/{queue}/rounds/{round}/provider-preview',
    '/v1/billing-profile/portal',
    '/v1/payout-account/link',
    '/v1/payout-account/refresh',
  ];
  it('holds every POST that gives something else each time', () => {
    const unrepeatable = routes.filter((r) => r.method === 'POST' && r.repeat === 'none').map((r) => r.path as string);
    expect(unrepeatable.filter((path) => !HARMLESS.includes(path))).toEqual(NOT_REPEATED);
  });
});
