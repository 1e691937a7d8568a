/** What the schedules measure for those who are woken: nothing while all is in time, and how late it is when something is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as finance } from '../../functions/schedule/finance.ts';
import { handler as rounds } from '../../functions/schedule/rounds.ts';
import { handler as sweeps } from '../../functions/schedule/sweeps.ts';
import { financeDueAt } from '../../shared/dispatch/finance-due.store.ts';
import { timeKey } from '../../shared/kernel/id.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { ensureMarketOrganisation } from '../../shared/organisation/organisation.store.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

let engine: TestTables;
let edge: TestEdge;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  edge.now = Date.UTC(2026, 0, 15, 9);
  await ensureMarketOrganisation(engine.tables, edge.now);
});
afterAll(() => engine.stop());

/** What the run of a schedule measured, whether or not it failed. */
async function measured(schedule: () => Promise<void>): Promise<Record<string, number>> {
  edge.lines.length = 0;
  await schedule().catch(() => undefined);
  return Object.assign({}, ...edge.lines.map(({ fields }) => fields.gauges ?? {})) as Record<string, number>;
}

describe('the schedules measure', () => {
  it('nothing late in a market that has just begun, and say so each time', async () => {
    expect(await measured(sweeps)).toEqual({ LateRequestSeconds: 0 });
    expect(await measured(rounds)).toEqual({ LateRoundSeconds: 0 });
    expect(await measured(finance)).toEqual({
      LateFinanceSeconds: 0,
      UnsentToStripeSeconds: 0,
      UnclosedMonthSeconds: 0,
    });
  });

  it('for how long a round has been due that cannot be stepped', async () => {
    const dsk = `${timeKey(edge.now - 20 * MINUTE)}#no-such-queue#000001`;
    await engine.tables.put('market', { pk: 'Q#no-such-queue', sk: 'R#000001', dpk: 'round', dsk });
    expect(await measured(rounds)).toEqual({ LateRoundSeconds: 20 * 60 });
  });

  it('for how long money’s work has been due that nobody can do', async () => {
    const due = financeDueAt(edge.now - 2 * HOUR, 'nobody-knows-this', 'x');
    await engine.tables.put('ledger', { pk: 'X#late', sk: '-', ...due });
    expect(await measured(finance)).toMatchObject({ LateFinanceSeconds: 2 * 3_600 });
  });

  it('since when a month is over that nobody closed', async () => {
    edge.now = Date.UTC(2026, 1, 1) + 12 * DAY;
    expect(await measured(finance)).toMatchObject({ UnclosedMonthSeconds: 12 * 86_400 });
  });
});
