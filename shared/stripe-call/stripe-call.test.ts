import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestTables } from '../../tests/support/engine.ts';
import { oldestUnsent, onceAtStripe, type StripeCall } from './stripe-call.store.ts';
import { attemptKey, KEY_LIFE_MS, meaningOf } from './stripe-call.ts';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

const { errors } = Stripe;
const raw = (message: string, statusCode: number) => ({ message, statusCode, type: 'api_error' as const });
const timeOut = () => new errors.StripeConnectionError(raw('no answer in time', 0));
const tooMany = () => new errors.StripeRateLimitError({ ...raw('slow down', 429), type: 'rate_limit_error' });
const refusal = () =>
  new errors.StripeInvalidRequestError({ ...raw('no such customer', 400), type: 'invalid_request_error' });
const broken = () => new errors.StripeAPIError(raw('something went wrong', 500));

/** Stripe as far as keys go: an answer is kept under its key; `faults` say what happens to the next calls. */
class Keys {
  readonly kept = new Map<string, { id: string } | Error>();
  readonly made: string[] = [];
  readonly faults: (() => Error)[] = [];
  /** Whether a fault comes after the object was made. */
  commits = false;

  make = async ({ idempotencyKey }: { idempotencyKey: string }): Promise<{ id: string }> => {
    const kept = this.kept.get(idempotencyKey);
    if (kept instanceof Error) throw kept;
    if (kept !== undefined) return kept;
    const fault = this.faults.shift()?.();
    if (fault === undefined || this.commits) this.made.push(`object-${this.made.length + 1}`);
    const object = { id: this.made.at(-1) ?? '' };
    const isKept = !(fault instanceof errors.StripeConnectionError) && !(fault instanceof errors.StripeRateLimitError);
    if (fault === undefined || (this.commits && !isKept)) this.kept.set(idempotencyKey, object);
    else if (isKept) this.kept.set(idempotencyKey, fault);
    if (fault !== undefined) throw fault;
    return object;
  };
  find = async () => (this.made.length === 0 ? undefined : { id: this.made[0]! });
  read = async (id: string) => ({ id });
}

let keys = 0;
const world = () => {
  const stripe = new Keys();
  const key = `test:${++keys}`;
  const ask = (now = 0) =>
    onceAtStripe({ tables: engine.tables, now, stripe: undefined as never } satisfies StripeCall, {
      key,
      make: stripe.make,
      find: stripe.find,
      read: stripe.read,
    });
  return { stripe, ask };
};

describe('a call to Stripe', () => {
  it('is made once, however often it is asked for', async () => {
    const { stripe, ask } = world();
    for (let i = 0; i < 3; i++) expect(await ask()).toEqual({ ok: true, value: { id: 'object-1' } });
    expect(stripe.made).toEqual(['object-1']);
  });

  it.each([
    ['a time-out', timeOut],
    ['a 429', tooMany],
  ])('sends the same key again after %s, whether or not it was made', async (_, fault) => {
    for (const commits of [false, true]) {
      const { stripe, ask } = world();
      stripe.commits = commits;
      stripe.faults.push(fault);
      expect(await ask()).toMatchObject({ ok: false, code: 'stripe_unavailable', retryable: true });
      expect(await ask()).toEqual({ ok: true, value: { id: 'object-1' } });
      expect(stripe.made).toEqual(['object-1']);
    }
  });

  it('looks for what a 500 may have left, and takes a new key only where nothing is there', async () => {
    for (const commits of [false, true]) {
      const { stripe, ask } = world();
      stripe.commits = commits;
      stripe.faults.push(broken);
      expect(await ask()).toEqual({ ok: true, value: { id: 'object-1' } });
      expect(stripe.made).toEqual(['object-1']);
      expect([...stripe.kept.keys()].length).toBe(commits ? 1 : 2);
    }
  });

  it('asks anew after a refusal, with a new key, since Stripe keeps saying no to the old one', async () => {
    const { stripe, ask } = world();
    stripe.faults.push(refusal);
    expect(await ask()).toMatchObject({
      ok: false,
      code: 'stripe_refused',
      detail: expect.stringContaining('no such customer'),
    });
    expect(await ask()).toEqual({ ok: true, value: { id: 'object-1' } });
    expect([...stripe.kept.keys()].map((key) => key.slice(-2))).toEqual(['a0', 'a1']);
  });

  it('looks before it sends a key that Stripe may have forgotten', async () => {
    const { stripe, ask } = world();
    stripe.commits = true;
    stripe.faults.push(timeOut);
    await ask();
    stripe.kept.clear();
    expect(await ask(KEY_LIFE_MS)).toEqual({ ok: true, value: { id: 'object-1' } });
    expect(stripe.made).toEqual(['object-1']);
  });

  it('throws what is a bug: a key with other parameters', async () => {
    const { stripe, ask } = world();
    stripe.faults.push(
      () => new errors.StripeIdempotencyError({ ...raw('other parameters', 400), type: 'idempotency_error' }),
    );
    await expect(ask()).rejects.toThrow('other parameters');
  });
});

describe('what Stripe has not answered', () => {
  const DAY = 86_400_000;
  /** Far from the other tests' calls, which began at the clock's zero. */
  const NOW = 100 * DAY;
  const oldest = (now: number) => oldestUnsent({ tables: engine.tables, now });

  it('is known by its age until Stripe made it, or said no', async () => {
    const [first, second] = [world(), world()];
    first.stripe.faults.push(timeOut, refusal);
    second.stripe.faults.push(timeOut);
    await first.ask(NOW);
    await second.ask(NOW + 60_000);
    expect(await oldest(NOW + 120_000)).toBe(NOW);
    expect(await first.ask(NOW + 120_000)).toMatchObject({ code: 'stripe_refused' });
    expect(await oldest(NOW + 180_000)).toBe(NOW + 60_000);
    await second.ask(NOW + 180_000);
    expect(await oldest(NOW + 180_000)).toBeNull();
  });

  it('is given up after three days: nobody sends it by itself any more', async () => {
    const { stripe, ask } = world();
    stripe.faults.push(timeOut);
    await ask(NOW + 10 * DAY);
    expect(await oldest(NOW + 12 * DAY)).toBe(NOW + 10 * DAY);
    expect(await oldest(NOW + 14 * DAY)).toBeNull();
  });
});

it('knows what a failure means by its kind and status', () => {
  const of = (type: string, statusCode?: number) => meaningOf({ type, statusCode, message: '' });
  expect(of('StripeCardError', 402)).toBe('refused');
  expect(of('StripeInvalidRequestError', 409)).toBe('again');
  expect(of('StripeAPIError', 503)).toBe('failed');
  expect(of('StripeAPIError')).toBe('again');
  expect(of('StripeAuthenticationError', 401)).toBe('bug');
  expect(attemptKey('inv:co_a', 2)).toBe('inv:co_a:a2');
});
