/** What a sweep or a night asks of lists that grow: as little as it needs, however long they have become. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { financeDue, financeDueAt } from '../../shared/dispatch/finance-due.store.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { DAY, HOUR, iso } from '../../shared/kernel/time.ts';
import { closedBefore, closedOfRun, periodKey } from '../../shared/ledger/period.store.ts';
import { endOf, months } from '../../shared/ledger/period.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

const NOW = Date.UTC(2026, 5, 3, 2);
let engine: TestTables;
const read: number[] = [];
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

/** A run whose lists are counted: how many items each look brought. */
function run() {
  read.length = 0;
  const config = engine.tables.owner as TableConfig;
  const send = async (command: Parameters<typeof config.client.send>[0]): Promise<unknown> => {
    const answer = (await config.client.send(command)) as { Items?: unknown[] };
    read.push(answer.Items?.length ?? 0);
    return answer;
  };
  const client = { send } as unknown as TableConfig['client'];
  return { tables: new Tables({ ...config, client }), now: NOW, shared: new Map<string, Promise<unknown>>() };
}

describe('months that are closed', () => {
  beforeAll(async () => {
    for (const period of months('2024-01', '2026-05')) {
      const closing = { period, closingAt: iso(endOf(period) + HOUR), entries: 0 };
      // The newest is closing.
      const isClosed = period < '2026-05';
      const state = isClosed
        ? { state: 'closed', closedAt: iso(endOf(period) + DAY) }
        : { state: 'closing', closedAt: null };
      await engine.tables.put('ledger', { ...periodKey(period), ...closing, ...state });
    }
  });

  it('are read as far back as a run asks, once, and no further', async () => {
    const call = run();
    expect(await closedOfRun(call)).toBe('2026-04');
    expect(await closedBefore(call, NOW - DAY)).toBe('2026-04');
    // A month is closed a day after its end.
    expect(await closedBefore(call, endOf('2026-04') + DAY)).toBe('2026-03');
    expect(read).toEqual([3]);
    expect(await closedBefore(call, endOf('2026-03') + DAY)).toBe('2026-02');
    expect(await closedBefore(call, endOf('2026-02') + DAY + 1)).toBe('2026-02');
    expect(read).toEqual([3, 12, 12]);
  });

  it('are looked through to the first one, where none was closed so early', async () => {
    const call = run();
    expect(await closedBefore(call, endOf('2024-01') + DAY)).toBeNull();
    expect(await closedBefore(call, endOf('2024-01') + DAY + 1)).toBe('2024-01');
  });
});

describe('what is due of money', () => {
  const listAt = (at: number, what: string) =>
    engine.tables.put('ledger', { pk: `X#${what}`, sk: '-', ...financeDueAt(at, 'kind', what) });
  const due = async () => {
    const { due: keys, nextAt } = await financeDue(run(), 'kind');
    return { due: keys.map(({ pk }) => pk.slice(2)), nextAt };
  };

  it('is read with what is next, and little beyond; more of it page after longer page', async () => {
    for (let n = 0; n < 40; n++) await listAt(NOW + n * HOUR + HOUR, `later ${n}`);
    expect(await due()).toEqual({ due: [], nextAt: NOW + HOUR });
    await listAt(NOW - 2, 'a');
    await listAt(NOW - 1, 'b');
    await listAt(NOW, 'c');
    expect(await due()).toEqual({ due: ['a', 'b', 'c'], nextAt: NOW + HOUR });
    expect(read).toEqual([5]);
    const many = Array.from({ length: 31 }, (_, n) => `${n}`.padStart(2, '0'));
    for (const [n, what] of many.entries()) await listAt(NOW - 100 + n, what);
    expect(await due()).toEqual({ due: [...many, 'a', 'b', 'c'], nextAt: NOW + HOUR });
    expect(read).toEqual([5, 25, 44]);
  });
});
