/** Measures how late the market's work is, for the alarms: taken by the schedules, beside what they do. One line each time. */
import type { Gauge } from '../shared/operations/gauge.ts';
import type { Runtime } from './runtime.ts';

export type Gauges = Partial<Record<Gauge, number>>;

/** Writes what was measured; on AWS it becomes metrics of these names. `lateMs` in milliseconds, below zero: not late. */
export function writeGauges(runtime: Runtime, lateMs: Gauges): void {
  const gauges = Object.fromEntries(
    Object.entries(lateMs).map(([gauge, late]) => [gauge, Math.max(0, Math.round(late / 1_000))]),
  );
  runtime.log('info', 'measured', { gauges });
}
