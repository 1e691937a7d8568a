/** What becomes of requests that do not go the straight way. Each test's name is the guarantee. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { withdrawProvider } from '../../shared/dispatch/lane.store.ts';
import { type Lease, leaseIdOf } from '../../shared/dispatch/lease.ts';
import { addNote, beat, endTurn, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, iso, MINUTE, SECOND } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead, readOwnHead, viewRequest } from '../../shared/request/request.store.ts';
import type { PlacedRequest } from '../../shared/request/request.ts';
import { cancel, confirm, personPlease, reopen } from '../../shared/resolution/resolution.store.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const LATE = 'co_late000001';
const POOL = 'pr_pool000001';
const OTHER = 'pr_pool000002';
const PROGRAM = 'pr_auto000001';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

/** One company awarded ten at the pool; the other pool and the program stand by with free capacity. */
async function market(
  category: string,
  options: { automation?: boolean; standing?: boolean } = {},
): Promise<TestMarket> {
  const made = new TestMarket(engine.tables);
  await made.open(category);
  await made.commit(COMPANY, 10);
  if (options.automation === true)
    await made.bid(PROGRAM, 'automation', { capacity: 20, tiers: [{ minVolume: 0, priceMicros: 1_000_000 }] });
  await made.bid(POOL, 'agent_pool', { capacity: 12, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  if (options.standing !== false)
    await made.bid(OTHER, 'agent_pool', { capacity: 5, tiers: [{ minVolume: 0, priceMicros: 3_000_000 }] });
  await made.advance(FEBRUARY - 23 * HOUR);
  await made.advance(FEBRUARY + MINUTE);
  made.now = SECOND_OF_FEBRUARY;
  return made;
}

const input = (made: TestMarket, externalId: string, more: Partial<PlacedRequest> = {}): PlacedRequest => ({
  externalId: `${made.queue} ${externalId}`,
  queue: made.queue,
  customer: `customer of ${externalId}`,
  text: 'Hello',
  fields: {},
  ...more,
});
const send = async (made: TestMarket, externalId: string, company = COMPANY, more: Partial<PlacedRequest> = {}) =>
  must(await acceptRequest(made.call(), company, input(made, externalId, more), null)).view;
const see = async (made: TestMarket, id: string) =>
  viewRequest(made.call(), (await readHead(made.call(), id, { consistent: true }))!);
const head = async (made: TestMarket, id: string) => (await readHead(made.call(), id, { consistent: true }))!;

async function claimOne(made: TestMarket, provider: string): Promise<Lease> {
  const { work } = await claimWork(made.call(), provider, [made.queue], 1, Math.random);
  if (work[0] === undefined) throw new Error(`${provider} found nothing to claim`);
  return work[0].lease;
}
const resolve = async (made: TestMarket, provider: string, lease: Lease) =>
  must(await resolveTurn(made.call(), provider, leaseIdOf(lease), { code: 'solved', summary: 'Done.', evidence: '' }));

describe('claims', () => {
  it('never give one request to two providers or to one twice, however many claim at once', async () => {
    const made = await market('races');
    const ids = await Promise.all(Array.from({ length: 8 }, async (_, i) => (await send(made, `r${i}`)).id));
    const claims = await Promise.all(
      Array.from({ length: 6 }, () => claimWork(made.call(), POOL, [made.queue], 4, Math.random)),
    );
    const rest = await claimWork(made.call(), POOL, [made.queue], 10, Math.random);
    const claimed = [...claims, rest].flatMap(({ work }) => work.map(({ head: taken }) => taken.id));
    expect(new Set(claimed).size).toBe(claimed.length);
    expect([...claimed].sort()).toEqual([...ids].sort());
  });

  it('take the earliest deadline first', async () => {
    const made = await market('deadlines');
    const late = await send(made, 'late', COMPANY, { deadline: iso(made.now + 20 * DAY) });
    const soon = await send(made, 'soon');
    expect((await claimOne(made, POOL)).request).toBe(soon.id);
    expect((await claimOne(made, POOL)).request).toBe(late.id);
  });

  it('answer an empty lane at once with a time to ask again between one and twenty seconds', async () => {
    const made = await market('empty');
    const { work, retryAfterMs } = await claimWork(made.call(), POOL, [made.queue], 1, Math.random);
    expect(work).toEqual([]);
    expect(retryAfterMs).toBeGreaterThanOrEqual(SECOND);
    expect(retryAfterMs).toBeLessThanOrEqual(20 * SECOND);
  });
});

describe('turns', () => {
  it('are fenced: once a lease is lost, its holder can neither beat nor resolve, but its note is kept', async () => {
    const made = await market('fencing');
    const request = await send(made, 'one');
    const lease = await claimOne(made, POOL);
    await made.advance(made.now + 7 * MINUTE);
    expect((await see(made, request.id)).state).toBe('queued');
    expect(
      await resolveTurn(made.call(), POOL, leaseIdOf(lease), { code: 'solved', summary: 'late', evidence: '' }),
    ).toMatchObject({ ok: false, code: 'lease_ended' });
    expect(await beat(made.call(), POOL, leaseIdOf(lease), true)).toMatchObject({ ok: false, code: 'lease_ended' });
    expect((await addNote(made.call(), POOL, leaseIdOf(lease), 'what I had found')).ok).toBe(true);
    // Lost by a person, it waits in the same lane again.
    expect((await claimOne(made, POOL)).request).toBe(request.id);
  });

  it('belong to their provider: another one’s call is answered as if the lease did not exist', async () => {
    const made = await market('tenants');
    await send(made, 'one');
    const lease = await claimOne(made, POOL);
    expect(
      await resolveTurn(made.call(), OTHER, leaseIdOf(lease), { code: 'solved', summary: 'x', evidence: '' }),
    ).toMatchObject({ ok: false, code: 'not_found' });
    expect(await readOwnHead(made.call(), LATE, lease.request)).toBeUndefined();
  });

  it('go on with heartbeats past their first end, and are settled once', async () => {
    const made = await market('beats');
    const request = await send(made, 'one');
    const lease = await claimOne(made, POOL);
    for (let i = 0; i < 4; i++) {
      await made.advance(made.now + 4 * MINUTE);
      must(await beat(made.call(), POOL, leaseIdOf(lease), true));
    }
    await resolve(made, POOL, lease);
    const resolvedAt = made.now;
    await made.advance(resolvedAt + 7 * DAY + MINUTE);
    expect((await see(made, request.id)).state).toBe('assumed');
    await made.advance(resolvedAt + 7 * DAY + 10 * MINUTE);
    await made.advance(resolvedAt + 8 * DAY);
    expect((await see(made, request.id)).state).toBe('settled');
    const charges = (await allEntries(made.call(), COMPANY, '2026-02')).filter(
      (entry) => entry.facts.request === request.id,
    );
    expect(charges.map((entry) => entry.kind)).toEqual(['charge']);
    expect(charges[0]!.occurredAt).toBe(iso(resolvedAt + 7 * DAY));
  });

  it('end after two lease lengths of beats without progress', async () => {
    const made = await market('progress');
    await send(made, 'one');
    const lease = await claimOne(made, POOL);
    for (let i = 0; i < 3; i++) {
      made.now += 3 * MINUTE;
      must(await beat(made.call(), POOL, leaseIdOf(lease), false));
    }
    made.now += 2 * MINUTE;
    expect(await beat(made.call(), POOL, leaseIdOf(lease), false)).toMatchObject({ ok: false, code: 'no_progress' });
  });

  it('declined are never offered to that provider again, and keep slot and price in the next lane', async () => {
    const made = await market('declines');
    const request = await send(made, 'one');
    const lease = await claimOne(made, POOL);
    must(await endTurn(made.call(), POOL, leaseIdOf(lease), 'declined', 'not our field'));
    const moved = await head(made, request.id);
    expect(moved).toMatchObject({
      provider: OTHER,
      slot: 0,
      priceMicros: request.priceMicros,
      notOffered: [POOL],
      capacityOf: OTHER,
    });
    must(await endTurn(made.call(), OTHER, leaseIdOf(await claimOne(made, OTHER)), 'declined', 'nor ours'));
    expect(await head(made, request.id)).toMatchObject({ provider: null, state: 'ready', capacityOf: null });
  });

  it('lost three times change lanes', async () => {
    const made = await market('lost');
    const request = await send(made, 'one');
    for (let i = 0; i < 3; i++) {
      await claimOne(made, POOL);
      await made.advance(made.now + 7 * MINUTE);
    }
    expect(await head(made, request.id)).toMatchObject({ provider: OTHER, lostTurns: 3 });
  });

  it('of a program that loses one go to a person', async () => {
    const made = await market('programs', { automation: true });
    const request = await send(made, 'one');
    expect(request.provider).toBe(PROGRAM);
    await claimOne(made, PROGRAM);
    await made.advance(made.now + 7 * MINUTE);
    expect(await head(made, request.id)).toMatchObject({ provider: POOL, personOnly: true });
  });
});

describe('the customer', () => {
  it('who says not solved gets the same provider first, with a new deadline', async () => {
    const made = await market('reopened');
    const request = await send(made, 'one');
    await resolve(made, POOL, await claimOne(made, POOL));
    made.now += 3 * HOUR;
    must(await reopen(made.call(), await head(made, request.id), 'customer'));
    expect(await head(made, request.id)).toMatchObject({
      state: 'ready',
      provider: POOL,
      reopens: 1,
      deadline: made.now + 48 * HOUR,
    });
    // Said again, it changes nothing.
    must(await reopen(made.call(), await head(made, request.id), 'customer'));
    expect((await head(made, request.id)).reopens).toBe(1);
  });

  it('who says so three times gets a person at another provider', async () => {
    const made = await market('thrice');
    const request = await send(made, 'one');
    for (let i = 0; i < 3; i++) {
      await resolve(made, POOL, await claimOne(made, POOL));
      must(await reopen(made.call(), await head(made, request.id), 'customer'));
    }
    expect(await head(made, request.id)).toMatchObject({ provider: OTHER, personOnly: true, reopens: 3 });
  });

  it('may say so until the reopen window has passed, and not after', async () => {
    const made = await market('window');
    const request = await send(made, 'one');
    await resolve(made, POOL, await claimOne(made, POOL));
    const at = made.now;
    made.now = at + 7 * DAY;
    expect(await reopen(made.call(), await head(made, request.id), 'customer')).toMatchObject({
      ok: false,
      code: 'window_passed',
    });
    expect(await confirm(made.call(), await head(made, request.id), 'customer')).toMatchObject({
      ok: false,
      code: 'window_passed',
    });
    made.now = at + 7 * DAY - 1;
    must(await confirm(made.call(), await head(made, request.id), 'customer'));
    must(await reopen(made.call(), await head(made, request.id), 'customer'));
  });

  it('who comes back about the same thing is linked to the old request, which is worked again', async () => {
    const made = await market('returns');
    const first = await send(made, 'first', COMPANY, { customer: 'ada@example.com' });
    await resolve(made, POOL, await claimOne(made, POOL));
    made.now += DAY;
    const again = must(
      await acceptRequest(
        made.call(),
        COMPANY,
        input(made, 'second', { customer: 'ada@example.com', text: 'Still broken' }),
        null,
      ),
    );
    expect(again).toMatchObject({ isReturn: true, view: { id: first.id, state: 'queued', reopens: 1 } });
    const repeated = must(
      await acceptRequest(
        made.call(),
        COMPANY,
        input(made, 'second', { customer: 'ada@example.com', text: 'Still broken' }),
        null,
      ),
    );
    expect(repeated).toMatchObject({ isReturn: true, view: { id: first.id, reopens: 1 } });
    // Open anyway: only linked.
    const third = must(
      await acceptRequest(made.call(), COMPANY, input(made, 'third', { customer: 'ada@example.com' }), null),
    );
    expect(third).toMatchObject({ isReturn: true, view: { id: first.id, reopens: 1 } });
  });

  it('who asks for a person gets one at once, from a program that holds it too', async () => {
    const made = await market('persons', { automation: true });
    const waiting = await send(made, 'waiting');
    must(await personPlease(made.call(), await head(made, waiting.id)));
    expect(await head(made, waiting.id)).toMatchObject({ provider: POOL, personOnly: true, state: 'ready' });
    const held = await send(made, 'held');
    await claimOne(made, PROGRAM);
    must(await personPlease(made.call(), await head(made, held.id)));
    expect(await head(made, held.id)).toMatchObject({ provider: POOL, personOnly: true, state: 'ready' });
  });
});

describe('the company', () => {
  it('gets overflow beyond its slots at a standing bid’s first-tier price, then unserved', async () => {
    const made = await market('overflow');
    const all = [];
    for (let i = 0; i < 18; i++) all.push(await send(made, `r${i}`));
    expect(all.map((view) => view.route)).toEqual([...Array(10).fill('slot'), ...Array(7).fill('overflow'), 'none']);
    expect(all.slice(10, 17).map((view) => view.provider)).toEqual([POOL, POOL, OTHER, OTHER, OTHER, OTHER, OTHER]);
    expect(all[10]!.priceMicros).toBe(2_100_000);
    expect(all[12]!.priceMicros).toBe(3_150_000);
    expect(all[17]).toMatchObject({ state: 'unserved', priceMicros: null });
  });

  it('without a commitment is served by overflow alone', async () => {
    const made = await market('joiners');
    expect(await send(made, 'one', LATE)).toMatchObject({ route: 'overflow', provider: POOL });
  });

  it('that withdraws a provider is not worked by it any more: lanes change, claims find nothing, beats are refused', async () => {
    const made = await market('withdrawn');
    const held = await send(made, 'held');
    const lease = await claimOne(made, POOL);
    await withdrawProvider(made.call(), COMPANY, made.queue, POOL);
    made.now += 6 * SECOND;
    expect(await beat(made.call(), POOL, leaseIdOf(lease), true)).toMatchObject({ ok: false, code: 'lane_withdrawn' });
    expect((await send(made, 'new')).provider).toBe(OTHER);
    await claimWork(made.call(), OTHER, [made.queue], 1, Math.random);
    await made.advance(made.now + 7 * MINUTE);
    expect((await claimWork(made.call(), POOL, [made.queue], 1, Math.random)).work).toEqual([]);
    expect((await head(made, held.id)).state).toBe('ready');
  });

  it('that withdraws a provider tells it so of its own turns alone: another’s do not exist for it', async () => {
    const made = await market('withdrawn stranger');
    await send(made, 'held');
    const id = leaseIdOf(await claimOne(made, POOL));
    const outcome = { code: 'solved', summary: 'x', evidence: '' } as const;
    for (const provider of [POOL, OTHER]) await withdrawProvider(made.call(), COMPANY, made.queue, provider);
    made.now += 6 * SECOND;
    for (const [provider, code] of [
      [POOL, 'lane_withdrawn'],
      [OTHER, 'not_found'],
    ] as const) {
      expect(await beat(made.call(), provider, id, true)).toMatchObject({ ok: false, code });
      expect(await resolveTurn(made.call(), provider, id, outcome)).toMatchObject({ ok: false, code });
    }
  });

  it('may cancel what is not resolved, and gets overflow capacity back', async () => {
    const made = await market('cancels', { standing: false });
    for (let i = 0; i < 12; i++) await send(made, `r${i}`);
    expect((await send(made, 'too many')).state).toBe('unserved');
    const overflow = await head(made, (await send(made, 'r11')).id);
    must(await cancel(made.call(), overflow, 'company'));
    must(await cancel(made.call(), await head(made, overflow.id), 'company'));
    expect((await see(made, overflow.id)).state).toBe('cancelled');
    expect((await send(made, 'in its place')).route).toBe('overflow');
    const lease = await claimOne(made, POOL);
    must(await cancel(made.call(), await head(made, lease.request), 'company'));
    expect(
      await resolveTurn(made.call(), POOL, leaseIdOf(lease), { code: 'solved', summary: 'x', evidence: '' }),
    ).toMatchObject({ ok: false, code: 'lease_ended' });
    const resolved = await claimOne(made, POOL);
    await resolve(made, POOL, resolved);
    expect(await cancel(made.call(), await head(made, resolved.request), 'company')).toMatchObject({
      ok: false,
      code: 'request_closed',
    });
  });

  it('sees the same answer for the same externalId and content, and a named conflict for other content', async () => {
    const made = await market('repeats');
    const first = await send(made, 'one');
    expect(await send(made, 'one')).toEqual(first);
    expect(await acceptRequest(made.call(), COMPANY, input(made, 'one', { text: 'Other' }), null)).toMatchObject({
      ok: false,
      code: 'external_id_conflict',
    });
    expect((await see(made, first.id)).state).toBe('queued');
  });

  it('gets credit for a resolution after its deadline, posted with the charge', async () => {
    const made = await market('sla');
    const request = await send(made, 'one');
    made.now += 48 * HOUR - 2 * MINUTE;
    const lease = await claimOne(made, POOL);
    made.now += 4 * MINUTE;
    await resolve(made, POOL, lease);
    expect((await see(made, request.id)).withinSla).toBe(false);
    await made.advance(made.now + 8 * DAY);
    const kinds = (await allEntries(made.call(), COMPANY, '2026-02'))
      .filter((entry) => entry.facts.request === request.id)
      .map((entry) => entry.kind);
    expect(kinds.sort()).toEqual(['charge', 'sla_credit']);
  });
});

describe('the lane sweep', () => {
  it('moves work short of time from an absent provider to one that is present', async () => {
    const made = await market('absent');
    const request = await send(made, 'one');
    made.now += 36 * HOUR + MINUTE;
    await claimWork(made.call(made.now - 2 * MINUTE), OTHER, [made.queue], 1, Math.random);
    made.now += 10 * SECOND;
    await made.sweep();
    expect(await head(made, request.id)).toMatchObject({ provider: OTHER, slot: 0 });
  });

  it('leaves a provider that went home after the deadline for one that is present, and for nobody while none is', async () => {
    const made = await market('went home');
    await send(made, 'earlier');
    made.now += MINUTE;
    const request = await send(made, 'one');
    const { deadline } = await head(made, request.id);
    made.now = deadline - 2 * MINUTE;
    await resolve(made, POOL, await claimOne(made, POOL));
    await made.advance(deadline + 2 * HOUR);
    expect((await see(made, request.id)).state).toBe('queued');
    expect((await head(made, request.id)).provider).toBe(POOL);
    await made.advance(deadline + 30 * HOUR);
    expect(await head(made, request.id)).toMatchObject({ state: 'ready', provider: POOL });
    await claimWork(made.call(), OTHER, [made.queue], 1, Math.random);
    await made.advance(made.now + MINUTE);
    const moved = await head(made, request.id);
    expect(moved).toMatchObject({ state: 'ready', provider: OTHER, deadline, slot: 1 });
    expect(moved.history.at(-1)).toEqual(['moved', deadline + 24 * HOUR, 'market']);
    const lease = await claimOne(made, OTHER);
    await resolve(made, OTHER, lease);
    expect((await see(made, request.id)).withinSla).toBe(false);
  });

  it('ends a request in nobody’s lane unserved at its deadline though a provider without free capacity is present', async () => {
    const made = await market('no capacity');
    // Two of the pool's twelve and all five of the other's are free.
    for (let i = 0; i < 7; i++) await send(made, `taken ${i}`, LATE);
    const request = await send(made, 'one');
    await withdrawProvider(made.call(), COMPANY, made.queue, POOL);
    await made.sweep();
    expect(await head(made, request.id)).toMatchObject({ state: 'ready', provider: null });
    made.now = (await head(made, request.id)).deadline - MINUTE;
    await claimWork(made.call(), OTHER, [made.queue], 1, Math.random);
    await made.advance(made.now + 2 * MINUTE);
    expect(await head(made, request.id)).toMatchObject({ state: 'unserved', provider: null });
  });

  it('ends a request unserved at its deadline when nobody that may serve it is present', async () => {
    const made = await market('nobody');
    const request = await send(made, 'one');
    await made.advance(made.now + 47 * HOUR);
    expect((await see(made, request.id)).state).toBe('queued');
    await made.advance(made.now + 2 * HOUR);
    expect((await see(made, request.id)).state).toBe('unserved');
  });
});
