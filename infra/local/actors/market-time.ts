/** The market's time as the simulated world drives it or follows it, through the test clock of the API. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Parley } from '../../../shared/client/client.ts';
import { fromIso, iso, SECOND } from '../../../shared/kernel/time.ts';
import { ask, CallRefused } from './calls.ts';

export type MarketTime = {
  /** As far as is known here; the market's clock may be later when it is running. */
  now(): number;
  /**
   * Comes back when the market's clock has reached an instant and what was due until then has run; with `booksFollow`
   * what falls due of money may still be at it.
   */
  reach(instant: number, options?: { booksFollow: boolean }): Promise<number>;
};

export class NoTestClock extends Error {}

/** Refuses a server without a test clock in words, and sets the clock of an empty data folder. */
export async function setClock(client: Parley, mode: 'running' | 'standing', begin: number): Promise<number> {
  const found = await readClock(client);
  if (found.mode === mode) return fromIso(found.now);
  if (found.mode !== null)
    throw new NoTestClock(`The market's clock is ${found.mode} and cannot be made ${mode}: use another data folder.`);
  const body = { mode, now: iso(begin) };
  return fromIso((await ask('set the clock', () => client.PUT('/v1/test-clock', { body }))).now);
}

export async function readClock(client: Parley) {
  try {
    return await ask('read the clock', () => client.GET('/v1/test-clock'), 3);
  } catch (error) {
    if (error instanceof CallRefused && (error.status === 404 || error.status === 403 || error.status === 405))
      throw new NoTestClock(
        'This server offers no test clock (/v1/test-clock), so years cannot pass on it in minutes. A replay runs only ' +
          'against the marketplace on one machine: leave --api out, or start one with npm start.',
      );
    throw error;
  }
}

/** One call works five seconds at most; a step that is not complete after this many such calls is stuck. */
const MOST_CALLS_PER_STEP = 2_000;
/** A call that gives up at once has met something that does not work now: wait a little, and not for ever. */
const AT_ONCE_MS = SECOND;
const MOST_AT_ONCE = 60;
const PAUSE_MS = SECOND;

/** Time that is moved forward from here, step by step. */
export function drivenTime(client: Parley, begin: number): MarketTime {
  let now = begin;
  return {
    now: () => now,
    reach: async (instant, options) => {
      if (instant <= now) return now;
      let atOnce = 0;
      for (let n = 0; n < MOST_CALLS_PER_STEP && atOnce < MOST_AT_ONCE; n++) {
        const begunMs = performance.now();
        const clock = await advance(client, instant, options);
        now = Math.max(now, fromIso(clock.now));
        if (clock.complete && now >= instant) return now;
        if (performance.now() - begunMs > AT_ONCE_MS) continue;
        atOnce += 1;
        await sleep(PAUSE_MS);
      }
      const text = `what was due until ${iso(now)} does not get done; the market's log says why`;
      throw new CallRefused('advance the clock', 0, 'stuck', text);
    },
  };
}

async function advance(
  client: Parley,
  instant: number,
  options?: { booksFollow: boolean },
): Promise<{ now: string; complete: boolean }> {
  try {
    const body = { to: iso(instant), ...options };
    return await ask('advance the clock', () => client.POST('/v1/test-clock/advance', { body }));
  } catch (error) {
    // A running clock may have passed the instant by itself.
    if (error instanceof CallRefused && error.code === 'clock_goes_forward') return readClock(client);
    throw error;
  }
}

/** How often a running clock is looked at: somebody may have moved it. */
const LOOK_EVERY_MS = 5 * SECOND;

/** Time that passes by itself: comes back when an instant has come, at the latest at the next look after it, or on `stop`. */
export function followedTime(client: Parley, begin: number, stop: AbortSignal): MarketTime {
  let now = begin;
  return {
    now: () => now,
    reach: async (instant) => {
      while (now < instant && !stop.aborted) {
        const waitMs = Math.min(LOOK_EVERY_MS, instant - now);
        await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
        if (!stop.aborted) now = Math.max(now, fromIso((await readClock(client)).now));
      }
      return now;
    },
  };
}
