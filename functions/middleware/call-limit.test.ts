/** How many calls an organisation may make: over the edge, with the bucket that all processes share. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CallLimit, USUAL_LIMITS } from '../../shared/call-limit/call-limit.ts';
import { addMember, createApiKey } from '../../shared/identity/identity.store.ts';
import { noConsumption, type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { handler as market } from '../api/market.ts';
import { handler as operator } from '../api/operator.ts';
import { provideRuntime, type Runtime } from '../runtime.ts';

/** Calls that no process counts in ten seconds, see the README of `shared/call-limit`. */
const UNCOUNTED = 5;
const SLOW: CallLimit = { perSecond: 10, burst: 20 };
const WHO_AM_I = 'GET /v1/organisation';

let engine: TestTables;
let edge: TestEdge;
let serial = 0;
let tenant: string;
let member: string;

beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  edge = new TestEdge(new Tables({ ...(engine.tables.owner as TableConfig) }));
  edge.machineNow += ++serial * 86_400_000;
  const registered = await edge.call(market, 'POST /v1/organisations', {
    token: edge.person(`admin${serial}`),
    headers: { 'idempotency-key': 'register' },
    body: { kind: 'company', name: 'Bank' },
  });
  tenant = String(registered.body.id);
  member = edge.person(`admin${serial}`);
});

const limitTo = (company: CallLimit) => {
  edge.runtime.callLimits = { ...USUAL_LIMITS, company };
};
const call = (token = member) => edge.call(market, WHO_AM_I, { token });
/** How many of so many calls are answered, one after the other. */
async function answered(calls: number, token = member): Promise<number> {
  let answers = 0;
  for (let i = 0; i < calls; i++) if ((await call(token)).status === 200) answers += 1;
  return answers;
}
const counting = () => edge.consumed.filter(({ command }) => command === 'count-calls');
const units = () => counting().reduce((sum, { consumed }) => sum + consumed.writeUnits + consumed.readUnits, 0);

/** Another process over the same tables: it remembers nothing of the first. */
function anotherProcess(): void {
  const { tables, ...rest } = edge.runtime;
  const fresh: Runtime = { ...rest, tables: new Tables({ ...(tables.owner as TableConfig) }) };
  provideRuntime(fresh);
}

describe('an organisation that calls too often', () => {
  it('is told when to come again, and may go on at its pace', async () => {
    limitTo(SLOW);
    expect(await answered(100)).toBe(UNCOUNTED + 20);
    const refused = await call();
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited', retryable: true, retryAfterSeconds: 1 });
    expect(refused.headers['retry-after']).toBe('1');
    edge.machineNow += 1_000;
    expect(await answered(100)).toBe(10);
    // Not one more than fits at once, however long the pause.
    edge.machineNow += 600_000;
    expect(await answered(100)).toBe(UNCOUNTED + 20);
  });

  it('is told to wait for as long as it takes where its pace is slow', async () => {
    limitTo({ perSecond: 1, burst: 1 });
    expect(await answered(100)).toBe(UNCOUNTED + 1);
    expect((await call()).headers['retry-after']).toBe('1');
    edge.machineNow += 999;
    expect((await call()).status).toBe(429);
    edge.machineNow += 1;
    expect((await call()).status).toBe(200);
  });

  it('is so by all its people and programs together, and alone', async () => {
    limitTo(SLOW);
    await addMember(
      engine.tables,
      tenant,
      { user: `ada${serial}`, email: null, roles: ['company.operator'] },
      edge.now,
    );
    const key = await createApiKey(
      engine.tables,
      tenant,
      { name: 'k', roles: ['company.operator'], scopes: 'all' },
      'k',
      0,
    );
    const other = `co_other${serial}`;
    await addMember(engine.tables, other, { user: 'eve', email: null, roles: ['company.operator'] }, edge.now);
    expect(await answered(100)).toBe(UNCOUNTED + 20);
    expect(await answered(3, edge.person(`ada${serial}`))).toBe(0);
    expect(await answered(3, key.secret ?? '')).toBe(0);
    expect((await call(edge.person('eve'))).body.code).not.toBe('rate_limited');
  });

  it('gets no more from several processes than their uncounted calls', async () => {
    limitTo(SLOW);
    expect(await answered(12)).toBe(12);
    for (let process = 0; process < 3; process++) {
      anotherProcess();
      expect(await answered(UNCOUNTED)).toBe(UNCOUNTED);
    }
    // 7 of 20 were counted.
    expect(await answered(100)).toBe(13);
  });

  it('asks the table no more before the time it was told', async () => {
    limitTo(SLOW);
    await answered(30);
    const before = counting().length;
    await answered(50);
    expect(counting()).toHaveLength(before);
  });

  it('is counted at once where its calls come at once', async () => {
    limitTo(SLOW);
    const answers = await Promise.all(Array.from({ length: 60 }, () => call()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(UNCOUNTED + 20);
  });
});

describe('what counting costs', () => {
  it('is nothing for who calls now and then', async () => {
    edge.runtime.callLimits = USUAL_LIMITS;
    for (let i = 0; i < 10; i++) {
      expect(await answered(UNCOUNTED)).toBe(UNCOUNTED);
      edge.machineNow += 10_000;
    }
    expect(units()).toBe(0);
  });

  it('is a unit for a block of a tenth of a second’s calls, and one more after a pause', async () => {
    limitTo({ perSecond: 500, burst: 1_000 });
    expect(await answered(UNCOUNTED + 200)).toBe(UNCOUNTED + 200);
    expect(counting()).toHaveLength(4);
    expect(units()).toBe(5);
  });

  it('is no part of what the call itself consumes', async () => {
    await call();
    const consumed = () =>
      edge.consumed.filter(({ command }) => command === 'getOrganisation').map((one) => one.consumed);
    const [without = noConsumption()] = consumed().slice(-1);
    limitTo(SLOW);
    await answered(UNCOUNTED + 1);
    expect(counting()).toHaveLength(1);
    expect(consumed().slice(-1)).toEqual([without]);
  });
});

describe('a limit', () => {
  const approve = async (calls: CallLimit | null | undefined) => {
    const answer = await edge.call(operator, 'POST /v1/organisations/{organisation}/approve', {
      token: await edge.operator(),
      params: { organisation: tenant },
      body: calls === undefined ? {} : { calls },
    });
    return answer.body.calls;
  };

  it('may be an organisation’s own, set with its approval for people and programs; what is left out stays', async () => {
    edge.runtime.callLimits = USUAL_LIMITS;
    expect(await approve(SLOW)).toEqual(SLOW);
    expect(await answered(100)).toBe(UNCOUNTED + 20);
    expect(await approve(undefined)).toEqual(SLOW);
    expect(await approve(null)).toBeNull();
  });

  it('is a person’s before they belong to anybody', async () => {
    edge.runtime.callLimits = { ...USUAL_LIMITS, person: { perSecond: 1, burst: 2 } };
    const outcomes: number[] = [];
    for (let i = 0; i < 10; i++)
      outcomes.push((await edge.call(market, 'GET /v1/memberships', { token: edge.person('new') })).status);
    expect(outcomes.filter((status) => status === 200)).toHaveLength(UNCOUNTED + 2);
    expect(outcomes.at(-1)).toBe(429);
  });

  it('refuses nobody while the table that counts does not answer', async () => {
    const config = edge.runtime.tables.owner as TableConfig;
    const send = (command: { input: { Key?: { pk?: { S?: string } } } }) =>
      command.input.Key?.pk?.S?.startsWith('CL#') === true
        ? Promise.reject(new Error('no answer'))
        : config.client.send(command as never);
    edge.runtime.tables = new Tables({ ...config, client: { send } as unknown as TableConfig['client'] });
    limitTo(SLOW);
    expect(await answered(60)).toBe(60);
    expect(edge.lines.filter(({ message }) => message === 'calls could not be counted').length).toBeGreaterThan(0);
  });
});
