/**
 * Calls that are recognised by their `Idempotency-Key`: the same call again gets the same answer, and its work is done
 * once.
 *
 * The key is taken by a conditional write before the handler runs, and the answer is stored after it. A crash between
 * leaves a key that is taken but unanswered: for 30 s of machine time (twice what a function may run) a second call is
 * told that the first still runs, afterwards it takes the key over and runs the handler again. So a handler derives the
 * ids of what it makes from the key; then the second run finds what the first one wrote.
 */
import * as z from 'zod';
import type { Route } from '../../shared/api/route.ts';
import type { Actor } from '../../shared/identity/identity.ts';
import { canonicalJson, sha256Hex, shortHash } from '../../shared/kernel/hash.ts';
import { randomToken } from '../../shared/kernel/id.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';
import { ABSENT, type Key, type Tables } from '../../shared/kernel/table.ts';
import { DAY, SECOND } from '../../shared/kernel/time.ts';
import { type AnyAnswer, type ApiEvent, isRefusal, type Outcome } from './context.ts';
import { type FieldRefusal, refuseFields } from './fields.ts';
import type { Input } from './parse.ts';

/** How long a call that has not answered holds its key, in milliseconds of machine time. */
export const RUNNING_MS = 30 * SECOND;
/** How long an answer is kept at least, in milliseconds of machine time. */
export const ANSWER_KEPT_MS = 30 * DAY;

const HEADER = 'idempotency-key';
const KEY_FORM = /^[\x21-\x7e]{1,200}$/;

/** The caller's key: required, optional or ignored as the route repeats. */
export function idempotencyKeyOf(
  route: Route,
  event: ApiEvent,
): { ok: true; value: string | null } | Refusal<'idempotency_key_missing'> | FieldRefusal {
  const key = event.headers[HEADER];
  if (route.repeat === 'none') return { ok: true, value: null };
  if (key === undefined && route.repeat !== 'key') return { ok: true, value: null };
  if (key === undefined || (key === '' && route.repeat === 'key'))
    return refuse(
      'idempotency_key_missing',
      "Send the header 'Idempotency-Key' with a new random text, and the same text when you repeat the call.",
    );
  if (KEY_FORM.test(key)) return { ok: true, value: key };
  return refuseFields([
    { field: 'Idempotency-Key', message: 'must be 1 to 200 visible ASCII characters without spaces' },
  ]);
}

/** The key of a call that repeats by key: the edge has refused it otherwise. */
export function keyOf(context: { idempotencyKey: string | null }): string {
  if (context.idempotencyKey === null) throw new Error('a call by key came without one');
  return context.idempotencyKey;
}

const Stored = z.object({
  route: z.string(),
  content: z.string(),
  /** Names the run that holds the key. */
  run: z.string(),
  /** Until when a call without an answer counts as running; machine time in milliseconds. */
  runningUntil: z.number(),
  status: z.int().nullable(),
  /** The stored body as JSON; null where a repeated call runs the handler again. */
  body: z.string().nullable(),
});
type Stored = z.infer<typeof Stored>;

export type Once = {
  tables: Tables;
  actor: Actor;
  route: Route;
  key: string;
  input: Input;
  /** Machine time in milliseconds. */
  machineNow: number;
};

/** Runs `work` unless the same call was answered before; then that answer. */
export async function once(call: Once, work: () => Promise<Outcome>): Promise<Outcome> {
  const item = await itemKey(call);
  const content = await sha256Hex(canonicalJson([call.input.params, call.input.query, call.input.body ?? null]));
  const run = randomToken(12);
  const taken = await take(call, item, { content, run });
  if (!taken.ok) return taken.outcome === 'run again' ? work() : taken.outcome;
  let outcome: Outcome;
  try {
    outcome = await work();
  } catch (error) {
    await release(call, item, run, 'keep content');
    throw error;
  }
  // A refusal did nothing, so it uses nothing up: the caller may mend the call and keep its key.
  if (isRefusal(outcome)) {
    await release(call, item, run, 'forget');
    return outcome;
  }
  return store(call, item, run, outcome);
}

async function itemKey(call: Once): Promise<Key> {
  const { actor } = call;
  if (actor.kind === 'nobody') throw new Error(`${call.route.id} is repeated by key but open to everybody`);
  const owner = actor.kind === 'person' ? actor.user : actor.tenant;
  return { pk: `I#${owner}#${await shortHash(call.key)}`, sk: '-' };
}

type Taken = { ok: true } | { ok: false; outcome: Outcome | 'run again' };

/** Takes the key, or says what the call that has it answered. */
async function take(call: Once, item: Key, mine: { content: string; run: string }): Promise<Taken> {
  const fresh: Stored = {
    ...mine,
    route: call.route.id,
    runningUntil: call.machineNow + RUNNING_MS,
    status: null,
    body: null,
  };
  const ttl = Math.floor((call.machineNow + ANSWER_KEPT_MS) / SECOND);
  const put = await call.tables.put('market', { ...item, ...fresh, ttl }, ABSENT);
  if (put.ok) return { ok: true };
  const old = Stored.parse(put.old);
  // The table took our write, only its answer was lost on the way.
  if (old.run === mine.run) return { ok: true };
  if (old.route !== fresh.route || old.content !== fresh.content) return { ok: false, outcome: reused() };
  if (old.status !== null) return { ok: false, outcome: answerOf(old) };
  if (call.machineNow < old.runningUntil) return { ok: false, outcome: stillRunning() };
  const change = { set: { run: fresh.run, runningUntil: fresh.runningUntil } };
  const written = await call.tables.update('market', item, change, [['=', 'run', old.run]]);
  if (written.ok || written.old?.run === mine.run) return { ok: true };
  return { ok: false, outcome: stillRunning() };
}

/** Stores the answer. Where another run took the key over meanwhile, its answer is the one. */
async function store(call: Once, item: Key, run: string, answer: AnyAnswer): Promise<Outcome> {
  const { onRepeat } = answer;
  const runsAgain = onRepeat !== undefined && 'run' in onRepeat;
  const kept = onRepeat !== undefined && 'body' in onRepeat ? onRepeat.body : answer.body;
  const change = { set: { status: answer.status, body: runsAgain ? null : JSON.stringify(kept ?? null) } };
  const written = await call.tables.update('market', item, change, [['=', 'run', run]]);
  if (written.ok || runsAgain) return answer;
  const other = Stored.safeParse(written.old);
  if (!other.success || other.data.status === null) return stillRunning();
  const stored = answerOf(other.data);
  return stored === 'run again' ? answer : stored;
}

/**
 * Gives the key back: wholly, or so that only the same content may run again, and at once. Where even that fails, the key
 * is free after `RUNNING_MS`, so the caller gets the outcome itself.
 */
async function release(call: Once, item: Key, run: string, what: 'forget' | 'keep content'): Promise<void> {
  const mine = [['=', 'run', run]] as const;
  const released =
    what === 'forget'
      ? call.tables.delete('market', item, mine)
      : call.tables.update('market', item, { set: { runningUntil: 0 } }, mine);
  await released.catch(() => undefined);
}

function answerOf(stored: Stored): AnyAnswer | 'run again' {
  if (stored.status === null) throw new Error('an answer was asked for before there was one');
  return stored.body === null ? 'run again' : { status: stored.status, body: JSON.parse(stored.body) };
}

const reused = () =>
  refuse('idempotency_key_reused', 'This Idempotency-Key came with another call before. Use a new key for a new call.');
const stillRunning = () =>
  refuse('still_running', 'The first call with this Idempotency-Key has not answered yet. Send it again in a moment.', {
    retryable: true,
  });
