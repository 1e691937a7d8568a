/** Another secret for an API key: what opens when, through the API; and crashes between its writes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createApiKey, readGrant, revokeApiKey } from '../../shared/identity/identity.store.ts';
import { rotateApiKey } from '../../shared/identity/rotation.store.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { HOUR } from '../../shared/kernel/time.ts';
import { untilCrash } from '../../tests/support/crash.ts';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { handler } from './market.ts';

let engine: TestTables;
let edge: TestEdge;
let organisations = 0;
let keys = 0;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
});
afterAll(() => engine.stop());

/** What is remembered of a caller is looked at anew after so long. */
const REMEMBERED_MS = 5_000;

type Company = { id: string; token: () => string };
async function company(): Promise<Company> {
  const id = `co_rotates${String(++organisations).padStart(4, '0')}`;
  await addMember(engine.tables, id, { user: 'ada', email: 'ada@example.com', roles: ['company.admin'] }, edge.now);
  return { id, token: () => edge.person('ada') };
}

const call = ({ id, token }: Company, routeKey: string, more: { keyId?: string; body?: unknown; key?: string } = {}) =>
  edge.call(handler, routeKey, {
    token: token(),
    ...(more.keyId === undefined ? {} : { params: { keyId: more.keyId } }),
    headers: { 'parley-organisation': id, 'idempotency-key': more.key ?? `key-${++keys}` },
    ...(more.body === undefined ? {} : { body: more.body }),
  });
const make = async (of: Company, more: object = {}) => {
  const body = { name: 'CRM', roles: ['company.admin'], ...more };
  const made = await call(of, 'POST /v1/api-keys', { body });
  expect(made).toMatchObject({ status: 201 });
  return { keyId: String(made.body.keyId), secret: String(made.body.secret) };
};
const rotate = (of: Company, keyId: string, overlapHours: number, key?: string) =>
  call(of, 'POST /v1/api-keys/{keyId}/rotate', {
    keyId,
    body: { overlapHours },
    ...(key === undefined ? {} : { key }),
  });
const opens = async (secret: string) => {
  edge.machineNow += REMEMBERED_MS;
  return (await edge.call(handler, 'GET /v1/members', { token: secret })).status === 200;
};

describe('another secret for an API key', () => {
  it('opens the same, while the one before opens until its time and no longer', async () => {
    const of = await company();
    const { keyId, secret } = await make(of);
    const at = edge.machineNow;
    const rotated = await rotate(of, keyId, 24);
    expect(rotated.body).toMatchObject({ keyId, name: 'CRM', roles: ['company.admin'], scopes: 'all' });
    expect(rotated.body.oldSecretUntil).toBe(new Date(at + 24 * HOUR).toISOString());
    expect(rotated.body.rotatedAt).toBe(new Date(edge.now).toISOString());
    const next = String(rotated.body.secret);
    expect(next).not.toBe(secret);
    expect([await opens(secret), await opens(next)]).toEqual([true, true]);

    edge.machineNow = at + 24 * HOUR - REMEMBERED_MS - 1;
    expect(await opens(secret)).toBe(true);
    expect([await opens(secret), await opens(next)]).toEqual([false, true]);
  });

  it('ends the one before at once where that has leaked, and one replaced earlier in any case', async () => {
    const of = await company();
    const { keyId, secret: first } = await make(of);
    const second = String((await rotate(of, keyId, 24)).body.secret);
    const third = String((await rotate(of, keyId, 24)).body.secret);
    expect([await opens(first), await opens(second), await opens(third)]).toEqual([false, true, true]);
    const fourth = String((await rotate(of, keyId, 0)).body.secret);
    expect([await opens(second), await opens(third), await opens(fourth)]).toEqual([false, false, true]);
  });

  it('is told once: the same call again changes nothing', async () => {
    const of = await company();
    const { keyId } = await make(of);
    const next = await rotate(of, keyId, 24, 'same-call');
    const again = await rotate(of, keyId, 24, 'same-call');
    expect(again).toMatchObject({ status: 200, body: { ...next.body, secret: null } });
    expect(await opens(String(next.body.secret))).toBe(true);
  });

  it('ends with the key: revoked, neither opens, and there is no other', async () => {
    const of = await company();
    const { keyId, secret } = await make(of);
    const next = String((await rotate(of, keyId, 24)).body.secret);
    expect((await call(of, 'DELETE /v1/api-keys/{keyId}', { keyId })).status).toBe(204);
    expect([await opens(secret), await opens(next)]).toEqual([false, false]);
    expect(await rotate(of, keyId, 24)).toMatchObject({ status: 409, body: { code: 'key_revoked' } });
  });

  it('is for no other organisation, and for no key that may do less', async () => {
    const of = await company();
    const { keyId, secret } = await make(of);
    const other = await company();
    expect((await rotate(other, keyId, 24)).status).toBe(404);
    const small = await make(of, { scopes: ['organisation:read', 'organisation:write'] });
    expect((await rotate({ id: of.id, token: () => small.secret }, keyId, 24)).body).toMatchObject({
      code: 'forbidden',
    });
    expect((await rotate({ id: of.id, token: () => small.secret }, small.keyId, 24)).status).toBe(200);
    expect(await opens(secret)).toBe(true);
  });

  it('acts for the sandbox where the key does', async () => {
    const of = await company();
    const { keyId } = await make(of, { sandbox: true });
    const rotated = await rotate(of, keyId, 24);
    expect(String(rotated.body.secret)).toMatch(/^parley_co_sandboxc/);
    expect(await readGrant(engine.tables, String(rotated.body.secret))).toMatchObject({
      tenant: `co_sandboxc${of.id.slice(3)}`,
    });
  });
});

describe('a process that dies while it changes a secret', () => {
  const input = (keyId: string) => ({
    keyId,
    overlapHours: 24,
    idempotencyKey: 'once',
    now: edge.now,
    machineNow: edge.machineNow,
    mayHave: () => true,
  });
  const key = { name: 'CRM', roles: ['company.admin' as const], scopes: 'all' as const };

  it('leaves either secret whole: what the key is said to open with does open', async () => {
    let deaths = 0;
    for (const when of ['before', 'after'] as const)
      for (let at = 1; ; at++) {
        const { id } = await company();
        const made = await createApiKey(engine.tables, id, key, 'make', edge.now);
        const { keyId } = made.key;
        const died = await untilCrash(engine.tables, at, when, (tables: Tables) =>
          rotateApiKey(tables, id, input(keyId)),
        );
        if (!died) break;
        deaths += 1;
        expect(await readGrant(engine.tables, made.secret ?? '')).toBeDefined();
        const again = await rotateApiKey(engine.tables, id, input(keyId));
        if (!again.ok) throw new Error(again.detail);
        // Where the first call came through, its secret is lost, so another change gives one.
        const last =
          again.value.secret ??
          (await rotateApiKey(engine.tables, id, { ...input(keyId), idempotencyKey: 'another' }).then((one) =>
            one.ok ? one.value.secret : null,
          ));
        expect(await readGrant(engine.tables, last ?? '')).toMatchObject({ tenant: id, keyId });
        await revokeApiKey(engine.tables, id, keyId, edge.now);
        for (const secret of [made.secret, last]) expect(await readGrant(engine.tables, secret ?? '')).toBeUndefined();
      }
    expect(deaths).toBeGreaterThanOrEqual(4);
  });
});
