/** Spikes that propose an incident, processes that die while requests are linked, and requests without a slot. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sweepErrands } from '../../functions/errands.ts';
import { putBudget } from '../../shared/budget/budget.store.ts';
import { dueFromWrite } from '../../shared/dispatch/due.ts';
import { capacityKey } from '../../shared/dispatch/lane.store.ts';
import { readInbox } from '../../shared/inbox/inbox.store.ts';
import type { IncidentView } from '../../shared/incident/incident.ts';
import { comeBack, readLinks } from '../../shared/incident/link.store.ts';
import { stepRun } from '../../shared/incident/run.store.ts';
import { listSpikes, watchQueue } from '../../shared/incident/watch.store.ts';
import { DAY, HOUR, iso, MINUTE } from '../../shared/kernel/time.ts';
import { putBranding } from '../../shared/organisation/branding.store.ts';
import { plainBranding } from '../../shared/organisation/branding.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { IncidentMarket, WORDS, WORKS } from '../support/incidents.ts';
import { must } from '../support/round.ts';

let engine: TestTables;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

const since = (market: IncidentMarket) => ({ by: 'since', since: iso(market.world.market.now - DAY) });

describe('a process that dies', () => {
  it('at any call of linking or closing leaves what the sweep finishes: each linked, counted and told once', async () => {
    let tried = 0;
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= 60; at++) {
        const market = await IncidentMarket.open(engine.tables, `dies-${when}-${at}`);
        const requests = [
          await market.send('a', 'card'),
          await market.send('b', 'card'),
          await market.send('c', 'card'),
        ];
        const incident = await market.declare();
        await market.link(incident.id, since(market));
        const { market: m } = market.world;
        const died = await untilCrash(m.tables, at, when, (tables) => stepRun({ tables, now: m.now }, incident.id));
        m.now += MINUTE;
        await market.sweep();
        m.now += MINUTE;
        await market.call('POST /v1/incidents/{incident}/close', {
          params: { incident: incident.id },
          body: { words: WORKS },
        });
        const diedAgain = await untilCrash(m.tables, at, when, (tables) =>
          stepRun({ tables, now: m.now }, incident.id),
        );
        m.now += MINUTE;
        await market.sweep();
        const then = await market.incident(incident.id);
        expect(then, `${when} ${at}`).toMatchObject({ state: 'closed', linked: 3, cameBack: 0, run: { done: 3 } });
        expect(then.avoided.micros).toBe(3 * 2_100_000);
        for (const request of requests) {
          expect((await market.head(request)).state).toBe('linked');
          expect(await market.told(request), `${when} ${at}`).toEqual([WORDS, WORKS]);
        }
        tried += 1;
        if (!died && !diedAgain) break;
      }
    // Both walks make some dozen calls.
    expect(tried).toBeGreaterThan(20);
  }, 240_000);

  it('while a customer comes back leaves it linked or back, and counted once when it is said again', async () => {
    let tried = 0;
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= 40; at++) {
        const market = await IncidentMarket.open(engine.tables, `back-${when}-${at}`);
        const request = await market.send('a', 'card');
        const incident = await market.declare();
        await market.link(incident.id, since(market));
        await market.sweep();
        const head = await market.head(request);
        const { market: m } = market.world;
        const died = await untilCrash(m.tables, at, when, (tables) =>
          comeBack({ tables, now: m.now }, head, 'customer'),
        );
        expect((await market.customer(request, 'POST /v1/links/{token}/not-solved')).body).toEqual({ state: 'queued' });
        expect(await market.incident(incident.id), `${when} ${at}`).toMatchObject({ linked: 1, cameBack: 1 });
        tried += 1;
        if (!died) break;
      }
    expect(tried).toBeGreaterThan(8);
  }, 240_000);
});

describe('a request without a slot', () => {
  it('gives back what it took of free capacity, and takes it again when it comes back', async () => {
    const market = await IncidentMarket.open(engine.tables, 'overflow');
    const { market: m, provider } = market.world;
    const free = async (): Promise<number> =>
      (await m.tables.get('market', capacityKey(m.queue, 1, provider.id), z.object({ free: z.number() }), {
        consistent: true,
      }))!.free;
    for (let i = 0; i < 10; i++) await market.send(`slot${i}`, 'x');
    const before = await free();
    const request = await market.send('beyond', 'card');
    const taken = await market.head(request);
    expect([taken.slot, taken.overflow, await free()]).toEqual([null, provider.id, before - 1]);
    const incident = await market.declare();
    await market.link(incident.id, { by: 'chosen', requests: [request] });
    await market.sweep();
    expect(await free()).toBe(before);
    await market.customer(request, 'POST /v1/links/{token}/not-solved');
    expect(await market.head(request)).toMatchObject({
      state: 'ready',
      provider: provider.id,
      capacityOf: provider.id,
    });
    expect(await free()).toBe(before - 1);
  });

  it('that a cap held back is told too, and held back again when it comes back', async () => {
    const market = await IncidentMarket.open(engine.tables, 'held');
    const { market: m, company } = market.world;
    must(await putBudget(m.call(), company.id, { currency: 'USD', capMicros: 1_000_000, beyond: 'hold' }));
    const request = await market.send('held', 'card');
    const held = await market.head(request);
    expect(held.state).toBe('held_back');
    const incident = await market.declare();
    await market.link(incident.id, since(market));
    await market.sweep();
    expect(await market.head(request)).toMatchObject({ state: 'linked' });
    expect((await market.head(request)).wpk).toBeUndefined();
    expect(await market.told(request)).toEqual([WORDS]);
    expect(await market.incident(incident.id)).toMatchObject({ linked: 1, avoided: { requests: 1, micros: 0 } });
    const said = await market.customer(request, 'POST /v1/links/{token}/not-solved');
    expect(said.body).toEqual({ state: 'held_back' });
    const { wpk, wsk } = held;
    expect(await market.head(request)).toMatchObject({ state: 'held_back', wpk, wsk });
  });
});

describe('a mail', () => {
  it('says to each linked customer that there is news, where the company has its customers mailed', async () => {
    const market = await IncidentMarket.open(engine.tables, 'mails');
    const { market: m, company, edge } = market.world;
    await putBranding(m.call(), company.id, { ...plainBranding('Acme'), mailWhenResolved: true });
    await market.send('ada', 'card');
    const incident = await market.declare();
    await market.link(incident.id, since(market));
    await market.sweep();
    m.now += 2 * MINUTE;
    edge.now = m.now;
    for (let shard = 0; shard < 4; shard++) await sweepErrands({ ...edge.runtime, tables: m.tables }, m.call(), shard);
    const mails = edge.mails.filter(({ to }) => to === 'ada@example.com');
    expect(mails.map(({ subject }) => subject)).toEqual(['Acme: news of your request']);
    expect(mails[0]?.text).not.toContain(WORDS);
  });
});

describe('a spike', () => {
  /** One request a day and a half ago, then so many within the last hour. */
  async function past(market: IncidentMarket, name: string): Promise<void> {
    await market.send(`${name}-first`, 'x');
  }
  const burst = async (market: IncidentMarket, name: string, count: number, company?: string): Promise<void> => {
    for (let i = 0; i < count; i++) await market.send(`${name}-${i}`, 'card', company);
  };
  const listed = async (market: IncidentMarket): Promise<IncidentView[]> =>
    (await market.call('GET /v1/incidents')).body.items as IncidentView[];

  it('of one company proposes one incident to it, waits in its inbox, and is declared or dismissed', async () => {
    const market = await IncidentMarket.open(engine.tables, 'spike');
    const { market: m, company } = market.world;
    await past(market, 's');
    m.now += 36 * HOUR;
    await burst(market, 's', 7);
    await watchQueue(m.call(), m.queue);
    expect(await listed(market)).toEqual([]);
    await burst(market, 't', 1);
    m.now += MINUTE;
    const call = m.call();
    await watchQueue(call, m.queue);
    expect(call.tables.consumed.writeUnits).toBeGreaterThan(0);
    const [proposed] = await listed(market);
    expect(proposed).toMatchObject({
      state: 'proposed',
      queues: [m.queue],
      title: null,
      seenBy: null,
      linked: 0,
      // The first request came a day and a half ago: none in the day before the hour that is judged.
      spike: { seen: 8, usual: { requests: 0, hours: 24 }, until: iso(m.now) },
    });
    const reader = { kind: 'member', tenant: company.id, user: 'u', roles: ['company.operator'], scopes: 'all' };
    const waiting = async () =>
      (await readInbox(m.call(), reader as never)).items.filter((i) => i.kind === 'incident_proposed');
    expect(await waiting()).toMatchObject([{ facts: { incident: proposed?.id, queue: m.queue, seen: 8 } }]);
    // Seen again, it is the same one, and says the most that was seen.
    await burst(market, 'u', 1);
    m.now += MINUTE;
    await watchQueue(m.call(), m.queue);
    expect(await listed(market)).toMatchObject([{ id: proposed?.id, spike: { seen: 9 } }]);
    const params = { incident: proposed!.id };
    await market.call('POST /v1/incidents/{incident}/dismiss', { params });
    expect(await waiting()).toEqual([]);
    await watchQueue(m.call(), m.queue);
    expect(await listed(market)).toMatchObject([{ id: proposed?.id, state: 'dismissed' }]);
    const named = await market.call('PUT /v1/incidents/{incident}/cause', { params, body: { title: 'x', words: 'y' } });
    expect(named.body.code).toBe('incident_over');
  });

  it('is looked for where requests come in: on one machine the head that is put says when, and nothing is written for it', () => {
    const lpk = 'H#co_ada0000001#mortgage-web#000001';
    const at = Date.parse('2026-02-03T10:00:00Z');
    const due = dueFromWrite('requests', { pk: 'R#co_ada0000001#x', sk: '-', lpk, acceptedAt: at });
    expect(due).toMatchObject([{ due: { kind: 'watch', queue: 'mortgage-web' } }]);
    expect(due[0]!.at - at).toBeGreaterThanOrEqual(0);
    expect(due[0]!.at - at).toBeLessThan(15 * MINUTE);
    expect(dueFromWrite('requests', { pk: 'R#co_ada0000001#x', sk: '-', state: 'linked' })).toEqual([]);
  });

  it('without a day of past is not judged, and a company’s own busy day is its usual', async () => {
    const market = await IncidentMarket.open(engine.tables, 'usual');
    const { market: m } = market.world;
    await past(market, 'first');
    m.now += 20 * HOUR;
    await burst(market, 'early', 8);
    m.now += MINUTE;
    await watchQueue(m.call(), m.queue);
    expect(await listed(market)).toEqual([]);
  });

  it('is judged against the same hour of earlier weeks too: what comes every Tuesday is usual on a Tuesday', async () => {
    const market = await IncidentMarket.open(engine.tables, 'weekly');
    const { market: m } = market.world;
    await past(market, 'w');
    for (const [week, count] of [
      [1, 3],
      [2, 3],
    ] as const) {
      m.now += week === 1 ? 24 * HOUR : 7 * DAY - MINUTE;
      await burst(market, `week${week}`, count);
      m.now += MINUTE;
    }
    m.now += 7 * DAY - MINUTE;
    await burst(market, 'tuesday', 9);
    m.now += MINUTE;
    await watchQueue(m.call(), m.queue);
    // Against the empty day before, eight would do. Of two times three hours with three requests each, it takes twelve.
    expect(await listed(market)).toEqual([]);
    await burst(market, 'more', 2);
    m.now += MINUTE;
    await watchQueue(m.call(), m.queue);
    expect(await listed(market)).toEqual([]);
    await burst(market, 'one', 1);
    m.now += MINUTE;
    await watchQueue(m.call(), m.queue);
    expect(await listed(market)).toMatchObject([{ spike: { seen: 12, usual: { requests: 6, hours: 6 } } }]);
  });

  it('of three companies at once is told to each and to the operator as how many, never which', async () => {
    const market = await IncidentMarket.open(engine.tables, 'together');
    const { market: m, operator } = market.world;
    const others = ['co_second00001', 'co_third000001'];
    await past(market, 'a');
    // Companies without a commitment go to what is free: the provider's ten.
    for (const company of others) await market.send('first', 'x', company);
    m.now += 30 * HOUR;
    for (const company of [undefined, ...others]) await burst(market, 'b', 8, company);
    m.now += MINUTE;
    await watchQueue(m.call(), m.queue);
    expect(await listed(market)).toMatchObject([{ seenBy: 3, spike: { seen: 8 } }]);
    const spikes = await market.call('GET /v1/operator/spikes', { token: operator });
    const own = (spikes.body.items as { queue: string }[]).filter(({ queue }) => queue === m.queue);
    expect(own).toEqual([{ queue: m.queue, from: iso(m.now - HOUR), until: iso(m.now), companies: 3, requests: 24 }]);
    for (const company of others) expect(spikes.text).not.toContain(company);
    // A quarter of an hour later it is the same one.
    m.now += 15 * MINUTE;
    await watchQueue(m.call(), m.queue);
    const { items } = await listSpikes(m.call(), { limit: 50 });
    expect(items.filter(({ queue }) => queue === m.queue)).toMatchObject([{ until: iso(m.now), companies: 3 }]);
    expect((await market.call('GET /v1/operator/spikes')).status).toBe(403);
  });
});

it('a link says by which walk it was made, so that no request is counted twice', async () => {
  const market = await IncidentMarket.open(engine.tables, 'walks');
  const { market: m } = market.world;
  const request = await market.send('a', 'card');
  const incident = await market.declare();
  await market.link(incident.id, since(market));
  await market.sweep();
  await market.link(incident.id, { by: 'chosen', requests: [request] });
  await market.sweep();
  expect((await readLinks(m.call(), incident.id, [request])).get(request)).toMatchObject({ run: 1, cameBackAt: null });
  expect(await market.incident(incident.id)).toMatchObject({ linked: 1, run: { looked: 1, done: 0 } });
});
