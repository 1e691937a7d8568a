/** A provider's loop: every turn it takes is ended once, whatever the handler or the market does. */
import { describe, expect, it } from 'vitest';
import { createParley } from './client.ts';
import { type Handler, type Turn, type WorkOptions, work } from './work.ts';

type Call = { path: string; body: Record<string, unknown> };
type Answers = Partial<
  Record<'claims' | 'heartbeat' | 'resolve' | 'escalate' | 'decline' | 'notes', (n: number) => Response>
>;

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const refusal = (status: number, code: string) => json(status, { type: 't', title: 'No', status, code, detail: 'No.' });
/** Claims that hand out so many turns, one after the other, with leases of this length; then nothing. */
const handOut = (count: number, leaseMs = 60_000) => {
  let given = 0;
  return () => {
    if (given === count) return json(200, { work: [], retryAfterMs: 5 });
    given += 1;
    const at = Date.UTC(2026, 0, 1);
    const lease = {
      id: `lease-${given}`,
      request: `request-${given}`,
      claimedAt: new Date(at).toISOString(),
      leaseUntil: new Date(at + leaseMs).toISOString(),
    };
    return json(200, { work: [{ lease, category: 'Cards', text: 'Hello', fields: {} }], retryAfterMs: 0 });
  };
};

/** Runs the loop against scripted answers until `until` holds, then stops it; every call but claims. */
async function run(handler: Handler, answers: Answers, until: (calls: Call[]) => boolean, options: WorkOptions = {}) {
  const calls: Call[] = [];
  const errors: unknown[] = [];
  const stop = new AbortController();
  const counts = new Map<string, number>();
  const parley = createParley({
    baseUrl: 'http://market.test',
    attempts: 1,
    fetch: async (url, init) => {
      const path = new URL(url).pathname;
      const name = (path.split('/').at(-1) ?? '') as keyof Answers;
      const n = (counts.get(name) ?? 0) + 1;
      counts.set(name, n);
      if (name !== 'claims' && path !== '/v1/online')
        calls.push({ path, body: JSON.parse(init.body as string) as Record<string, unknown> });
      const answer = answers[name]?.(n) ?? json(200, { complete: true });
      if (until(calls)) stop.abort();
      return answer;
    },
  });
  await work(parley, handler, { signal: stop.signal, onError: (error) => errors.push(error), ...options });
  return { calls, errors, paths: calls.map(({ path }) => path) };
}
const ends = (count: number) => (calls: Call[]) =>
  calls.filter(({ path }) => /resolve|escalate|decline/.test(path)).length === count;
const solved = { resolve: { code: 'solved' as const, summary: 'Done.' } };
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('the loop', () => {
  it('ends each turn the way its handler says', async () => {
    const endings = [solved, { escalate: 'too hard' }, { decline: 'not ours' }];
    const handler = (turn: Turn) => endings[Number(turn.lease.id.at(-1)) - 1]!;
    const { calls, errors } = await run(handler, { claims: handOut(3) }, ends(3));
    expect(calls).toEqual([
      { path: '/v1/leases/lease-1/resolve', body: { code: 'solved', summary: 'Done.' } },
      { path: '/v1/leases/lease-2/escalate', body: { reason: 'too hard' } },
      { path: '/v1/leases/lease-3/decline', body: { reason: 'not ours' } },
    ]);
    expect(errors).toEqual([]);
  });

  it('holds no more turns at once than allowed', async () => {
    let [held, most] = [0, 0];
    const handler = async () => {
      most = Math.max(most, ++held);
      await wait(5);
      held--;
      return solved;
    };
    await run(handler, { claims: handOut(7) }, ends(7), { atOnce: 3 });
    expect(most).toBe(3);
  });

  it('hands a turn on where its handler throws, and tells nothing of the error', async () => {
    const broken = () => {
      throw new Error('password 1234');
    };
    const { calls, errors } = await run(broken, { claims: handOut(1) }, ends(1));
    expect(calls[0]?.path).toBe('/v1/leases/lease-1/escalate');
    expect(JSON.stringify(calls)).not.toContain('1234');
    expect(errors).toHaveLength(1);
  });

  it('goes on after a claim that failed', async () => {
    const give = handOut(1);
    const claims = (n: number) => (n === 1 ? json(200, { work: [], retryAfterMs: 1 }) : give());
    expect((await run(() => solved, { claims }, ends(1))).paths).toEqual(['/v1/leases/lease-1/resolve']);
  });
});

describe('heartbeats', () => {
  it('go on in the background, and say whether a step was done since the last', async () => {
    const handler = async (turn: Turn) => {
      turn.progress();
      await wait(120);
      return solved;
    };
    const { calls } = await run(handler, { claims: handOut(1, 120) }, ends(1));
    const beats = calls.filter(({ path }) => path.endsWith('heartbeat')).map(({ body }) => body.progress);
    expect(beats.slice(0, 2)).toEqual([true, false]);
  });

  it('that are refused abort the turn; its late result is kept as a note', async () => {
    let aborted = false;
    const handler = async (turn: Turn) => {
      await new Promise((done) => turn.signal.addEventListener('abort', done));
      aborted = true;
      return solved;
    };
    const answers: Answers = {
      claims: handOut(1, 30),
      heartbeat: () => refusal(409, 'no_progress'),
      resolve: () => refusal(409, 'lease_ended'),
    };
    const { calls, errors } = await run(handler, answers, (all) => all.some(({ path }) => path.endsWith('notes')));
    expect(aborted).toBe(true);
    expect(calls.at(-1)).toEqual({ path: '/v1/leases/lease-1/notes', body: { text: 'solved: Done.' } });
    expect(errors.map((error) => (error as { code: string }).code)).toEqual(['no_progress', 'lease_ended']);
  });

  it('that meet a market which does not answer for a moment leave the turn alone', async () => {
    const handler = async (turn: Turn) => {
      await wait(60);
      return turn.signal.aborted ? { decline: 'aborted' } : solved;
    };
    const answers: Answers = { claims: handOut(1, 30), heartbeat: () => refusal(503, 'unavailable') };
    const { paths } = await run(handler, answers, ends(1));
    expect(paths.at(-1)).toBe('/v1/leases/lease-1/resolve');
  });
});

describe('a stop', () => {
  it('lets what is under way end', async () => {
    const handler = async () => {
      await wait(30);
      return solved;
    };
    const stop = new AbortController();
    const ended = run(handler, { claims: handOut(1) }, () => false, { signal: stop.signal });
    await wait(15);
    stop.abort();
    expect((await ended).paths).toEqual(['/v1/leases/lease-1/resolve']);
  });

  it('hands back what does not end within the grace, so that nothing is held', async () => {
    const stop = new AbortController();
    const never = () => new Promise<never>(() => {});
    const ended = run(never, { claims: handOut(1) }, () => false, { signal: stop.signal, graceMs: 10 });
    await wait(15);
    stop.abort();
    const { calls } = await ended;
    expect(calls).toEqual([{ path: '/v1/offline', body: { agent: 'me' } }]);
  });
});
