/** The same business through the engine: by several processes, in any order, with repetitions, over a month that closes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Call, mapConcurrent } from '../../../shared/kernel/call.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { MINUTE } from '../../../shared/kernel/time.ts';
import { post } from '../../../shared/ledger/ledger.store.ts';
import { beginClosing } from '../../../shared/ledger/period.store.ts';
import { statementOf } from '../../../shared/ledger/statement.store.ts';
import { finishClosing, trialBalance } from '../../../shared/ledger/trial-balance.store.ts';
import { organisationKey } from '../../../shared/organisation/organisation.store.ts';
import { startTestTables, type TestTables } from '../../support/engine.ts';
import { addUp } from '../../support/ledger.ts';
import { Business, COMPANIES, entriesOf, MemoryLedger, PROVIDERS } from './business.ts';
import { drawOf, ENGINE_SEEDS } from './runs.ts';

const CUT = Date.UTC(2026, 1, 1);
const END = Date.UTC(2026, 2, 20);

describe.each(ENGINE_SEEDS)('business of seed %i through the engine', (seed) => {
  it('ends in the balances of its entries, with a closed month that does not change', async () => {
    const own = await startTestTables();
    try {
      const business = drawOf(Business, seed);
      const entries = entriesOf(business);
      const shuffled = drawOf(fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }), seed);
      await registerAll(own.tables);
      const processes = [processOf(own), processOf(own)];
      const answers: string[] = [];
      const half = Math.floor(shuffled.length / 2);
      const postSome = (some: typeof shuffled, from: number) =>
        mapConcurrent(some, 4, async (entry, place) => {
          const call: Call = { tables: processes[place % 2] as Tables, now: from + place * MINUTE };
          answers.push(await post(call, entry));
        });

      await postSome(shuffled.slice(0, half), CUT - 1_000 * MINUTE);
      const [closer] = processes as [Tables];
      expect((await beginClosing({ tables: closer, now: CUT }, '2026-01')).ok).toBe(true);
      await postSome(shuffled.slice(half), CUT + 1);
      expect((await finishClosing({ tables: closer, now: CUT + 2_000 * MINUTE }, '2026-01')).ok).toBe(true);
      const closed = await trialBalance({ tables: closer, now: CUT + 2_000 * MINUTE }, '2026-01', 'USD');

      // Once more, all of them: nothing is posted twice.
      const again = await mapConcurrent(entries, 4, (entry) => post({ tables: closer, now: END }, entry));
      expect(new Set(again)).toEqual(new Set(entries.length === 0 ? [] : ['repeated']));
      expect(answers.filter((answer) => answer === 'posted').length).toBe(entries.length);
      expect(await trialBalance({ tables: closer, now: END }, '2026-01', 'USD')).toEqual(closed);

      const memory = new MemoryLedger();
      for (const entry of entries) memory.post(entry);
      for (const currency of ['USD', 'EUR'] as const) {
        const added = addUp(memory.all().filter((entry) => entry.currency === currency));
        const balance = await trialBalance({ tables: processOf(own), now: END }, '2026-03', currency);
        if (!balance.ok) throw new Error(balance.code);
        expect(balance.value.entries).toBe(entries.length);
        expect(closings(balance.value.lines)).toEqual(nets(added));
        for (const owner of [...COMPANIES, ...PROVIDERS]) {
          const statement = await statementOf({ tables: processOf(own), now: END }, owner, '2026-03', currency);
          if (!statement.ok) throw new Error(statement.code);
          expect(closings(statement.value.lines)).toEqual(nets(added.filter(({ of }) => of === owner)));
        }
      }
    } finally {
      await own.stop();
    }
  });
});

const processOf = (tables: TestTables): Tables => new Tables({ ...(tables.tables.owner as TableConfig) });

/** Parties with ids of the test's choosing. */
async function registerAll(tables: Tables): Promise<void> {
  for (const id of [...COMPANIES, ...PROVIDERS]) {
    const kind = id.startsWith('co_') ? 'company' : 'provider';
    await tables.put('market', {
      ...organisationKey(id),
      id,
      kind,
      name: id,
      providerKind: kind === 'provider' ? 'automation' : null,
      status: 'approved',
      creditLimitMicros: 0,
      qualityBps: null,
      createdAt: Date.UTC(2026, 0, 1),
      registeredBy: 'test',
      registeredWith: id,
      opk: `ORGANISATIONS#${kind}`,
      osk: `000000000000001#${id}`,
    });
  }
}

type Closing = { account: string; closingMicros: number };
function closings(lines: readonly Closing[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { account, closingMicros } of lines) sums[account] = (sums[account] ?? 0) + closingMicros;
  return nonZero(sums);
}
function nets(added: ReturnType<typeof addUp>): Record<string, number> {
  return closings(
    added.map(({ account, debitMicros, creditMicros }) => ({ account, closingMicros: debitMicros - creditMicros })),
  );
}
const nonZero = (sums: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
