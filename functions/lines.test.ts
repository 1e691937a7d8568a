/** What is written on AWS: every value reaches its metric, few lines carry many, alarms never wait. */
import { beforeEach, describe, expect, it } from 'vitest';
import { alarmLine, consumptionMetrics, logLine } from './lines.ts';

type Line = {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
  Command: string;
  WriteUnits: number[];
};
let lines: Line[];
let now: number;
let metrics: ReturnType<typeof consumptionMetrics>;
beforeEach(() => {
  lines = [];
  now = 1_000;
  metrics = consumptionMetrics(
    (line) => lines.push(JSON.parse(line) as Line),
    () => now,
  );
});
const record = (command: string, writeUnits: number) =>
  metrics.record(command, { writeUnits, readUnits: 0.5, calls: 2 });

describe('metrics of what commands consumed', () => {
  it('go a hundred values to a line, and none is lost or counted twice', () => {
    for (let n = 1; n <= 250; n++) record('claim', n);
    expect(lines.map(({ WriteUnits }) => WriteUnits.length)).toEqual([100, 100]);
    metrics.flushAll();
    expect(lines.flatMap(({ WriteUnits }) => WriteUnits)).toEqual(Array.from({ length: 250 }, (_, i) => i + 1));
    metrics.flushAll();
    expect(lines).toHaveLength(3);
  });

  it('wait for others no longer than a minute', () => {
    record('claim', 1);
    now += 59_999;
    record('resolve', 1);
    expect(lines).toEqual([]);
    now += 1;
    record('resolve', 1);
    expect(lines.map(({ Command }) => Command)).toEqual(['claim']);
  });

  it('are in the embedded metric format: by command, with names that the line has values for', () => {
    record('claim', 3);
    metrics.flushAll();
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: 1_000,
          CloudWatchMetrics: [
            {
              Namespace: 'Parley',
              Dimensions: [['Command']],
              Metrics: [{ Name: 'WriteUnits' }, { Name: 'ReadUnits' }, { Name: 'TableCalls' }],
            },
          ],
        },
        Command: 'claim',
        WriteUnits: [3],
        ReadUnits: [0.5],
        TableCalls: [2],
      },
    ]);
  });
});

describe('lines', () => {
  it('are one line each, whatever is in them', () => {
    expect(logLine('warn', 'two\nlines', { error: 'a\nb' })).not.toContain('\n');
    expect(JSON.parse(logLine('info', 'call', { route: 'claim' }))).toEqual({
      level: 'info',
      message: 'call',
      route: 'claim',
    });
  });

  it('count an alarm under its name', () => {
    expect(JSON.parse(alarmLine('reconciliation_break', 7))).toMatchObject({
      _aws: { Timestamp: 7, CloudWatchMetrics: [{ Namespace: 'Parley', Dimensions: [['Alarm']] }] },
      Alarm: 'reconciliation_break',
      Alarms: 1,
    });
  });
});
