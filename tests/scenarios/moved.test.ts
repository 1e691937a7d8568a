import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Call } from '../../shared/kernel/call.ts';
import { HOUR } from '../../shared/kernel/time.ts';
import { post } from '../../shared/ledger/ledger.store.ts';
import { movedSince } from '../../shared/ledger/moved.store.ts';
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
