/** The thread, playbook and attachments through the API: who sees what, whose they are, and files over real HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as thread } from '../../functions/api/thread.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { endTurn } from '../../shared/dispatch/turn.store.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { sign } from '../../shared/kernel/sign.ts';
import { HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { type Answer, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { serveFiles, type UploadForm, upload } from '../support/files.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const RIVAL = 'co_bbbb000002';
const POOL = 'pr_pool000001';
const OTHER = 'pr_pool000002';
const PNG = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
  0, 0, 0,
]);

let engine: TestTables;
let edge: TestEdge;
let market: TestMarket;
let stopFiles = () => {};
const tokens: Record<string, string> = {};
let serial = 0;

beforeAll(async () => {
  engine = await startTestTables();
  market = new TestMarket(engine.tables);
  await market.open('thread-api');
  await market.commit(COMPANY, 40);
  await market.bid(POOL, 'agent_pool', { capacity: 40, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  edge = new TestEdge(engine.tables);
  edge.now = market.now;
  const people: [string, string, Role][] = [
    ['operator', COMPANY, 'company.operator'],
    ['finance', COMPANY, 'company.finance'],
    ['rival', RIVAL, 'company.admin'],
    ['agent', POOL, 'provider.agent'],
    ['stranger', OTHER, 'provider.agent'],
  ];
  for (const [user, tenant, role] of people) {
    await addMember(engine.tables, tenant, { user, email: null, roles: [role] }, edge.now);
    tokens[user] = edge.person(user);
  }
  stopFiles = await serveFiles(edge);
}, 120_000);
afterAll(async () => {
  stopFiles();
  await engine.stop();
});

/** A request with the turn of the pool at it, and its customer's link. */
async function worked(text = 'Hello, ada@example.com') {
  const input = {
    externalId: `t${++serial}`,
    queue: market.queue,
    customer: `ada${serial}@example.com`,
    text,
    fields: {},
  };
  const request = must(await acceptRequest(market.call(), COMPANY, input, null)).view.id;
  const { work } = await claimWork(market.call(), POOL, [market.queue], 10, Math.random, 'agent');
  const lease = leaseIdOf(work.find(({ head }) => head.id === request)!.lease);
  const link = await sign(edge.runtime.signingKey, 'link', { request, exp: edge.now + HOUR });
  return { request, lease, link };
}
type Worked = Awaited<ReturnType<typeof worked>>;

const call = (
  route: string,
  params: Record<string, string>,
  more: { as?: string; body?: unknown; query?: Record<string, string> } = {},
): Promise<Answer> =>
  edge.call(thread, route, {
    params,
    ...(more.as === undefined ? {} : { token: tokens[more.as] ?? '' }),
    ...(more.body === undefined ? {} : { body: more.body }),
    ...(more.query === undefined ? {} : { query: more.query }),
  });
const inOrder = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const items = (answer: Answer) => answer.body.items as Record<string, unknown>[];
const companySays = ({ request }: Worked, body: unknown, as = 'operator') =>
  call('POST /v1/requests/{request}/messages', { request }, { as, body });
const agentSays = ({ lease }: Worked, body: unknown, as = 'agent') =>
  call('POST /v1/leases/{lease}/messages', { lease }, { as, body });
const customerSays = ({ link }: Worked, body: unknown) =>
  call('POST /v1/links/{token}/messages', { token: link }, { body });

describe('a thread', () => {
  it('is seen by each as is right: notes never by customers, names within one’s own house, personal data by the company', async () => {
    const one = await worked();
    expect((await customerSays(one, { externalId: 'c1', text: 'Write to ada@example.com' })).status).toBe(201);
    expect((await agentSays(one, { externalId: 'p1', text: 'Which account?' })).status).toBe(201);
    expect((await companySays(one, { externalId: 'o1', kind: 'note', text: 'A good customer' })).status).toBe(201);
    const company = await call('GET /v1/requests/{request}/messages', { request: one.request }, { as: 'finance' });
    expect(
      items(company)
        .map(({ author, text, organisation, user }) => [author, text, organisation, user])
        .sort(inOrder),
    ).toEqual([
      ['agent', 'Which account?', POOL, null],
      ['company', 'A good customer', COMPANY, 'operator'],
      ['customer', 'Write to ada@example.com', null, null],
    ]);
    const agent = await call('GET /v1/leases/{lease}/messages', { lease: one.lease }, { as: 'agent' });
    expect(
      items(agent)
        .map(({ author, text, organisation, user }) => [author, text, organisation, user])
        .sort(inOrder),
    ).toEqual([
      ['agent', 'Which account?', POOL, 'agent'],
      ['company', 'A good customer', null, null],
      ['customer', 'Write to [e-mail]', null, null],
    ]);
    const customer = await call('GET /v1/links/{token}/messages', { token: one.link });
    expect(
      items(customer)
        .map(({ author, text, organisation }) => [author, text, organisation])
        .sort(inOrder),
    ).toEqual([
      ['agent', 'Which account?', null],
      ['customer', 'Write to ada@example.com', null],
    ]);
    const work = await call('GET /v1/leases/{lease}/work', { lease: one.lease }, { as: 'agent' });
    expect(work.body).toMatchObject({ category: 'thread-api', text: 'Hello, [e-mail]' });
    const access = await call('GET /v1/requests/{request}/access', { request: one.request }, { as: 'operator' });
    expect(
      items(access)
        .map(({ who, organisation, user, what }) => [who, organisation, user, what])
        .sort(inOrder),
    ).toEqual([
      ['agent', POOL, null, 'thread'],
      ['agent', POOL, null, 'words'],
      ['agent', POOL, null, 'words'],
      ['company', COMPANY, 'finance', 'thread'],
    ]);
  });

  it('is as if it did not exist for every other tenant', async () => {
    const one = await worked();
    const say = { externalId: 'x', text: 'x' };
    for (const [route, params, as, body] of [
      ['POST /v1/requests/{request}/messages', { request: one.request }, 'rival', say],
      ['GET /v1/requests/{request}/messages', { request: one.request }, 'rival', undefined],
      ['GET /v1/requests/{request}/access', { request: one.request }, 'rival', undefined],
      [
        'POST /v1/requests/{request}/attachments',
        { request: one.request },
        'rival',
        { name: 'a', type: 'image/png', sizeBytes: 9 },
      ],
      ['POST /v1/leases/{lease}/messages', { lease: one.lease }, 'stranger', say],
      ['GET /v1/leases/{lease}/messages', { lease: one.lease }, 'stranger', undefined],
      ['GET /v1/leases/{lease}/work', { lease: one.lease }, 'stranger', undefined],
      ['GET /v1/leases/{lease}/playbook', { lease: one.lease }, 'stranger', undefined],
      [
        'POST /v1/leases/{lease}/attachments',
        { lease: one.lease },
        'stranger',
        { name: 'a', type: 'image/png', sizeBytes: 9 },
      ],
      ['GET /v1/queues/{queue}/playbook', { queue: market.queue }, 'rival', undefined],
    ] as const)
      expect((await call(route, params, { as, ...(body === undefined ? {} : { body }) })).body.code, route).toBe(
        'not_found',
      );
    expect((await companySays(one, say, 'agent')).body.code).toBe('forbidden');
    expect((await companySays(one, say, 'finance')).body.code).toBe('forbidden');
  });

  it('is paged by signed cursors, and refuses an empty message, an unknown one’s attachment and another content under one id', async () => {
    const one = await worked();
    for (let i = 0; i < 5; i++) {
      edge.now += 1;
      await companySays(one, { externalId: `m${i}`, text: `${i}` });
    }
    const page = (query: Record<string, string>) =>
      call('GET /v1/requests/{request}/messages', { request: one.request }, { as: 'operator', query });
    const first = await page({ limit: '2', order: 'newest' });
    expect(items(first).map(({ text }) => text)).toEqual(['4', '3']);
    const second = await page({ limit: '2', order: 'newest', cursor: String(first.body.next) });
    expect(items(second).map(({ text }) => text)).toEqual(['2', '1']);
    expect((await page({ order: 'oldest', cursor: String(first.body.next) })).body.code).toBe('invalid_request');
    expect((await companySays(one, { externalId: 'e', text: '  ' })).body.errors).toEqual([
      { field: 'text', message: 'must not be empty where nothing is attached' },
    ]);
    expect((await companySays(one, { externalId: 'm1', text: 'other' })).body.code).toBe('message_conflict');
    const attached = { externalId: 'a', attachments: ['a'.repeat(22)] };
    expect((await companySays(one, attached)).body.code).toBe('attachment_not_ready');
  });

  it('read since a time that has not come is empty', async () => {
    const one = await worked();
    await companySays(one, { externalId: 'now', text: 'Now' });
    const since = new Date(edge.now + HOUR).toISOString();
    for (const [route, params, as] of [
      ['GET /v1/leases/{lease}/messages', { lease: one.lease }, 'agent'],
      ['GET /v1/requests/{request}/messages', { request: one.request }, 'operator'],
    ] as const) {
      expect((await call(route, params, { as })).body.items).toHaveLength(1);
      expect(await call(route, params, { as, query: { since } })).toMatchObject({ status: 200, body: { items: [] } });
    }
  });

  it('lets one link say thirty things at once, and then one a minute', async () => {
    const one = await worked();
    const answers: number[] = [];
    for (let i = 0; i < 31; i++) answers.push((await customerSays(one, { externalId: `${i}`, text: 'x' })).status);
    expect(answers).toEqual([...Array<number>(30).fill(201), 429]);
    edge.machineNow += MINUTE;
    expect((await customerSays(one, { externalId: '31', text: 'x' })).status).toBe(201);
  });
});

describe('a playbook', () => {
  it('is put, previewed on a request, and read by whoever holds a turn claimed under it', async () => {
    const before = await worked();
    const put = (body: unknown) =>
      call('PUT /v1/queues/{queue}/playbook', { queue: market.queue }, { as: 'operator', body });
    const unsafe = await put({ links: [{ title: 'x', url: 'http://example.com' }] });
    expect(unsafe.body.code).toBe('invalid_request');
    const made = await put({
      sections: [{ title: 'Tone', markdown: 'Kind.' }],
      shows: { fields: [], personalData: true },
    });
    expect(made.body).toMatchObject({ version: 1, queue: market.queue, shows: { attachments: true } });
    const preview = await call(
      'GET /v1/queues/{queue}/playbook/preview',
      { queue: market.queue },
      { as: 'operator', query: { request: before.request } },
    );
    expect(preview.body).toMatchObject({
      playbook: { version: 1 },
      request: { text: 'Hello, ada@example.com', fields: {} },
    });
    const turnOf = ({ lease }: Worked) => call('GET /v1/leases/{lease}/playbook', { lease }, { as: 'agent' });
    expect((await turnOf(before)).body.code).toBe('not_found');
    // What the market's own tables remember of the company's rules is five seconds old at the most.
    edge.machineNow += 6_000;
    const after = await worked();
    expect((await turnOf(after)).body).toMatchObject({ version: 1, sections: [{ title: 'Tone' }] });
    expect((await put({ sections: [], replaces: 0 })).body).toMatchObject({ code: 'playbook_changed', version: 1 });
    await put({ sections: [{ title: 'Tone', markdown: 'Kinder.' }] });
    const old = await call(
      'GET /v1/queues/{queue}/playbook',
      { queue: market.queue },
      { as: 'finance', query: { version: '1' } },
    );
    expect(old.body).toMatchObject({ version: 1, sections: [{ markdown: 'Kind.' }] });
    edge.machineNow += 6_000;
  });
});

describe('an attachment', () => {
  const file = { name: 'Beleg für Ada.png', type: 'image/png', sizeBytes: PNG.length };
  const ask = async ({ link }: Worked, body: unknown = file) =>
    (await call('POST /v1/links/{token}/attachments', { token: link }, { body })).body as UploadForm;
  const complete = ({ link }: Worked, attachment: string) =>
    call('POST /v1/links/{token}/attachments/{attachment}/complete', { token: link, attachment });

  it('of a customer is uploaded, checked, attached, and fetched by all who may, as a file to be saved', async () => {
    const one = await worked();
    const asked = await ask(one);
    expect((await complete(one, asked.attachment)).body.code).toBe('attachment_missing');
    expect(await upload(asked, PNG)).toBe(204);
    expect((await complete(one, asked.attachment)).body).toEqual({ id: asked.attachment, ...file });
    const body = { externalId: 'c', attachments: [asked.attachment] };
    expect((await customerSays(one, body)).body.attachments).toEqual([{ id: asked.attachment, ...file }]);
    // What is uploaded afterwards, under a form that still works, changes nothing.
    await upload(
      asked,
      PNG.map((byte, i) => (i > 20 ? 0 : byte)),
    );
    const seen = { lease: one.lease, attachment: asked.attachment };
    const link = await call('GET /v1/leases/{lease}/attachments/{attachment}', seen, { as: 'agent' });
    const fetched = await fetch(String(link.body.url));
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(PNG);
    expect(fetched.headers.get('content-disposition')).toMatch(/^attachment; filename="Beleg f_r Ada.png"/);
    expect(fetched.headers.get('content-type')).toBe('image/png');
    edge.machineNow += 5 * MINUTE;
    expect((await fetch(String(link.body.url))).status).toBe(403);
    await endTurn(market.call(), POOL, one.lease, 'declined', 'not ours');
    const late = await call('GET /v1/leases/{lease}/attachments/{attachment}', seen, { as: 'agent' });
    expect(late.body.code).toBe('lease_ended');
    const ofCompany = { request: one.request, attachment: asked.attachment };
    expect(
      (await call('GET /v1/requests/{request}/attachments/{attachment}', ofCompany, { as: 'operator' })).status,
    ).toBe(200);
    const access = await call('GET /v1/requests/{request}/access', { request: one.request }, { as: 'operator' });
    expect(
      items(access)
        .filter(({ what }) => what === 'attachment')
        .map(({ who }) => who)
        .sort(inOrder),
    ).toEqual(['agent', 'company']);
  });

  it('is refused where its content is not what was said, and where its form was changed, is another’s, or has ended', async () => {
    const one = await worked();
    const html = new TextEncoder().encode('<script>alert(1)</script>'.padEnd(PNG.length, '.').slice(0, PNG.length));
    const asked = await ask(one);
    expect(await upload(asked, html)).toBe(204);
    expect((await complete(one, asked.attachment)).body).toMatchObject({ code: 'attachment_mismatch', status: 422 });
    expect(await upload(asked, PNG.subarray(1))).toBe(400);
    expect(await upload(asked, PNG, { 'Content-Type': 'text/plain' })).toBe(403);
    expect(await upload(asked, PNG, { key: `${one.request}/${'b'.repeat(22)}` })).toBe(403);
    expect(await upload(asked, PNG, { policy: 'e30.AAAA' })).toBe(403);
    edge.machineNow += 15 * MINUTE;
    expect(await upload(asked, PNG)).toBe(403);
    for (const wrong of [
      { type: 'text/html' },
      { sizeBytes: 20 * 1024 * 1024 + 1 },
      { name: '../x' },
      { sizeBytes: 0 },
    ])
      expect(((await ask(one, { ...file, ...wrong })) as unknown as { code: string }).code, JSON.stringify(wrong)).toBe(
        'invalid_request',
      );
  });

  it('of a note is not for the customer, and nobody attaches or completes what another asked for', async () => {
    const one = await worked();
    const asked = (
      await call('POST /v1/requests/{request}/attachments', { request: one.request }, { as: 'operator', body: file })
    ).body as UploadForm;
    await upload(asked, PNG);
    const { attachment } = asked;
    expect((await complete(one, attachment)).body.code).toBe('not_found');
    await call(
      'POST /v1/requests/{request}/attachments/{attachment}/complete',
      { request: one.request, attachment },
      { as: 'operator' },
    );
    expect((await customerSays(one, { externalId: 'x', attachments: [attachment] })).body.code).toBe(
      'attachment_not_ready',
    );
    const fetchIt = () => call('GET /v1/links/{token}/attachments/{attachment}', { token: one.link, attachment });
    await companySays(one, { externalId: 'n', kind: 'note', attachments: [attachment] });
    expect((await fetchIt()).body.code).toBe('not_found');
    await companySays(one, { externalId: 'm', attachments: [attachment] });
    expect((await fetchIt()).status).toBe(200);
  });
});
