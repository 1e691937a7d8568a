/**
 * A provider's loop: claim, work with heartbeats in the background, resolve, escalate or decline; stop gracefully. It
 * holds at most `atOnce` turns, and never two for one request.
 */
import type * as z from 'zod';
import type { Work } from '../api/routes/provider.ts';
import { dataOf, type Parley, ParleyProblem } from './client.ts';

export type Task = z.infer<typeof Work>;

/** How a turn ends. */
export type Ending =
  | {
      resolve: {
        code: 'solved' | 'answered' | 'refunded' | 'forwarded' | 'no_action_needed';
        summary: string;
        evidence?: string;
      };
    }
  | { escalate: string }
  | { decline: string };

export type Turn = Task & {
  /** Aborts when the turn is no longer one's own, or when the loop must stop: end what can be ended. */
  signal: AbortSignal;
  /** Says that a step was done. Two lease lengths without one end the turn. */
  progress: () => void;
};

export type Handler = (turn: Turn) => Ending | Promise<Ending>;

export type WorkOptions = {
  /** The queues to claim from; all of one's lanes where left out. */
  queues?: string[];
  /** Turns side by side; 1 where left out. */
  atOnce?: number;
  /** Aborting it stops the loop: no more claims, and `graceMs` for what is under way. */
  signal?: AbortSignal;
  /** After a stop, how long turns under way may take before they are handed back, in milliseconds; 30 000 where left out. */
  graceMs?: number;
  /** Told of everything that went wrong, with the turn where there is one. The loop goes on. */
  onError?: (error: unknown, turn?: Task) => void;
};

const MOST_CLAIMED = 10;
const PAUSE_AFTER_ERROR_MS = 5_000;
/** A turn is beaten this often per lease length. */
const BEATS_PER_LEASE = 3;
const MOST_REASON = 400;

/**
 * Works until `signal` aborts. A handler that throws escalates its turn to somebody else. What does not end after a stop
 * is handed back without any mark, by taking the key offline until the next start: so each loop has a key of its own.
 */
export async function work(parley: Parley, handler: Handler, options: WorkOptions = {}): Promise<void> {
  const { atOnce = 1, signal = new AbortController().signal, graceMs = 30_000 } = options;
  const report = options.onError ?? (() => {});
  const handBack = new AbortController();
  const running = new Set<Promise<void>>();
  const stopped = aborted(signal);
  await dataOf(parley.POST('/v1/online', { body: { agent: 'me' } }));
  while (!signal.aborted) {
    if (running.size >= atOnce) {
      await Promise.race([...running, stopped]);
      continue;
    }
    const max = Math.min(MOST_CLAIMED, atOnce - running.size);
    const claimed = await claim(parley, { max, ...(options.queues ? { queues: options.queues } : {}) }, report);
    for (const task of claimed.work) {
      const turn = take(parley, task, handler, handBack.signal, report).finally(() => running.delete(turn));
      running.add(turn);
    }
    if (claimed.work.length === 0) await pause(claimed.retryAfterMs, signal);
  }
  const grace = setTimeout(() => handBack.abort(), graceMs);
  await Promise.all(running);
  clearTimeout(grace);
  if (handBack.signal.aborted) await goOffline(parley);
}

/** Hands back all that the key holds. */
async function goOffline(parley: Parley): Promise<void> {
  for (;;) {
    const { complete } = await dataOf(parley.POST('/v1/offline', { body: { agent: 'me' } }));
    if (complete) return;
  }
}

/** A claim may have been taken though its answer was lost: what comes of it lapses with its lease and is offered again. */
async function claim(parley: Parley, body: { max: number; queues?: string[] }, report: (error: unknown) => void) {
  try {
    return await dataOf(parley.POST('/v1/claims', { body }));
  } catch (error) {
    report(error);
    return { work: [], retryAfterMs: PAUSE_AFTER_ERROR_MS };
  }
}

/** One turn from claim to end. Never throws. */
async function take(
  parley: Parley,
  task: Task,
  handler: Handler,
  handBack: AbortSignal,
  report: (error: unknown, turn: Task) => void,
): Promise<void> {
  const lost = new AbortController();
  const over = new AbortController();
  const steps = { done: 0 };
  const progress = () => {
    steps.done += 1;
  };
  const beats = beat(parley, task, over.signal, steps).catch((error: unknown) => {
    report(error, task);
    lost.abort(error);
  });
  const turn: Turn = { ...task, signal: AbortSignal.any([lost.signal, handBack]), progress };
  try {
    const handled = Promise.resolve()
      .then(() => handler(turn))
      .catch((error: unknown): Ending => {
        report(error, task);
        return { escalate: 'The program that worked on this failed.' };
      });
    const ending = await Promise.race([handled, aborted(handBack)]);
    if (ending !== undefined) await end(parley, task, ending);
  } catch (error) {
    report(error, task);
  } finally {
    over.abort();
    await beats;
  }
}

/** Beats until the turn is over; throws where it is no longer one's own. */
async function beat(parley: Parley, task: Task, over: AbortSignal, steps: { done: number }): Promise<void> {
  const { id, claimedAt, leaseUntil } = task.lease;
  const everyMs = (Date.parse(leaseUntil) - Date.parse(claimedAt)) / BEATS_PER_LEASE;
  const params = { path: { lease: id } };
  let told = 0;
  for (;;) {
    await pause(everyMs, over);
    if (over.aborted) return;
    const { done } = steps;
    try {
      await dataOf(parley.POST('/v1/leases/{lease}/heartbeat', { params, body: { progress: done > told } }));
      told = done;
    } catch (error) {
      // A market that does not answer for a moment has not taken the turn away.
      if (error instanceof ParleyProblem && error.status < 500) throw error;
    }
  }
}

/** Ends a turn. A result that comes too late is kept with the request as a note, and the refusal thrown. */
async function end(parley: Parley, task: Task, ending: Ending): Promise<void> {
  const params = { path: { lease: task.lease.id } };
  if ('escalate' in ending) {
    const reason = ending.escalate.slice(0, MOST_REASON);
    await dataOf(parley.POST('/v1/leases/{lease}/escalate', { params, body: { reason } }));
    return;
  }
  if ('decline' in ending) {
    const reason = ending.decline.slice(0, MOST_REASON);
    await dataOf(parley.POST('/v1/leases/{lease}/decline', { params, body: { reason } }));
    return;
  }
  try {
    await dataOf(parley.POST('/v1/leases/{lease}/resolve', { params, body: ending.resolve }));
  } catch (error) {
    if (error instanceof ParleyProblem && (error.code === 'lease_ended' || error.code === 'lease_expired')) {
      const text = `${ending.resolve.code}: ${ending.resolve.summary}`;
      await dataOf(parley.POST('/v1/leases/{lease}/notes', { params, body: { text } }));
    }
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((done) => {
    if (signal.aborted) done(undefined);
    else signal.addEventListener('abort', () => done(undefined), { once: true });
  });
}

/** Waits; an abort ends the wait. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
