/** An incident's whole life through the API: declared, linked, told, come back from, closed; and what it leaves of money. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { readLease } from '../../shared/dispatch/lease.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { resolveTurn } from '../../shared/dispatch/turn.store.ts';
import type { IncidentView, Preview } from '../../shared/incident/incident.ts';
import { DAY, HOUR, iso } from '../../shared/kernel/time.ts';
import { countCompanies } from '../../shared/round/totals.store.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { IncidentMarket, WORDS, WORKS } from '../support/incidents.ts';
import { must } from '../support/round.ts';

let engine: TestTables;
let market: IncidentMarket;
let opened = 0;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  opened += 1;
  market = await IncidentMarket.open(engine.tables, `incidents-${opened}`);
});

/** The bid of 2.00 with the fee of 5 % on it. */
const PRICE = 2_100_000;
const claim = (max: number) => {
  const { market: m, provider } = market.world;
  return claimWork(m.call(), provider.id, [m.queue], max, () => 0.5);
};
const since = (more: object = {}) => ({ by: 'since', since: iso(market.world.market.now - DAY), ...more });
/** Declares an incident and links everything that is open and untouched. */
async function outage(): Promise<IncidentView> {
  const incident = await market.declare();
  expect((await market.link(incident.id, since())).status).toBe(200);
  await market.sweep();
  return market.incident(incident.id);
}

describe('linking', () => {
  it('takes what is open out of its lanes and tells each customer once, whoever asks again', async () => {
    const requests = [await market.send('a', 'My card fails'), await market.send('b', 'Card declined')];
    const incident = await outage();
    expect(incident).toMatchObject({ state: 'declared', linked: 2, cameBack: 0 });
    expect(incident.run).toMatchObject({ kind: 'link', looked: 2, done: 2 });
    expect(incident.run?.finishedAt).not.toBeNull();
    for (const request of requests) {
      expect(await market.head(request)).toMatchObject({ state: 'linked', incident: incident.id });
      expect(await market.told(request)).toEqual([WORDS]);
      const { body } = await market.call('GET /v1/requests/{request}', { params: { request } });
      expect(body).toMatchObject({ state: 'linked', incident: incident.id });
    }
    expect((await claim(5)).work).toEqual([]);
    expect((await market.link(incident.id, since())).status).toBe(200);
    await market.sweep();
    const again = await market.incident(incident.id);
    expect(again).toMatchObject({ linked: 2, run: { looked: 2, done: 0 } });
    expect(await market.told(requests[0]!)).toEqual([WORDS]);
  });

  it('finds by words, leaves alone what somebody works unless asked, and what is resolved always', async () => {
    const [resolved, held] = [await market.send('r', 'card'), await market.send('h', 'card')];
    const { work } = await claim(2);
    const done = work.find(({ lease }) => lease.request === resolved)!.lease;
    const outcome = { code: 'solved' as const, summary: 'Done.', evidence: '' };
    must(await resolveTurn(market.world.market.call(), market.world.provider.id, leaseIdOf(done), outcome));
    const meant = await market.send('m', 'My CARD fails');
    const other = await market.send('o', 'Where is the nearest branch?');
    const incident = await market.declare();
    const preview = async (selection: object): Promise<Preview> => {
      const answer = await market.call('POST /v1/incidents/{incident}/preview', {
        params: { incident: incident.id },
        body: selection,
      });
      expect(answer.status).toBe(200);
      return answer.body as Preview;
    };
    const byWords = await preview(since({ search: 'card fails' }));
    expect(byWords).toMatchObject({ looked: 4, matching: 1, working: 0, isWhole: true });
    expect(byWords.items).toMatchObject([{ request: meant, state: 'queued', text: 'My CARD fails' }]);
    expect((await preview(since())).items.map(({ request }) => request).sort()).toEqual([meant, other].sort());
    expect(await preview(since({ working: true }))).toMatchObject({ matching: 3, working: 1 });
    expect(await preview(since({ since: iso(market.world.market.now + HOUR) }))).toMatchObject({ matching: 0 });
    // Chosen by hand, the turn of whoever works it ends, and no other.
    await market.link(incident.id, { by: 'chosen', requests: [held, resolved] });
    await market.sweep();
    expect((await market.head(held)).state).toBe('linked');
    expect((await market.head(resolved)).state).toBe('leased');
    const turn = work.find(({ lease }) => lease.request === held)!.lease;
    expect(await readLease(market.world.market.call(), leaseIdOf(turn), { consistent: true })).toMatchObject({
      state: 'cancelled',
      reason: 'linked to an incident',
    });
    expect(await market.incident(incident.id)).toMatchObject({ linked: 1, run: { looked: 2, done: 1 } });
    expect(await market.told(resolved)).toEqual([]);
  });

  it('walks over more than one batch, and refuses another walk meanwhile', async () => {
    for (let i = 0; i < 27; i++) await market.send(`n${i}`, 'card');
    const incident = await market.declare();
    await market.link(incident.id, since());
    expect((await market.link(incident.id, since())).status).toBe(200);
    const other = await market.link(incident.id, since({ search: 'x' }));
    expect([other.status, other.body.code]).toEqual([409, 'still_running']);
    const early = await market.call('POST /v1/incidents/{incident}/close', {
      params: { incident: incident.id },
      body: { words: WORKS },
    });
    expect(early.body.code).toBe('still_running');
    await market.sweep();
    // Ten slots and the rest of the provider's twenty took twenty of them.
    expect(await market.incident(incident.id)).toMatchObject({ linked: 20, run: { looked: 27, done: 20 } });
  });

  it('refuses another company’s requests as if they were none', async () => {
    const incident = await market.declare();
    const theirs = `co_other00001.${'A'.repeat(22)}`;
    expect((await market.link(incident.id, { by: 'chosen', requests: [theirs] })).body.code).toBe('not_found');
  });
});

describe('a customer of a linked request', () => {
  it('reads the company’s words on the page, and that it works again once it is closed', async () => {
    const request = await market.send('a', 'card');
    const incident = await outage();
    const before = await market.customer(request, 'GET /v1/links/{token}');
    expect(before.body).toMatchObject({
      state: 'linked',
      incident: { title: 'Card payments fail', words: WORDS, closedAt: null, closingWords: null },
    });
    const params = { incident: incident.id };
    const closed = await market.call('POST /v1/incidents/{incident}/close', { params, body: { words: WORKS } });
    expect(closed.body).toMatchObject({ state: 'closed', run: { kind: 'close', finishedAt: null } });
    await market.sweep();
    expect((await market.customer(request, 'GET /v1/links/{token}')).body.incident).toMatchObject({
      closingWords: WORKS,
      closedAt: iso(market.world.market.now),
    });
    expect(await market.told(request)).toEqual([WORDS, WORKS]);
    const again = await market.call('POST /v1/incidents/{incident}/close', { params, body: { words: WORKS } });
    expect(again.status).toBe(200);
    await market.sweep();
    expect(await market.told(request)).toEqual([WORDS, WORKS]);
    expect((await market.link(incident.id, since())).body.code).toBe('incident_over');
  });

  it.each([
    ['says that it is not solved', 'POST /v1/links/{token}/not-solved'],
    ['asks for a person', 'POST /v1/links/{token}/person'],
  ])('who %s has it worked, at its slot and price, with a new deadline', async (_, routeKey) => {
    const request = await market.send('a', 'card');
    const first = await market.head(request);
    const incident = await outage();
    market.world.market.now += 5 * HOUR;
    const said = await market.customer(request, routeKey);
    expect([said.status, said.body]).toEqual([200, { state: 'queued' }]);
    expect((await market.customer(request, routeKey)).body).toEqual({ state: 'queued' });
    const back = await market.head(request);
    expect(back).toMatchObject({ state: 'ready', slot: first.slot, priceMicros: PRICE, provider: first.provider });
    expect(back.deadline).toBe(first.deadline + 5 * HOUR);
    expect(back.personOnly).toBe(routeKey.endsWith('person'));
    expect((await claim(1)).work.map(({ lease }) => lease.request)).toEqual([request]);
    expect(await market.incident(incident.id)).toMatchObject({
      linked: 1,
      cameBack: 1,
      avoided: { requests: 0, micros: 0 },
    });
  });

  it('who writes again about the same thing comes back with both messages, and not twice', async () => {
    const request = await market.send('a', 'card');
    await outage();
    const { market: m, company } = market.world;
    const input = {
      externalId: 'again',
      queue: m.queue,
      customer: 'a@example.com',
      text: 'It is something else',
      fields: {},
    };
    const { body } = await market.call('POST /v1/requests', { body: input });
    expect(body).toMatchObject({ id: request, state: 'queued' });
    expect(company.id).toBe(request.split('.')[0]);
    const repeat = await market.call('POST /v1/requests', { body: input });
    expect(repeat.body).toMatchObject({ id: request, state: 'queued' });
    expect((await claim(5)).work).toHaveLength(1);
  });

  it('who was taken out by the company is told nothing more than the others', async () => {
    const [a, b] = [await market.send('a', 'card'), await market.send('b', 'card')];
    const incident = await outage();
    const unlink = () =>
      market.call('POST /v1/incidents/{incident}/unlink', {
        params: { incident: incident.id },
        body: { requests: [a] },
      });
    expect((await unlink()).body).toMatchObject({ linked: 2, cameBack: 1, avoided: { requests: 1, micros: PRICE } });
    expect((await unlink()).body).toMatchObject({ cameBack: 1 });
    expect([(await market.head(a)).state, (await market.head(b)).state]).toEqual(['ready', 'linked']);
    // Linked again by hand, it counts once more, and its customer has been told already.
    await market.link(incident.id, { by: 'chosen', requests: [a] });
    await market.sweep();
    expect(await market.incident(incident.id)).toMatchObject({ linked: 3, cameBack: 1, avoided: { requests: 2 } });
    expect(await market.told(a)).toEqual([WORDS]);
  });

  it('comes back within the reopen window only; so long the round is open, then it is counted as linked and not as sent', async () => {
    const request = await market.send('a', 'card');
    const late = await market.send('b', 'card');
    await outage();
    const { market: m, company } = market.world;
    const head = await market.head(late);
    const until = m.now + Number(head.windowClass.split('-')[1]) * HOUR;
    m.now = until - 1;
    expect(await countCompanies(m.call(), [company.id], m.queue, 1)).toEqual({ counted: [], openUntil: until });
    expect((await market.customer(request, 'POST /v1/links/{token}/not-solved')).status).toBe(200);
    const { body } = await market.call('POST /v1/requests/{request}/cancel', { params: { request } });
    expect(body).toMatchObject({ state: 'cancelled' });
    m.now = until;
    const said = await market.customer(late, 'POST /v1/links/{token}/not-solved');
    expect([said.status, said.body.code]).toEqual([409, 'window_passed']);
    expect(await countCompanies(m.call(), [company.id], m.queue, 1)).toMatchObject({
      counted: [{ accepted: 2, linked: 1, cancelled: 1, sent: 0, charged: 0 }],
      openUntil: null,
    });
  });
});

describe('an incident', () => {
  it('is declared once for its externalId; other content is a conflict, and an unknown queue is named', async () => {
    const first = await market.declare();
    expect((await market.declare()).id).toBe(first.id);
    const body = {
      externalId: 'outage',
      queues: [market.world.market.queue],
      title: 'Another',
      words: 'x',
      since: iso(0),
    };
    expect((await market.call('POST /v1/incidents', { body })).body.code).toBe('external_id_conflict');
    const unknown = await market.call('POST /v1/incidents', {
      body: { ...body, externalId: 'u', queues: ['nowhere'] },
    });
    expect([unknown.status, unknown.body.field]).toEqual([404, 'queues']);
    const { body: list } = await market.call('GET /v1/incidents');
    expect((list.items as IncidentView[]).map(({ id }) => id)).toEqual([first.id]);
  });

  it('tells those who are linked later its newer words, and a declared one cannot be dismissed', async () => {
    const a = await market.send('a', 'card');
    const incident = await outage();
    const params = { incident: incident.id };
    const named = await market.call('PUT /v1/incidents/{incident}/cause', {
      params,
      body: { title: 'Cards fail in Europe', words: 'It is one bank.' },
    });
    expect(named.body).toMatchObject({ title: 'Cards fail in Europe', state: 'declared' });
    const b = await market.send('b', 'card');
    await market.link(incident.id, since());
    await market.sweep();
    expect([await market.told(a), await market.told(b)]).toEqual([[WORDS], ['It is one bank.']]);
    expect((await market.call('POST /v1/incidents/{incident}/dismiss', { params })).body.code).toBe('incident_over');
  });

  it('of one company is to another as if it did not exist', async () => {
    const incident = await market.declare();
    const other = await IncidentMarket.open(engine.tables, `others-${opened}`);
    const token = other.world.company.token;
    const seen = await market.call('GET /v1/incidents/{incident}', { token, params: { incident: incident.id } });
    expect([seen.status, seen.body.code]).toEqual([404, 'not_found']);
  });
});
