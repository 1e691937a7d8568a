/** Where the processor time of a measurement went: to the market's thread, to the load's, or to the engine's process. */
import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { threadMs } from '../support/stopwatch.ts';

/** Milliseconds; `others` are the threads that collect and compile for both. `engine` is 0 where it is not ours. */
export type Shares = { market: number; load: number; engine: number; others: number };

/** Linux adds a process's time up in steps of this. */
const TICK_MS = 10;

/** The processor time so far. */
export async function processorTime(load: Worker, engine: number | null): Promise<Shares> {
  const { user, system } = await load.cpuUsage();
  const loadMs = (user + system) / 1_000;
  const all = process.cpuUsage();
  const market = threadMs();
  const others = (all.user + all.system) / 1_000 - market - loadMs;
  return { market, load: loadMs, engine: engine === null ? 0 : engineMs(engine), others };
}

export const sharesSince = (before: Shares, after: Shares): Shares => combined(after, before, (a, b) => a - b);
export const sharesTogether = (a: Shares, b: Shares): Shares => combined(a, b, (x, y) => x + y);
export const NO_SHARES: Shares = { market: 0, load: 0, engine: 0, others: 0 };

/** Microseconds for each of `number`, whole. */
export const microsEach = (shares: Shares, number: number): Shares =>
  combined(shares, shares, (ms) => Math.round((ms * 1_000) / number));

function combined(a: Shares, b: Shares, by: (a: number, b: number) => number): Shares {
  return {
    market: by(a.market, b.market),
    load: by(a.load, b.load),
    engine: by(a.engine, b.engine),
    others: by(a.others, b.others),
  };
}

/** Fields 14 and 15 of Linux's account of a process, counted after its name, which may hold spaces. */
function engineMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
