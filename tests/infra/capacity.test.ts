/** The capacity page says what the code computes, and what the code computes fits what it runs in. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  capacityFor,
  capacityTable,
  manyQueues,
  QUEUE_COUNTS,
  queuesTable,
  RATES,
  secondsOf,
  UNITS,
} from '../../infra/capacity.ts';
import { functions, queues, tables } from '../../infra/topology.ts';

const page = readFileSync(new URL('../../infra/CAPACITY.md', import.meta.url), 'utf8');

describe('the capacity page', () => {
  it('shows what is computed', () => {
    expect(page).toContain(capacityTable());
    expect(page).toContain(queuesTable(QUEUE_COUNTS));
  });

  it.each([
    // nextPow2(10,000 × 4 / 350 = 114.3); 10,000 / 500 = 20, so 32 counters; 10,000 × 15; lists of 1,000 a second.
    [10_000, { shards: 128, counters: 32, parties: 10, unitsPerSecond: 150_000, callsPerSecond: 50_000 }],
    // nextPow2(11.4); 2 counters.
    [1_000, { shards: 16, counters: 2, parties: 1, unitsPerSecond: 15_000, callsPerSecond: 5_000 }],
    [10, { shards: 1, counters: 1, parties: 1, unitsPerSecond: 150, callsPerSecond: 50, raise: {} }],
  ])('counts %i requests a second as one does by hand', (rate, expected) => {
    expect(capacityFor(rate)).toMatchObject(expected);
  });

  it('raises a quota before twice what is needed would pass it, and no other', () => {
    expect(Object.keys(capacityFor(1_000).raise)).toEqual(['newTableWrites']);
    expect(Object.keys(capacityFor(10_000).raise)).toEqual([
      'httpCalls',
      'concurrency',
      'tableWrites',
      'newTableWrites',
    ]);
  });

  it('counts the units of a request by tables and indexes that exist: eleven, and four of lists', () => {
    for (const [table, parts] of Object.entries(UNITS))
      for (const part of Object.keys(parts).filter((name) => name !== 'table'))
        expect(Object.keys(tables[table as keyof typeof tables].indexes)).toContain(part);
    const sum = Object.values(UNITS).flatMap((parts) => Object.values(parts) as number[]);
    expect(sum.reduce((a, b) => a + b)).toBe(15);
  });
});

describe('what runs every minute', () => {
  it('is done within a run, at any rate: a pass over a full partition in the 20 s that it goes on for', () => {
    const rates = [...RATES, 87, 88, 349, 350, 699, 700, 5_599, 5_600, 11_199];
    for (const rate of rates) expect(capacityFor(rate).passSeconds, `${rate}`).toBeLessThanOrEqual(20);
    expect(functions['queue-sweeps'].timeoutSeconds).toBeGreaterThanOrEqual(30);
    expect(queues.sweeps.batchSize).toBeLessThanOrEqual(3);
  });

  it('is done within a run with 10,000 queues', () => {
    const { scheduleSeconds, stepSeconds } = manyQueues(10_000);
    expect(scheduleSeconds).toBeLessThan(secondsOf('schedule-sweeps'));
    expect(stepSeconds).toBeLessThan(secondsOf('schedule-rounds'));
  });
});
