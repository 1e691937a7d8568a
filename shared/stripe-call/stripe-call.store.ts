/**
 * Calls that make or change something at Stripe, each once: `K#<key>` / `-` is stored before the call, so that after a
 * crash the same key is sent again, and Stripe answers what it answered.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Key, type Written } from '../kernel/table.ts';
import { DAY } from '../kernel/time.ts';
import { inLedger, type LedgerWrite, writeEach } from '../ledger/together.ts';
import { beginSweeps } from '../stripe-event/stripe-event.store.ts';
import { attemptKey, KEY_LIFE_MS, meaningOf, type StripeFailure } from './stripe-call.ts';

/** A call whose work includes Stripe. */
export type StripeCall = Call & { readonly stripe: Stripe };

export type OnceAtStripe<T> = {
  /** Names currency and cause, such as `inv:co_a:USD:2026-01:v0`; what Stripe is sent adds the attempt. */
  key: string;
  /** Makes it, with these options, and nothing besides. */
  make: (options: { idempotencyKey: string }) => Promise<T>;
  /** Looks for what an earlier attempt made: lists the parent's objects and compares `metadata.key`. */
  find: () => Promise<T | undefined>;
  /** Reads again what is known to be there. */
  read: (id: string) => Promise<T>;
  /**
   * What waits to be written, each write right by itself. All of it is written before Stripe is asked; that Stripe has made this
   * then waits here too, for whatever the caller writes next. A crash before that is one before Stripe's answer came.
   */
  waiting?: LedgerWrite[];
};

export type StripeRefusal = 'stripe_refused' | 'stripe_unavailable';

const Stored = z.object({
  attempt: z.int(),
  at: z.number(),
  state: z.enum(['intended', 'done', 'refused']),
  object: z.string().nullable(),
  /** Since when it is meant for Stripe without a certain answer, over all attempts; null once Stripe has said no. */
  since: z.number().nullable().default(null),
});
type Stored = z.infer<typeof Stored>;

/** What Stripe has not answered is listed on the companies' side of the ledger's indexes, in order of time. */
const UNSENT = 'unsent';
const unsentSince = (at: number, key: string) => ({ cpk: UNSENT, csk: `${timeKey(at)}#${key}` });
const LISTED = ['cpk', 'csk'] as const;
/** What is older was given up by who meant it: nobody sends it by itself any more. */
const GIVEN_UP_MS = 3 * DAY;

const keyOf = (key: string): Key => ({ pk: `K#${key}`, sk: '-' });

/**
 * Makes something at Stripe once, whatever crashes and however often it is called, and answers with it as it is now.
 * `stripe_unavailable` (retryable): nothing is known, the next call sends the same key. `stripe_refused`: Stripe said no,
 * with its code and sentence; the next call asks anew, after it has looked for what may be there in spite of that.
 * A key that was sent with other parameters throws: a bug.
 */
export async function onceAtStripe<T extends { id: string }>(
  call: StripeCall,
  once: OnceAtStripe<T>,
): Promise<Result<T, StripeRefusal>> {
  const fresh: Stored = { attempt: 0, at: call.now, state: 'intended', object: null, since: call.now };
  const item = { ...keyOf(once.key), ...fresh, ...unsentSince(call.now, once.key) };
  const written = await intend(call, { kind: 'put', item, when: ABSENT }, once.waiting?.splice(0) ?? []);
  // From the first call on somebody looks for what Stripe tells and does not deliver.
  if (written.ok) await beginSweeps(call);
  const stored = written.ok ? fresh : Stored.parse(written.old);
  if (stored.state === 'done' && stored.object !== null) return ok(await once.read(stored.object));
  const isNew = written.ok || (stored.state === 'intended' && call.now - stored.at < KEY_LIFE_MS);
  if (isNew) return attempt(call, once, stored, true);
  const found = await once.find();
  if (found !== undefined) return done(call, once, found);
  return attempt(call, once, await renew(call, once.key, stored), true);
}

/** Writes what is meant for Stripe with what waited to be written; answers what became of the former. */
async function intend(
  call: Call,
  intended: LedgerWrite & { kind: 'put' },
  waited: readonly LedgerWrite[],
): Promise<Written> {
  if (waited.length > 0) {
    const together = await call.tables.transact([intended, ...waited].map(inLedger));
    if (together.ok) return together;
    await writeEach(call, waited);
    if (together.at === 0) return together;
  }
  return call.tables.put('ledger', intended.item, intended.when);
}

async function attempt<T extends { id: string }>(
  call: StripeCall,
  once: OnceAtStripe<T>,
  stored: Stored,
  mayRenew: boolean,
): Promise<Result<T, StripeRefusal>> {
  try {
    const made = await once.make({ idempotencyKey: attemptKey(once.key, stored.attempt) });
    return done(call, once, made);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    const means = meaningOf(failure);
    if (means === 'bug') throw error;
    if (means === 'again') return unavailable(failure);
    await markRefused(call, once.key, stored, means === 'refused');
    if (means === 'refused') return refused(failure);
    // It may have been made before it failed.
    const found = await once.find();
    if (found !== undefined) return done(call, once, found);
    if (!mayRenew) return unavailable(failure);
    return attempt(call, once, await renew(call, once.key, stored), false);
  }
}

async function done<T extends { id: string }>(
  call: StripeCall,
  { key, waiting }: OnceAtStripe<T>,
  made: T,
): Promise<Result<T, never>> {
  const noted: LedgerWrite = {
    kind: 'update',
    key: keyOf(key),
    change: { set: { state: 'done', object: made.id }, remove: [...LISTED] },
    when: [['in', 'state', ['intended', 'refused']]],
  };
  if (waiting === undefined) await writeEach(call, [noted]);
  else waiting.push(noted);
  return ok(made);
}

/** After a 5xx nobody knows: it stays listed, for as long as that lasts. */
async function markRefused(call: Call, key: string, stored: Stored, isCertain: boolean): Promise<void> {
  const certain = { set: { state: 'refused', since: null }, remove: [...LISTED] };
  await call.tables.update('ledger', keyOf(key), isCertain ? certain : { set: { state: 'refused' } }, [
    ['=', 'attempt', stored.attempt],
    ['=', 'state', 'intended'],
  ]);
}

/** The next attempt; where another call has begun it meanwhile, that one's. */
async function renew(call: StripeCall, key: string, stored: Stored): Promise<Stored> {
  const since = stored.since ?? call.now;
  const next: Stored = { attempt: stored.attempt + 1, at: call.now, state: 'intended', object: null, since };
  const change = { set: { ...next, ...unsentSince(since, key) } };
  const written = await call.tables.update('ledger', keyOf(key), change, [['=', 'attempt', stored.attempt]]);
  return written.ok ? next : Stored.parse(written.old);
}

/** Since when something waits for Stripe's answer, in milliseconds of market time; null where nothing does. */
export async function oldestUnsent(call: Call): Promise<number | null> {
  const listed = await call.tables.query('ledger', z.object({ csk: z.string() }), {
    index: { name: 'byCompany', pk: 'cpk', sk: 'csk' },
    pk: UNSENT,
    from: timeKey(call.now - GIVEN_UP_MS),
    limit: 1,
  });
  const first = listed.items[0];
  return first === undefined ? null : Number(first.csk.slice(0, 15));
}

/** What the SDK threw, where it was an answer of Stripe's or the lack of one. */
export function failureOf(error: unknown): StripeFailure | undefined {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return undefined;
  if (!error.type.startsWith('Stripe')) return undefined;
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  return { type: error.type, statusCode, code, message: error.message };
}

const unavailable = (failure: StripeFailure) =>
  refuse('stripe_unavailable', `Stripe did not answer for certain (${failure.message}); it is asked again.`, {
    retryable: true,
  });

const refused = (failure: StripeFailure) =>
  refuse('stripe_refused', `Stripe refused: ${failure.message}`, {
    extra: { stripeCode: failure.code ?? failure.type },
  });
