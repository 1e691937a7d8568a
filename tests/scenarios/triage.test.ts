/** Requests that name no queue: sorted by what they say, asked for where that is not sure, corrected by the company. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../functions/api/company.ts';
import { loadTriageModel } from '../../functions/triage-model.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import { RequestInput } from '../../shared/request/request.ts';
import { acceptTriaged } from '../../shared/triage/intake.store.ts';
import { addCorrections, clearCorrections, forgetText, readCorrections } from '../../shared/triage/triage.store.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables } from '../support/engine.ts';
import { must, TestMarket } from '../support/round.ts';

const COMPANY = 'co_tri0000001';
const OTHER = 'co_tri0000002';
const CARD = 'My new card still has not arrived, it has been two weeks';
const POINTS = [
  'How many loyalty points do I have?',
  'My bonus points are missing',
  'Can I spend my points on a flight?',
];

let engine: Awaited<ReturnType<typeof startTestTables>>;
let market: TestMarket;
const queues: Record<string, string> = {};

beforeAll(async () => {
  engine = await startTestTables();
  market = new TestMarket(engine.tables);
  for (const category of ['Card arrival', 'Exchange rate', 'Loyalty points']) {
    await market.open(category);
    queues[category] = market.queue;
    for (const company of [COMPANY, OTHER]) await market.commit(company, 10);
  }
});
afterAll(() => engine.stop());

const input = (externalId: string, more: object = {}) =>
  RequestInput.parse({ externalId, customer: `customer of ${externalId}`, ...more });
const send = (externalId: string, more: object, company = COMPANY, call = market.call()) =>
  acceptTriaged(call, company, input(externalId, more), null, loadTriageModel);
const correct = async (text: string, category: string, company = COMPANY) =>
  addCorrections(market.call(), company, [{ text, category }], await loadTriageModel());

describe('a request without a queue', () => {
  it('goes to the queue of what its text is about', async () => {
    expect(must(await send('t1', { text: CARD })).view.queue).toBe(queues['Card arrival']);
  });

  it('goes to the queue of the category it names, whatever its text', async () => {
    expect(must(await send('t2', { text: CARD, category: 'Exchange rate' })).view.queue).toBe(queues['Exchange rate']);
  });

  it('is asked for where the text is not clear, with suggestions, and nothing is kept of it', async () => {
    const asked = await send('t3', { text: 'Please help me' });
    expect(asked).toMatchObject({ ok: false, code: 'needs_category', retryable: false });
    const { suggestions } = (asked as unknown as { extra: { suggestions: { category: string }[] } }).extra;
    expect(suggestions.map(({ category }) => category).sort()).toEqual(Object.keys(queues).sort());
    // Named now, the same id is free.
    expect(must(await send('t3', { text: 'Please help me', queue: queues['Exchange rate'] })).view.externalId).toBe(
      't3',
    );
  });

  it('is asked for where nothing is said, and where the category is not one of the company', async () => {
    expect(await send('t4', {})).toMatchObject({ code: 'needs_category' });
    expect(await send('t4', { category: 'Mortgage' })).toMatchObject({ code: 'needs_category' });
    expect(await send('t4', { text: CARD }, 'co_stranger01')).toMatchObject({ code: 'needs_category' });
  });

  it('is answered again as it was, whatever was corrected since; with other content it is a conflict', async () => {
    const before = must(await send('t5', { text: CARD }, OTHER)).view;
    await correct(CARD, 'Exchange rate', OTHER);
    expect(must(await send('t5', { text: CARD }, OTHER)).view).toEqual(before);
    expect(must(await send('t6', { text: CARD }, OTHER)).view.queue).toBe(queues['Exchange rate']);
    expect(await send('t5', { text: `${CARD}!` }, OTHER)).toMatchObject({ code: 'external_id_conflict' });
    await clearCorrections(market.call(), OTHER);
  });
});

describe('a request that names its queue', () => {
  it('costs no read and no write for triage', async () => {
    await correct(CARD, 'Card arrival');
    const named = market.call();
    // What both ways remember afterwards is read here.
    await send('u0', { text: CARD });
    await send('u1', { text: CARD, queue: queues['Card arrival'] });
    await send('u2', { text: CARD, queue: queues['Card arrival'] }, COMPANY, named);
    const triaged = market.call();
    await send('u3', { text: CARD }, COMPANY, triaged);
    // The head by its externalId and the counter of corrections, half a unit each.
    expect(triaged.tables.consumed.readUnits - named.tables.consumed.readUnits).toBe(1);
    expect(triaged.tables.consumed.writeUnits).toBe(named.tables.consumed.writeUnits);
    await clearCorrections(market.call(), COMPANY);
  });
});

describe('corrections', () => {
  it('teach a new category, count for their company alone, and can be taken back', async () => {
    const twin = 'My bonus points are missing!';
    expect(await send('v1', { text: twin })).toMatchObject({ code: 'needs_category' });
    const model = await loadTriageModel();
    const corrections = POINTS.map((text) => ({ text, category: 'Loyalty points' }));
    await addCorrections(market.call(), COMPANY, corrections, model);
    expect(must(await send('v1', { text: twin })).view.queue).toBe(queues['Loyalty points']);
    expect(await send('v1', { text: twin }, OTHER)).toMatchObject({ code: 'needs_category' });
    await clearCorrections(market.call(), COMPANY);
    expect(await send('v2', { text: twin })).toMatchObject({ code: 'needs_category' });
    expect((await readCorrections(market.call(), COMPANY)).remembered).toBe(0);
  });

  it('said again change nothing; the newest word on a text counts; one text can be forgotten', async () => {
    await correct(CARD, 'Loyalty points');
    await correct(CARD, 'Loyalty points');
    await correct(`${CARD.toUpperCase()} …`, 'Exchange rate');
    const { remembered, categories } = await readCorrections(market.call(), COMPANY);
    expect({ remembered, categories }).toEqual({
      remembered: 1,
      categories: [{ category: 'Exchange rate', texts: 1 }],
    });
    await correct('Something else', 'Exchange rate');
    await forgetText(market.call(), COMPANY, CARD);
    expect((await readCorrections(market.call(), COMPANY)).remembered).toBe(1);
    expect(must(await send('w1', { text: CARD })).view.queue).toBe(queues['Card arrival']);
    await clearCorrections(market.call(), COMPANY);
  });

  it('are the newest 256', async () => {
    const model = await loadTriageModel();
    for (let first = 0; first < 275; first += 25) {
      const some = Array.from({ length: 25 }, (_, i) => ({
        text: `text number x${first + i}`,
        category: 'Exchange rate',
      }));
      await addCorrections(market.call(), OTHER, some, model);
    }
    expect((await readCorrections(market.call(), OTHER)).remembered).toBe(256);
    await clearCorrections(market.call(), OTHER);
  });

  it('of two callers at once are both remembered', async () => {
    await Promise.all(POINTS.map((text) => correct(text, 'Loyalty points')));
    expect((await readCorrections(market.call(), COMPANY)).remembered).toBe(3);
    await clearCorrections(market.call(), COMPANY);
  });
});

describe('the API', () => {
  it('sorts, asks, takes corrections by text and by request, each company its own', async () => {
    const edge = new TestEdge(market.tables);
    edge.now = market.now;
    const { tables } = edge.runtime;
    const person = { user: 'ada', email: 'ada@example.com', roles: ['company.operator' as const] };
    await addMember(tables, COMPANY, person, market.now);
    await addMember(tables, OTHER, { ...person, user: 'bob' }, market.now);
    const [ada, bob] = [edge.person('ada'), edge.person('bob')];
    const sorted = await edge.call(handler, 'POST /v1/triage', { token: ada, body: { text: CARD } });
    expect(sorted).toMatchObject({ status: 200, body: { queue: queues['Card arrival'] } });
    const unknown = { text: CARD, queues: ['no-such-queue'] };
    expect((await edge.call(handler, 'POST /v1/triage', { token: ada, body: unknown })).status).toBe(404);
    const { id } = must(await send('x1', { text: CARD })).view;
    const body = { corrections: [{ request: id, category: 'Exchange rate' }] };
    const corrected = await edge.call(handler, 'POST /v1/triage/corrections', { token: ada, body });
    expect(corrected).toMatchObject({ status: 200, body: { remembered: 1 } });
    expect((await edge.call(handler, 'POST /v1/triage/corrections', { token: bob, body })).status).toBe(404);
    edge.now += MINUTE;
    const again = await edge.call(handler, 'POST /v1/triage', { token: ada, body: { text: CARD } });
    expect(again.body).toMatchObject({ queue: queues['Exchange rate'] });
    const other = await edge.call(handler, 'POST /v1/triage', { token: bob, body: { text: CARD } });
    expect(other.body).toMatchObject({ queue: queues['Card arrival'] });
    expect((await edge.call(handler, 'DELETE /v1/triage/corrections', { token: ada })).status).toBe(204);
  });
});
