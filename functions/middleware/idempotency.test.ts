/** The same call again: one effect, one answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../../shared/api/registry.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { handler as market } from '../api/market.ts';
import { provideRuntime } from '../runtime.ts';
import { api } from './api.ts';
import type { Context, Handlers, Outcome } from './context.ts';

type Handle = (context: Context) => Promise<Outcome>;

let engine: TestTables;
let edge: TestEdge;
let serial = 0;
let token: string;
let runs: number;

beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  edge = new TestEdge(engine.tables);
  runs = 0;
  token = await provider(++serial);
});

async function provider(n: number): Promise<string> {
  const person = { user: `agent${n}`, email: null, roles: ['provider.agent' as const] };
  await addMember(engine.tables, `pr_helper${n}`, person, edge.now);
  return edge.person(`agent${n}`);
}

const count: Handle = async () => ({ status: 201, body: { run: ++runs } });
const lease = `72-168.1.0.co_bank1.${'r'.repeat(22)}.${'t'.repeat(22)}`;

/** Adds a note, the first route there is that repeats by key. */
function note(text: string, options: { key?: string; handle?: Handle; as?: string; lease?: string } = {}) {
  const ids = routes.filter((route) => route.function === 'provider').map((route) => route.id);
  const handlers = Object.fromEntries(ids.map((id) => [id, options.handle ?? count]));
  return edge.call(
    api('provider', routes, handlers as unknown as Handlers<'provider'>),
    'POST /v1/leases/{lease}/notes',
    {
      token: options.as ?? token,
      params: { lease: options.lease ?? lease },
      headers: options.key === '' ? {} : { 'idempotency-key': options.key ?? `key-${serial}` },
      body: { text },
    },
  );
}

describe('a call by Idempotency-Key', () => {
  it('is refused without a key, and with one that is no key', async () => {
    expect((await note('a', { key: '' })).body).toMatchObject({ status: 400, code: 'idempotency_key_missing' });
    const spaced = await note('a', { key: 'two words' });
    expect(spaced.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'Idempotency-Key' }] });
    expect(runs).toBe(0);
  });

  it('with the same body gets the same answer and status, without another run', async () => {
    const first = await note('a');
    const again = await note('a');
    expect([first.status, first.body]).toEqual([201, { run: 1 }]);
    expect([again.status, again.body]).toEqual([201, { run: 1 }]);
    expect(runs).toBe(1);
  });

  it('with another body, or for another thing, is refused', async () => {
    await note('a');
    expect((await note('b')).body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    const elsewhere = lease.replace('.0.', '.1.');
    expect((await note('a', { lease: elsewhere })).body.code).toBe('idempotency_key_reused');
    expect(runs).toBe(1);
  });

  it('is another call for another tenant', async () => {
    await note('a');
    const other = await provider(++serial + 1_000);
    const answer = await note('b', { as: other, key: `key-${serial - 1}` });
    expect(answer.body).toEqual({ run: 2 });
  });

  it('that was refused used nothing up: it may be mended under the same key', async () => {
    const refused = await note('a', { handle: async () => refuse('lease_ended', 'over') });
    expect(refused.status).toBe(409);
    expect((await note('b')).body).toEqual({ run: 1 });
  });

  it('that failed inside may be sent again at once, but only the same', async () => {
    const failing: Handle = async () => Promise.reject(new Error('broken'));
    expect((await note('a', { handle: failing })).status).toBe(500);
    expect((await note('b')).body.code).toBe('idempotency_key_reused');
    expect((await note('a')).body).toEqual({ run: 1 });
  });

  it('that still runs makes the second one wait, for thirty seconds of machine time at the most', async () => {
    let finish: (outcome: Outcome) => void = () => {};
    let begins: () => void = () => {};
    const begun = new Promise<void>((resolve) => (begins = resolve));
    const handle: Handle = () =>
      new Promise((done) => {
        finish = done;
        begins();
      });
    const slow = note('a', { handle });
    await begun;
    const waiting = await note('a');
    expect(waiting.headers['retry-after']).toBe('1');
    expect(waiting.body).toMatchObject({ status: 409, code: 'still_running', retryable: true });
    edge.machineNow += 30_000;
    expect((await note('a')).body).toEqual({ run: 1 });
    finish({ status: 201, body: { run: 'late' } });
    expect((await slow).body).toEqual({ run: 1 });
    expect((await note('a')).body).toEqual({ run: 1 });
  });

  it('runs once when many arrive together', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => note('a')));
    expect(runs).toBe(1);
    expect(
      answers.every(({ status, body }) => body.run === 1 || (status === 409 && body.code === 'still_running')),
    ).toBe(true);
  });

  it('keeps business time out: a jump of the market clock neither frees nor ends a key', async () => {
    await note('a');
    edge.now += 400 * 24 * 3_600_000;
    expect((await note('a')).body).toEqual({ run: 1 });
  });
});

describe('a crash', () => {
  /** The same tables, but after `writes` writes the process is gone: that write's answer is lost and nothing later happens. */
  function dyingAfter(tables: Tables, left: { writes: number }): Tables {
    const WRITES = ['put', 'update', 'delete', 'transact', 'increment', 'change'];
    return new Proxy(tables, {
      get(target, name) {
        if (name === 'metered') return () => dyingAfter(target.metered(), left);
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (!WRITES.includes(String(name))) return value.bind(target);
        return async (...given: unknown[]) => {
          if (left.writes <= 0) throw new Error('the process is gone');
          const answer: unknown = await Reflect.apply(value, target, given);
          left.writes -= 1;
          if (left.writes <= 0) throw new Error('the process is gone');
          return answer;
        };
      },
    });
  }

  const register = (person: string) =>
    edge.call(market, 'POST /v1/organisations', {
      token: person,
      headers: { 'idempotency-key': 'first' },
      body: { kind: 'provider', name: 'Helpers', providerKind: 'community' },
    });

  it.each([1, 2, 3])(
    'after write %i of a registration leaves one organisation when the call is repeated',
    async (writes) => {
      const person = edge.person(`founder${serial}`);
      provideRuntime({ ...edge.runtime, tables: dyingAfter(engine.tables, { writes }) });
      expect((await register(person)).status).toBe(500);
      provideRuntime(edge.runtime);
      if (writes < 3) {
        expect((await register(person)).body).toMatchObject({ status: 409, code: 'still_running' });
        edge.machineNow += 30_000;
      }
      const made = await register(person);
      expect(made).toMatchObject({ status: 201, body: { name: 'Helpers', status: 'pending' } });
      expect((await register(person)).body).toEqual(made.body);
      const memberships = await edge.call(market, 'GET /v1/memberships', { token: person });
      expect(memberships.body.items).toEqual([{ organisation: made.body.id, roles: ['provider.admin'] }]);
    },
  );

  it('after an API key was written answers the repeated call with the key, without its secret', async () => {
    const person = edge.person(`keeper${serial}`);
    await register(person);
    const make = () =>
      edge.call(market, 'POST /v1/api-keys', {
        token: person,
        headers: { 'idempotency-key': 'the-key' },
        body: { name: 'CRM', roles: ['provider.agent'] },
      });
    // The call's key, its record in the audit trail, the API key: there it ends.
    provideRuntime({ ...edge.runtime, tables: dyingAfter(engine.tables, { writes: 3 }) });
    expect((await make()).status).toBe(500);
    provideRuntime(edge.runtime);
    edge.machineNow += 30_000;
    expect((await make()).body).toMatchObject({ name: 'CRM', secret: null });
    const listed = await edge.call(market, 'GET /v1/api-keys', { token: person });
    expect(listed.body.items).toHaveLength(1);
  });
});
