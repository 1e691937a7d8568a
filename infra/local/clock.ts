/**
 * The market clock of a data folder: business time, for everything that has a deadline. It runs (real time plus an
 * offset) or stands, is kept in the folder, and only ever goes forward.
 */
import * as z from 'zod';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';
import { type Clock, iso } from '../../shared/kernel/time.ts';
import type { DataFolder } from './data-folder.ts';

const FILE = 'clock.json';
const State = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('running'), offsetMs: z.int(), chosenMs: z.int() }),
  z.object({ mode: z.literal('standing'), nowMs: z.int(), chosenMs: z.int() }),
]);
type State = z.infer<typeof State>;
export type ClockMode = State['mode'];

/** The time as threads of this process share it: one number, which nobody ever reads half written. */
export type SharedTime = BigInt64Array<SharedArrayBuffer>;

export type MarketClock = Clock & {
  /** Null until the clock was set; until then it shows the machine's time. */
  readonly mode: ClockMode | null;
  /** Chooses mode and time, once; the same choice again is the same answer. */
  set(mode: ClockMode, nowMs: number, folderIsEmpty: boolean): Result<null, 'clock_mode_fixed'>;
  /** Moves the clock to `toMs`; the present is allowed, the past is not. */
  advance(toMs: number): Result<null, 'clock_goes_forward'>;
};

/** The clock with what a thread needs to make one of it that always shows the same: `sharedClock`. */
export type OpenClock = MarketClock & { readonly shared: SharedTime };

type Store = Pick<DataFolder, 'readJson' | 'writeJson' | 'rewriteJson'>;
const FILE_BYTES = 128;

/** The clock as the folder keeps it. `machineNow` is injected for tests. */
export function openClock(folder: Store, machineNow: () => number = Date.now): OpenClock {
  let state: State | undefined = folder.readJson(FILE, State);
  const shared: SharedTime = new BigInt64Array(new SharedArrayBuffer(8));
  if (state !== undefined) share(shared, state);
  const own = sharedClock(shared, machineNow);
  const read = (): number => own.now();
  /** The file first, then the value: nothing is ever written at a time that a crash could take back. */
  const keep = (next: State): void => {
    if (state === undefined) folder.writeJson(FILE, next, { flush: true, fixedBytes: FILE_BYTES });
    else folder.rewriteJson(FILE, next, FILE_BYTES);
    state = next;
    share(shared, next);
  };
  return {
    shared,
    get mode() {
      return state?.mode ?? null;
    },
    now: read,
    set(mode, nowMs, folderIsEmpty) {
      if (state !== undefined) {
        if (state.mode === mode && state.chosenMs === nowMs) return ok(null);
        return refuse('clock_mode_fixed', `The clock of this data folder is ${state.mode} and shows ${iso(read())}.`);
      }
      if (!folderIsEmpty)
        return refuse('clock_mode_fixed', 'The market in this data folder already runs by the real time.');
      keep(stateAt(mode, nowMs, nowMs, machineNow()));
      return ok(null);
    },
    advance(toMs) {
      const nowMs = read();
      if (toMs < nowMs)
        return refuse('clock_goes_forward', `The market clock shows ${iso(nowMs)} and cannot go back to ${iso(toMs)}.`);
      if (toMs > nowMs || state === undefined)
        keep(stateAt(state?.mode ?? 'running', toMs, state?.chosenMs ?? toMs, machineNow()));
      return ok(null);
    },
  };
}

const stateAt = (mode: ClockMode, nowMs: number, chosenMs: number, machineMs: number): State =>
  mode === 'standing' ? { mode, nowMs, chosenMs } : { mode, offsetMs: nowMs - machineMs, chosenMs };

/** An offset from the machine's time is an even number, an instant at which the clock stands an odd one; 0 from the first. */
function share(shared: SharedTime, state: State): void {
  const number = state.mode === 'standing' ? 2n * BigInt(state.nowMs) + 1n : 2n * BigInt(state.offsetMs);
  Atomics.store(shared, 0, number);
}

/** The market clock as any thread of this process sees it. */
export function sharedClock(shared: SharedTime, machineNow: () => number = Date.now): Clock {
  let known = 0n;
  let latestMs = 0;
  return {
    now: () => {
      const number = Atomics.load(shared, 0);
      const ms = Number(number >> 1n);
      if ((number & 1n) === 1n) return ms;
      if (number !== known) latestMs = 0;
      known = number;
      // The machine's time may be set back; business time never is.
      latestMs = Math.max(latestMs, machineNow() + ms);
      return latestMs;
    },
  };
}
