/** The edge: what is refused before a handler runs, and what a call leaves behind. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../../shared/api/registry.ts';
import type { ApiFunction } from '../../shared/api/route.ts';
import { addMember, createApiKey, listApiKeys, revokeApiKey } from '../../shared/identity/identity.store.ts';
import type { Role, Scope } from '../../shared/identity/identity.ts';
import { rotateApiKey } from '../../shared/identity/rotation.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { sign } from '../../shared/kernel/sign.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { type CallOptions, TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { api } from './api.ts';
import type { Context, Handlers, Outcome } from './context.ts';
import type { Input } from './parse.ts';

type Handle = (context: Context, input: Input) => Promise<Outcome>;

/** A function whose routes all do the same. */
function functionOf<F extends ApiFunction>(name: F, handle: Handle) {
  const ids = routes.filter((route) => route.function === name).map((route) => route.id);
  return api(name, routes, Object.fromEntries(ids.map((id) => [id, handle])) as unknown as Handlers<F>);
}
const echo: Handle = async (_, input) => ({ status: 200, body: input });

let engine: TestTables;
let edge: TestEdge;
let serial = 0;
let tenant: string;
let admin: string;

beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  edge = new TestEdge(engine.tables);
  tenant = `co_edge${++serial}`;
  admin = await member('company.admin');
});

async function member(...roles: Role[]): Promise<string> {
  const user = `user${serial}-${roles.join('-')}`;
  await addMember(engine.tables, tenant, { user, email: null, roles }, edge.now);
  return edge.person(user);
}
async function program(roles: Role[], scopes: Scope[] | 'all'): Promise<string> {
  const made = await createApiKey(engine.tables, tenant, { name: 'test', roles, scopes }, `k${serial}`, edge.now);
  return made.secret ?? '';
}

const REQUEST = { externalId: 'a', queue: 'mortgage', customer: 'ada@example.com' };
const send = (options: CallOptions, handle = echo) =>
  edge.call(functionOf('company', handle), 'POST /v1/requests', { token: admin, ...options });

describe('a body that does not fit', () => {
  const cases: [string, Record<string, unknown>, string, string][] = [
    ['a missing field', { customer: undefined }, 'customer', 'is missing: send a text'],
    ['another type', { text: 7 }, 'text', 'must be a text'],
    ['an empty text', { externalId: '' }, 'externalId', 'must not be empty'],
    ['too long a text', { text: 'x'.repeat(8_001) }, 'text', 'must have at most 8000 characters'],
    [
      'no queue id',
      { queue: 'Not A Queue' },
      'queue',
      "must fit: A queue's id, such as mortgage-web-en-us-us-standard",
    ],
    ['no instant', { deadline: 'tomorrow' }, 'deadline', 'must be an instant such as 2026-01-31T09:00:00.000Z'],
    ['a wrong entry', { fields: { plan: 3 } }, 'fields.plan', 'must be a text'],
    ['an unknown field', { priority: 1 }, 'priority', 'is not known here: leave it out (known: externalId, queue'],
  ];
  it.each(cases)('is refused for %s, with the field and what to do', async (_, change, field, message) => {
    const answer = await send({ body: { ...REQUEST, ...change } });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'invalid_request', status: 400, retryable: false });
    expect(answer.body.errors).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it('is refused with every field at once, those of path and query too', async () => {
    const answer = await edge.call(functionOf('company', echo), 'PUT /v1/queues/{queue}/rounds/{round}/commitment', {
      token: admin,
      params: { queue: 'mortgage', round: '0' },
      query: { verbose: 'yes' },
      body: { currency: 'CHF', volume: 1.5, limits: { kinds: [], blocked: ['x'] } },
    });
    expect(answer.body.errors).toEqual([
      { field: 'round', message: 'must be at least 1' },
      { field: 'verbose', message: 'is not known here: leave it out' },
      { field: 'currency', message: 'must be one of USD, EUR, GBP' },
      { field: 'volume', message: 'must be a whole number' },
      { field: 'limits.kinds', message: 'must have at least 1 entry' },
      { field: 'limits.blocked[0]', message: "must fit: An organisation's id, such as co_7k2m9x4q1z" },
    ]);
  });

  it('is refused where there is none, and where none is wanted', async () => {
    expect((await send({})).body.errors).toEqual([{ field: 'body', message: 'is missing: send an object' }]);
    const confirm = (body: unknown) =>
      edge.call(functionOf('company', echo), 'POST /v1/requests/{request}/confirm', {
        token: admin,
        params: { request: `${tenant}.${'a'.repeat(22)}` },
        body,
      });
    expect((await confirm({ now: true })).body.errors).toEqual([
      { field: 'now', message: 'is not known here: leave it out' },
    ]);
    expect((await confirm({})).status).toBe(200);
    expect((await confirm(undefined)).status).toBe(200);
  });

  it('is refused when it is no JSON', async () => {
    const answer = await send({ raw: '{"externalId": "a",' });
    expect(answer.body).toMatchObject({ status: 400, code: 'malformed_json' });
    expect(answer.body.detail).toContain('must be one JSON value');
  });

  it('is refused when an object in it has the name __proto__, however it is written; the word in a text is none', async () => {
    for (const raw of ['{"__proto__":1}', '{"fields":{"\\u005f_proto__":{}}}', '[{"__proto__":null}]'])
      expect((await send({ raw })).body).toMatchObject({ status: 400, code: 'malformed_json' });
    expect((await send({ raw: '{"externalId":"__proto__"}' })).body.code).toBe('invalid_request');
  });

  it('is refused above 256 KB, counted in bytes', async () => {
    expect((await send({ raw: ' '.repeat(262_145) })).body.code).toBe('body_too_large');
    expect((await send({ raw: 'ä'.repeat(131_073) })).status).toBe(413);
    expect((await send({ raw: 'ä'.repeat(131_072) })).body.code).toBe('malformed_json');
  });

  it('reaches the handler parsed, with its defaults, when it fits', async () => {
    const answer = await send({ body: REQUEST });
    expect(answer.body).toEqual({ params: {}, query: {}, body: { ...REQUEST, text: '', fields: {} } });
  });
});

describe('a caller', () => {
  const get = (token: string | undefined, headers: Record<string, string> = {}) =>
    edge.call(functionOf('company', echo), 'GET /v1/requests', {
      query: { queue: 'a', round: '1' },
      headers,
      ...(token === undefined ? {} : { token }),
    });

  it('without a token, with a wrong one or another scheme is asked to sign in', async () => {
    for (const answer of [
      await get(undefined),
      await get('nonsense'),
      await get('parley_nonsense'),
      await get(undefined, { authorization: 'Basic abc' }),
    ]) {
      expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('whose token ends is told so, also while the token is remembered', async () => {
    await member('company.operator');
    const token = edge.person(`user${serial}-company.operator`, 2_000);
    expect((await get(token)).status).toBe(200);
    edge.machineNow += 2_000;
    expect((await get(token)).body).toMatchObject({ status: 401, code: 'token_expired' });
  });

  it('whose role does not allow the call is refused', async () => {
    const finance = await member('company.finance');
    expect((await get(finance)).status).toBe(200);
    const answer = await send({ token: finance, body: REQUEST });
    expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' });
    expect(answer.body.detail).toContain('company.operator');
  });

  it('whose key lacks the scope is refused, though its role would do', async () => {
    const key = await program(['company.operator'], ['requests:read']);
    expect((await get(key)).status).toBe(200);
    expect((await send({ token: key, body: REQUEST })).body.detail).toContain('requests:write');
  });

  it('whose key was revoked elsewhere is out within five seconds of machine time', async () => {
    const key = await program(['company.operator'], 'all');
    expect((await get(key)).status).toBe(200);
    const [made] = await listApiKeys(engine.tables, tenant);
    const elsewhere = new Tables({ ...(engine.tables.owner as TableConfig) });
    await revokeApiKey(elsewhere, tenant, made?.keyId ?? '', edge.now);
    edge.machineNow += 4_999;
    expect((await get(key)).status).toBe(200);
    edge.machineNow += 1;
    expect((await get(key)).body.code).toBe('unauthenticated');
  });

  it('whose key is revoked in this process is out at once', async () => {
    const key = await program(['company.operator'], 'all');
    expect((await get(key)).status).toBe(200);
    const [made] = await listApiKeys(engine.tables, tenant);
    await revokeApiKey(engine.tables, tenant, made?.keyId ?? '', edge.now);
    expect((await get(key)).body.code).toBe('unauthenticated');
  });

  it('whose key was replaced is out when its time is over, also while it is remembered', async () => {
    const key = await program(['company.operator'], 'all');
    const [made] = await listApiKeys(engine.tables, tenant);
    await rotateApiKey(engine.tables, tenant, {
      keyId: made?.keyId ?? '',
      overlapHours: 1,
      idempotencyKey: `rotation-${serial}`,
      now: edge.now,
      machineNow: edge.machineNow,
      mayHave: () => true,
    });
    edge.machineNow += 3_600_000 - 2;
    expect((await get(key)).status).toBe(200);
    edge.machineNow += 2;
    expect((await get(key)).body.code).toBe('unauthenticated');
  });

  it('is not looked at anew only because the market clock jumps', async () => {
    const key = await program(['company.operator'], 'all');
    expect((await get(key)).status).toBe(200);
    edge.now += 3_600_000;
    expect((await get(key)).status).toBe(200);
    expect(edge.consumed.filter((entry) => entry.command === 'authenticate')).toHaveLength(1);
  });

  it('is read once for many calls at the same time', async () => {
    const key = await program(['company.operator'], 'all');
    await Promise.all(Array.from({ length: 20 }, () => get(key)));
    expect(edge.consumed.filter((entry) => entry.command === 'authenticate')).toHaveLength(1);
  });

  it('acts for its own organisation only, whatever the header says', async () => {
    const key = await program(['company.operator'], 'all');
    expect((await get(key, { 'parley-organisation': 'co_other1' })).body.code).toBe('forbidden');
    expect((await get(key, { 'parley-organisation': tenant })).status).toBe(200);
    expect((await get(admin, { 'parley-organisation': 'co_other1' })).body.code).toBe('forbidden');
  });
});

describe('the market’s own people', () => {
  const GROUP = 'market-people';
  const list = (token: string) =>
    edge.call(functionOf('operator', echo), 'GET /v1/organisations', { token, query: { kind: 'company' } });
  const inGroup = (token: string) => token.replace('"cognito:groups":[]', `"cognito:groups":["${GROUP}"]`);

  it('need the group of the user pool besides their membership, where the pool has one', async () => {
    const operator = await edge.operator();
    expect((await list(operator)).status).toBe(200);
    edge.runtime.marketGroup = GROUP;
    expect((await list(operator)).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await list(inGroup(operator))).status).toBe(200);
  });

  it('are not made by the group alone, and others need none', async () => {
    edge.runtime.marketGroup = GROUP;
    expect((await list(inGroup(edge.person('stranger')))).body.code).toBe('forbidden');
    expect((await send({ body: REQUEST })).status).toBe(200);
  });
});

describe('a customer’s link', () => {
  const request = `co_bank1.${'r'.repeat(22)}`;
  const who: Handle = async ({ actor }) => ({ status: 200, body: actor });
  const open = async (link: unknown, purpose = 'link') => {
    const token = typeof link === 'string' ? link : await sign(edge.runtime.signingKey, purpose, link);
    return edge.call(functionOf('customer', who), 'GET /v1/links/{token}', { params: { token } });
  };

  it('opens its one request at its company, until its end in business time', async () => {
    const link = { request, exp: edge.now + 1_000 };
    expect((await open(link)).body).toEqual({ kind: 'customer', tenant: 'co_bank1', request });
    edge.now += 999;
    expect((await open(link)).status).toBe(200);
    edge.now += 1;
    expect((await open(link)).body).toMatchObject({ status: 410, code: 'link_expired' });
  });

  it('opens nothing when it was changed or signed for something else', async () => {
    const good = await sign(edge.runtime.signingKey, 'link', { request, exp: edge.now + 1_000 });
    const other = await sign(edge.runtime.signingKey, 'link', { request: `co_x999.${'r'.repeat(22)}`, exp: edge.now });
    const mixed = `${other.split('.')[0]}.${good.split('.')[1]}`;
    for (const link of [mixed, `${good}x`, 'x'.repeat(40)]) expect((await open(link)).status).toBe(404);
    expect((await open({ request, exp: edge.now + 1_000 }, 'cursor')).status).toBe(404);
    expect((await open({ request: 'co_bank1', exp: edge.now + 1_000 })).status).toBe(404);
  });
});

describe('an answer', () => {
  it('names its call, and is not kept by caches', async () => {
    const answer = await send({ body: REQUEST });
    expect(answer.headers).toMatchObject({ 'parley-call-id': 'call-1', 'cache-control': 'no-store' });
  });

  it('is a problem with all that the refusal says', async () => {
    const refusal = refuse('round_not_open', 'Wait for the next.', { retryable: true, extra: { opensAt: 'soon' } });
    const answer = await send({ body: REQUEST }, async () => refusal);
    expect(answer.status).toBe(409);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).toEqual({
      type: 'https://parley.example/problems/round_not_open',
      title: 'The round takes no bids and commitments any more',
      status: 409,
      code: 'round_not_open',
      detail: 'Wait for the next.',
      opensAt: 'soon',
      retryable: true,
      instance: 'call-1',
    });
  });

  it('tells nothing of what failed inside, but the log does', async () => {
    const answer = await send({ body: REQUEST }, async () => Promise.reject(new Error('secret table name')));
    expect(answer.body).toMatchObject({ status: 500, code: 'internal', instance: 'call-1' });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(edge.lines.find((line) => line.level === 'error')?.fields.error).toContain('secret table name');
  });

  it('is 503 and worth another try where a part does not answer', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const answer = await send({ body: REQUEST }, async () => Promise.reject(throttled));
    expect(answer.body).toMatchObject({ status: 503, code: 'unavailable', retryable: true });
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('is logged as a fault of ours where the route does not declare the problem', async () => {
    const undeclared = () => edge.lines.filter((line) => line.level === 'warn').map((line) => line.fields);
    await send({ body: REQUEST }, async () => refuse('category_mismatch', 'declared'));
    expect(undeclared()).toEqual([]);
    await send({ body: REQUEST }, async () => refuse('clock_mode_fixed', 'not declared'));
    expect(undeclared()).toEqual([{ route: 'createRequest', code: 'clock_mode_fixed' }]);
  });

  it('is not found where the function has no such route', async () => {
    const answer = await edge.call(functionOf('company', echo), 'GET /v1/nothing');
    expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('is given before the function’s time is up', async () => {
    const event = {
      routeKey: 'GET /v1/requests/{request}',
      headers: { authorization: `Bearer ${admin}` },
      pathParameters: { request: `${tenant}.${'a'.repeat(22)}` },
    };
    const context = { getRemainingTimeInMillis: () => 300 } as never;
    const response = await functionOf('company', () => new Promise(() => {}))(event, context);
    expect(response.statusCode).toBe(503);
  });

  it('leaves one line without bodies, and what it consumed', async () => {
    await send({ body: REQUEST }, async ({ tables }) => {
      await tables.put('market', { pk: `X#${tenant}`, sk: '-' });
      return { status: 201, body: {} };
    });
    const line = edge.lines.find((entry) => entry.message === 'call');
    expect(line?.fields).toMatchObject({
      callId: 'call-1',
      route: 'createRequest',
      status: 201,
      tenant,
      writeUnits: 1,
    });
    expect(JSON.stringify(line)).not.toContain('ada@example.com');
    expect(edge.consumed).toContainEqual({
      command: 'createRequest',
      consumed: { writeUnits: 1, readUnits: 0, calls: 1 },
    });
  });
});

describe('a function', () => {
  const all = Object.fromEntries(routes.map(({ id }) => [id, echo])) as unknown as Handlers<'billing'>;

  it('takes its own handlers out of files that serve others too', async () => {
    const token = await member('company.finance');
    const billing = api('billing', routes, all);
    expect((await edge.call(billing, 'GET /v1/invoices', { token })).status).toBe(200);
    const other = await edge.call(billing, 'GET /v1/closes', { token });
    expect(other).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('does not start where a list of routes was forgotten, or a handler', () => {
    const without = routes.filter(({ path }) => !path.startsWith('/v1/disputes'));
    expect(() => api('billing', without, all)).toThrow('name its list of routes');
    expect(() => api('billing', routes, {} as typeof all)).toThrow('has no handler');
  });
});
