/** Messages about sweeps: few for many lanes, none forgotten, and one run of the consumer goes on until nothing is left. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as sweeps } from '../../functions/queue/sweeps.ts';
import type { SweepMessage } from '../../shared/dispatch/due.ts';
import { sweepMessages } from '../../shared/dispatch/due.ts';
import { readWatermarks } from '../../shared/dispatch/sweep.store.ts';
import { timeKey } from '../../shared/kernel/id.ts';
import { dayOf, MINUTE } from '../../shared/kernel/time.ts';
import { putAll } from '../bench/support/put-all.ts';
import { crashing } from '../support/crash.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

let engine: TestTables;
let edge: TestEdge;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
});
afterAll(() => engine.stop());

const lane = (queue: string, shard: number): Extract<SweepMessage, { kind: 'lane' }> => ({
  kind: 'lane',
  queue,
  round: 1,
  provider: 'pr_pool000001',
  shard,
});

const consume = (...messages: SweepMessage[]) =>
  sweeps({
    Records: messages.map((message, i) => ({
      messageId: `m${i}`,
      body: JSON.stringify(message),
      attributes: { ApproximateReceiveCount: '1' },
    })),
  } as never);

describe('messages about sweeps', () => {
  it('name every lane once, those of a queue together and a hundred at the most, and all else by itself', () => {
    const lanes = [0, 1, 2].flatMap((queue) => Array.from({ length: 150 }, (_, shard) => lane(`q${queue}`, shard)));
    const others: SweepMessage[] = [
      { kind: 'days' },
      { kind: 'leases', partition: 'D#72-168#2026-01-31#0', pass: 'posting' },
    ];
    const messages = sweepMessages([...others, ...lanes]);
    expect(messages.slice(0, 2)).toEqual(others);
    const named = messages.slice(2).map((message) => (message.kind === 'lanes' ? message.lanes : []));
    expect(named.map(({ length }) => length)).toEqual([100, 50, 100, 50, 100, 50]);
    expect(named.every((own) => new Set(own.map(({ queue }) => queue)).size === 1)).toBe(true);
    expect(
      named
        .flat()
        .map((one) => JSON.stringify(one))
        .sort(),
    ).toEqual(lanes.map((one) => JSON.stringify(one)).sort());
  });

  it('are worked to the end in one run, though one sweep walks a thousand leases at a time', async () => {
    const day = dayOf(edge.now);
    const partition = `D#72-168#${day}#0`;
    const at = edge.now - 10 * MINUTE;
    const last = `${timeKey(at + 1_199)}#co_aaaa000001.x#t`;
    await putAll(
      engine.tables,
      'requests',
      Array.from({ length: 1_200 }, (_, i) => ({
        pk: partition,
        sk: `${timeKey(at + i)}#co_aaaa000001.x#t`,
        kind: 'pointer',
        leasePk: 'D#gone',
        leaseSk: 'gone',
      })),
    );
    expect(await consume({ kind: 'leases', partition, pass: 'lease_end' })).toEqual({ batchItemFailures: [] });
    const call = { tables: engine.tables, now: edge.now };
    const marks = await readWatermarks(call, [partition]);
    expect(marks.get(`${partition}|!lease_end`)?.through).toBe(last);
  });

  it('that name lanes sweep each of them, and come again where one failed', async () => {
    edge.consumed.length = 0;
    expect(await consume({ kind: 'lanes', lanes: [lane('q', 0), lane('q', 1)] })).toEqual({ batchItemFailures: [] });
    expect(edge.consumed.filter(({ command }) => command === 'sweep:lane')).toHaveLength(2);
    edge.runtime.tables = crashing(engine.tables, 0, 'before').tables;
    expect(await consume({ kind: 'lanes', lanes: [lane('q', 0)] })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
    edge.runtime.tables = engine.tables;
  });
});
