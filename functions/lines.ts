/**
 * The lines that a function writes on AWS. Each line is paid for by its bytes, so a thing is said once: CloudWatch gives
 * every line its time, and metrics go many to a line.
 */
import type { Consumption } from '../shared/kernel/table.ts';

export type Level = 'info' | 'warn' | 'error';
type Write = (line: string) => void;

/** The embedded metric format takes so many values of a metric in one line at the most. */
const MOST_VALUES = 100;
/** A value waits no longer than this for others, in milliseconds, while the process has something to do. */
const LONGEST_WAIT_MS = 60_000;
/** Of the stage, since several may share an account. */
const NAMESPACE = process.env.METRICS ?? 'Parley';

export const logLine = (level: Level, message: string, fields: Record<string, unknown> = {}): string =>
  JSON.stringify({ level, message, ...fields });

/** What whoever is on duty should hear of, as a metric by its name: a line with `alarm` counts one. Never held back. */
export const alarmLine = (alarm: string, now: number): string => metricLine({ Alarm: alarm }, { Alarms: 1 }, now);

/** Measures by their names. */
export const gaugeLine = (gauges: Record<string, number>, now: number): string => metricLine({}, gauges, now);

/** One line in CloudWatch's embedded metric format; a metric's value may be a list of values. `now` in milliseconds. */
function metricLine(dimension: Record<string, string>, values: Record<string, number | number[]>, now: number): string {
  const Metrics = Object.keys(values).map((Name) => ({ Name }));
  const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: [Object.keys(dimension)], Metrics }];
  return JSON.stringify({ _aws: { Timestamp: now, CloudWatchMetrics }, ...dimension, ...values });
}

type Held = { since: number; writeUnits: number[]; readUnits: number[]; calls: number[] };

/**
 * Holds what commands consumed and writes it many to a line, by command: a hundred, or what came within a minute. What a
 * process holds when it is killed is lost to the metric; each call's own line says it too.
 */
export function consumptionMetrics(write: Write, now: () => number) {
  const held = new Map<string, Held>();
  const flush = (command: string, { writeUnits, readUnits, calls }: Held): void => {
    held.delete(command);
    write(metricLine({ Command: command }, { WriteUnits: writeUnits, ReadUnits: readUnits, TableCalls: calls }, now()));
  };
  const flushAll = (): void => {
    for (const [command, values] of held) flush(command, values);
  };
  const record = (command: string, consumed: Consumption): void => {
    const values = held.get(command) ?? { since: now(), writeUnits: [], readUnits: [], calls: [] };
    held.set(command, values);
    values.writeUnits.push(consumed.writeUnits);
    values.readUnits.push(consumed.readUnits);
    values.calls.push(consumed.calls);
    if (values.calls.length === MOST_VALUES) flush(command, values);
    for (const [other, waiting] of held) if (now() - waiting.since >= LONGEST_WAIT_MS) flush(other, waiting);
  };
  return { record, flushAll };
}
