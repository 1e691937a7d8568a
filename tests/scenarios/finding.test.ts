/** How a company finds its requests again through the API: by time, by customer, by what was said; and who serves it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as exportApi } from '../../functions/api/export.ts';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as threadApi } from '../../functions/api/thread.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { erase } from '../../shared/customer/erase.store.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { DisputedMarket, type Party } from '../support/disputes.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';

let engine: TestTables;
let world: DisputedMarket;
let rival: DisputedMarket;
beforeAll(async () => {
  engine = await startTestTables();
  world = await DisputedMarket.open(engine.tables, 'finding');
  rival = await DisputedMarket.open(engine.tables, 'rival');
});
afterAll(() => engine.stop());

let sent = 0;
async function send(customer: string, text = 'Hello', fields = {}) {
  await world.advance(world.market.now + MINUTE);
  const input = { externalId: `finding-${++sent}`, queue: world.market.queue, customer, text, fields };
  return must(await acceptRequest(world.market.call(), world.company.id, input, null)).view.id;
}

type Given = { query?: Record<string, string>; params?: Record<string, string>; body?: unknown };
async function ask(handler: unknown, route: string, as: Party, given: Given) {
  provideRuntime({ ...world.edge.runtime, tables: world.market.tables });
  return world.edge.call(handler, route, { token: as.token, ...given });
}

/** All pages of two; the ids in their order. */
async function pages(route: string, as: Party, given: Given): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { ...given.query, limit: '2', ...(cursor === null ? {} : { cursor }) };
    const { status, body } = await ask(companyApi, route, as, { ...given, query });
    expect(status).toBe(200);
    ids.push(...(body.items as { id: string }[]).map(({ id }) => id));
    cursor = body.next as string | null;
  } while (cursor !== null);
  return ids;
}

describe('a company', () => {
  it('lists its requests from either end, each once over all pages', async () => {
    const made = [await send('a@mail.example'), await send('b@mail.example'), await send('c@mail.example')];
    const query = { queue: world.market.queue, round: '1' };
    const oldest = await pages('GET /v1/requests', world.company, { query });
    expect(oldest).toEqual(made);
    expect(await pages('GET /v1/requests', world.company, { query: { ...query, order: 'newest' } })).toEqual(
      made.toReversed(),
    );
  });

  it('finds those in a state among all of a round, and in its file those that stand so in money', async () => {
    const [first, second] = [await send('x@mail.example'), await send('y@mail.example')];
    for (let n = 0; n < 5; n++) await send(`between-${n}@mail.example`);
    const last = await send('z@mail.example');
    for (const request of [first, last]) {
      const gone = await ask(companyApi, 'POST /v1/requests/{request}/cancel', world.company, { params: { request } });
      expect(gone.status).toBe(200);
    }
    const query = { queue: world.market.queue, round: '1' };
    const inState = (state: string) => pages('GET /v1/requests', world.company, { query: { ...query, state } });
    expect(await inState('cancelled')).toEqual([first, last]);
    const queued = await inState('queued');
    expect([queued.includes(second), queued.includes(first), queued.includes(last)]).toEqual([true, false, false]);
    expect(await inState('settled')).toEqual([]);
    const file = { params: { kind: 'requests' }, query: { ...query, stand: 'not_billed' } };
    const { text } = await ask(exportApi, 'GET /v1/exports/{kind}/ndjson', world.company, file);
    const lines = text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { request: string }).request)).toEqual([first, last]);
  });

  it('finds what a customer asked however the handle is written, and none of another company’s', async () => {
    const asked = await send('Ada@Mail.example');
    await send('bob@mail.example');
    const search = 'POST /v1/requests/search';
    const body = { customer: ' ADA@mail.example' };
    expect(await pages(search, world.company, { body })).toEqual([asked]);
    expect(await pages(search, rival.company, { body })).toEqual([]);
    expect(await pages(search, world.company, { body: { customer: 'nobody@mail.example' } })).toEqual([]);
  });

  it('reads the words it sent, which is noted, and nothing once its customer had them erased', async () => {
    const id = await send('eve@mail.example', 'My number is +1 212 555 0100', { order: '7' });
    const params = { request: id };
    const words = await ask(threadApi, 'GET /v1/requests/{request}/words', world.company, { params });
    expect(words).toMatchObject({
      status: 200,
      body: {
        customer: 'eve@mail.example',
        text: 'My number is +1 212 555 0100',
        fields: { order: '7' },
        erasedAt: null,
      },
    });
    const log = await ask(threadApi, 'GET /v1/requests/{request}/access', world.company, { params });
    expect(log.body.items).toMatchObject([{ who: 'company', organisation: world.company.id, what: 'words' }]);
    expect((await ask(threadApi, 'GET /v1/requests/{request}/words', rival.company, { params })).status).toBe(404);

    const head = (await readHead(world.market.call(), id, { consistent: true }))!;
    await erase(world.market.call(), world.edge.runtime.files, head);
    const after = await ask(threadApi, 'GET /v1/requests/{request}/words', world.company, { params });
    expect(after.body).toMatchObject({ customer: '', text: '', fields: {} });
    expect(after.body.erasedAt).not.toBeNull();
  });

  it('learns the name of who serves it; nobody learns a company’s', async () => {
    const name = async (organisation: string, as: Party) =>
      (await ask(marketApi, 'GET /v1/organisations/{organisation}/reputation', as, { params: { organisation } })).body
        .name;
    expect(await name(world.provider.id, world.company)).toBe('bob-of-finding');
    expect(await name(world.company.id, world.provider)).toBeNull();
  });
});
