import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import type { Call } from '../../shared/kernel/call.ts';
import { HOUR } from '../../shared/kernel/time.ts';
import { post } from '../../shared/ledger/ledger.store.ts';
import { movedFrom, movedSince } from '../../shared/ledger/moved.store.ts';
import { beginClosing } from '../../shared/ledger/period.store.ts';
import { finishClosing } from '../../shared/ledger/trial-balance.store.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

const companies = async (call: Call, since: number) => new Set((await movedSince(call, since)).keys());
const at = (instant: string): number => Date.parse(`${instant}:00Z`);
let engine: TestTables;
const call = (instant: string): Call => ({ tables: engine.tables, now: at(instant) });
const ids: string[] = [];

beforeAll(async () => {
  engine = await startTestTables();
  // The market's own list begins with the first organisation of the provider's side.
  const input = { kind: 'provider', name: 'Pro', providerKind: 'agent_pool' } as const;
  await registerOrganisation(engine.tables, { user: 'us_2', email: null }, input, 'key-pro', at('2026-01-02T00:00'));
  for (const name of ['Ada', 'Bob', 'Eve']) {
    const person = { user: 'us_1', email: null };
    const now = at('2026-01-02T00:00');
    ids.push((await registerOrganisation(engine.tables, person, { kind: 'company', name }, `key-${name}`, now)).id);
  }
});
afterAll(() => engine.stop());

const charge = (company: string, posted: string, occurred = posted) =>
  post(call(posted), {
    event: `own#${company}#${posted}`,
    kind: 'adjustment',
    occurredAt: at(occurred),
    currency: 'USD',
    company,
    provider: null,
    facts: {},
    legs: [
      {
        account: '1100',
        of: company,
        micros: 1e3,
      },
      {
        account: '4100',
        of: null,
        micros: -1e3,
      },
    ],
  });

it('a company has moved where something of it was posted since, in whatever month it stands', async () => {
  const [ada = '', bob = '', eve = ''] = ids;
  await charge(ada, '2026-01-30T10:00');
  await charge(bob, '2026-01-31T10:00');
  // Of January, posted in February before January was closed.
  await charge(eve, '2026-02-01T00:05', '2026-01-31T23:00');
  expect(await companies(call('2026-02-01T01:00'), at('2026-01-31T01:00'))).toEqual(new Set([bob, eve]));
  await beginClosing(call('2026-02-01T02:00'), '2026-01');
  expect((await finishClosing(call('2026-02-01T03:00'), '2026-01')).ok).toBe(true);
  const now = { ...call('2026-02-02T01:00') };
  expect(await companies(now, at('2026-02-01T00:00'))).toEqual(new Set([eve]));
  expect(await companies(now, now.now - HOUR)).toEqual(new Set());
});

it('a day is added up once and kept when its last writer is done, and says the same as its entries', async () => {
  const [ada = '', bob = ''] = ids;
  await charge(ada, '2026-02-10T10:00');
  await charge(bob, '2026-02-10T23:58');
  const keptDays = async () =>
    new Set(
      (await engine.tables.queryAll('ledger', z.object({ sk: z.string() }), { pk: 'MOVED', from: '2026-02-10' })).map(
        ({ sk }) => sk,
      ),
    );
  // A writer of the tenth may still be at it.
  const since = at('2026-02-10T00:00');
  expect(await companies(call('2026-02-11T00:04'), since)).toEqual(new Set([ada, bob]));
  expect(await keptDays()).toEqual(new Set());
  expect(await companies(call('2026-02-11T00:06'), since)).toEqual(new Set([ada, bob]));
  expect(await keptDays()).toEqual(new Set(['2026-02-10#000']));
  await charge(ada, '2026-02-11T09:00');
  // From what is kept, and from the entries since.
  const later = await movedSince(call('2026-02-11T10:00'), since);
  expect([later.get(ada)?.owedMicros, later.get(bob)?.owedMicros]).toEqual([2_000, 1_000]);
  // Who looked at the end of the tenth may have missed what came in its last minutes, and only that.
  const morning = await movedSince(call('2026-02-11T10:00'), at('2026-02-11T00:00'));
  expect(new Set(morning.keys())).toEqual(new Set([ada, bob]));
  expect(await companies(call('2026-02-12T01:00'), at('2026-02-12T00:30'))).toEqual(new Set());
});

it('who dies between the parts of a day leaves it to be added up again', async () => {
  const [, , eve = ''] = ids;
  await charge(eve, '2026-02-20T10:00');
  // The first part, which is written last, is not there.
  const part = { pk: 'MOVED', sk: '2026-02-20#001' };
  await engine.tables.put('ledger', { ...part, rows: new Uint8Array() });
  expect(await companies(call('2026-02-21T01:00'), at('2026-02-20T01:00'))).toEqual(new Set([eve]));
  await engine.tables.delete('ledger', part);
});

it('a month’s companies are those of its entries and of later months’, whenever its days were added up', async () => {
  const [ada = '', bob = '', eve = ''] = ids;
  const since = async (month: string) => new Set((await movedFrom(call('2026-03-02T01:00'), month)).keys());
  await charge(bob, '2026-03-01T08:00');
  expect(await since('2026-03')).toEqual(new Set([bob]));
  expect(await since('2026-02')).toEqual(new Set([ada, bob, eve]));
  expect(await since('')).toEqual(new Set([ada, bob, eve]));
  const all = await movedFrom(call('2026-03-02T01:00'), '2026-02');
  expect([...(all.get(bob)?.periods ?? [])].sort()).toEqual(['2026-02', '2026-03']);
});
