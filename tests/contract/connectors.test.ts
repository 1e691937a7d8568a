/** Connectors over the API: set up by an admin, fed by the systems of the company, with nothing lost in silence. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as intakeApi } from '../../functions/api/intake.ts';
import { TRIGGER_BODY } from '../../shared/connector/zendesk.ts';
import { shortHash } from '../../shared/kernel/hash.ts';
import { HOUR } from '../../shared/kernel/time.ts';
import { readManyWords, readOwnHead } from '../../shared/request/request.store.ts';
import { type CompanyMember, companyMember } from '../support/company.ts';
import { type Answer, type CallOptions, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { TestMarket } from '../support/round.ts';

let engine: TestTables;
let edge: TestEdge;
let company: CompanyMember;
let rival: CompanyMember;
let queue = '';
let keys = 0;

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  company = await companyMember(edge, 'connected');
  rival = await companyMember(edge, 'other');
  const market = new TestMarket(engine.tables);
  await market.open('Connectors');
  queue = market.queue;
});
afterAll(() => engine.stop());

const call = (routeKey: string, options: CallOptions = {}): Promise<Answer> =>
  edge.call(intakeApi, routeKey, { token: company.token, ...options });
const on = (id: string, what: string, method: string, options: CallOptions = {}): Promise<Answer> =>
  call(`${method} /v1/connectors/{connector}${what}`, { params: { connector: id }, ...options });
const key = () => ({ 'idempotency-key': `connector-${keys++}` });

async function connect(config: object, secret?: string): Promise<{ id: string; secret: string }> {
  const made = await call('POST /v1/connectors', { headers: key(), body: { config: { queue, ...config }, secret } });
  expect(made.status, made.text).toBe(201);
  return { id: (made.body.connector as { id: string }).id, secret: String(made.body.secret) };
}

/** Posts a message as a stranger to us, which every sender is. */
const post = (id: string, raw: string, headers: Record<string, string>): Promise<Answer> =>
  edge.call(intakeApi, 'POST /v1/inbound/{connector}', { params: { connector: id }, raw, headers });

const zendeskHeaders = (raw: string, secret: string, at = new Date(edge.machineNow).toISOString()) => ({
  'content-type': 'application/json',
  'x-zendesk-webhook-signature': createHmac('sha256', secret).update(`${at}${raw}`).digest('base64'),
  'x-zendesk-webhook-signature-timestamp': at,
});
const mailHeaders = (secret: string) => ({
  'content-type': 'message/rfc822',
  authorization: `Basic ${Buffer.from(`parley:${secret}`).toString('base64')}`,
});
const theCall = () => ({ tables: engine.tables, now: edge.now });
async function requestOf(externalId: string) {
  const head = (await readOwnHead(theCall(), company.id, `${company.id}.${await shortHash(externalId)}`))!;
  return { head, words: (await readManyWords(theCall(), [head])).get(head.id)! };
}

/**
 * The payload of a ticket event with the properties that Zendesk documents for it:
 * https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events (detail, event) and
 * https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types (the members around them).
 */
const ticketCreated = (id: string, type = 'ticket.created') => ({
  account_id: 22_129_848,
  detail: {
    actor_id: '8447388090494',
    assignee_id: '8447388090494',
    brand_id: '8447346621310',
    created_at: '2030-06-01T00:00:00Z',
    custom_status: '8447320465790',
    description: 'The flight was cancelled and I want my money back.',
    external_id: null,
    form_id: '8646151517822',
    group_id: '8447320466430',
    id,
    is_public: true,
    organization_id: '8447346622462',
    priority: 'HIGH',
    requester_id: '8447388090495',
    status: 'NEW',
    subject: 'Refund',
    submitter_id: '8447388090494',
    tags: ['refund', 'flight'],
    type: 'QUESTION',
    updated_at: '2030-06-01T00:00:00Z',
    via: { channel: 'web_service' },
  },
  event: { meta: { sequence: { id: '0F9ECD9E4D7FB84A8C4F0A1F5B5D1A3E', position: 1, total: 1 } } },
  id: '24d4e0b6-3a0f-4a2c-8a3f-3a8e1f8f6b55',
  subject: `zen:ticket:${id}`,
  time: '2030-06-01T00:00:00Z',
  type: `zen:event-type:${type}`,
  zendesk_event_version: '2022-11-06',
});

describe('Zendesk', () => {
  it('makes a request of a ticket that was created, once, however often the event comes', async () => {
    const { id, secret } = await connect({ kind: 'zendesk', name: 'Desk' }, 'a secret that Zendesk made');
    const raw = JSON.stringify(ticketCreated('5158'));
    const first = await post(id, raw, zendeskHeaders(raw, secret));
    expect(first).toMatchObject({ status: 200, body: { outcome: 'accepted' } });
    expect(await post(id, raw, zendeskHeaders(raw, secret))).toMatchObject({
      body: { outcome: 'repeated', request: first.body.request },
    });
    const { head, words } = await requestOf('zendesk:5158');
    expect(head.queue).toBe(queue);
    expect(words).toMatchObject({
      customer: '8447388090495',
      text: 'Refund\n\nThe flight was cancelled and I want my money back.',
      fields: { ticket: '5158', priority: 'HIGH', channel: 'web_service', tags: 'refund, flight', type: 'QUESTION' },
    });
  });

  it('makes one of a trigger with the documented body, and takes the customer’s address from it', async () => {
    const { id, secret } = await connect({
      kind: 'zendesk',
      name: 'Triggers',
      mapping: { fields: { desk: { value: 'eu' } } },
    });
    const filled: Record<string, string> = {
      'ticket.id': '77',
      'ticket.title': 'Lost card',
      'ticket.description': 'It is gone.',
      'ticket.priority': 'normal',
      'ticket.via': 'Mail',
      'ticket.tags': 'card lost',
      'ticket.requester.id': '12',
      'ticket.requester.email': 'ada@example.com',
    };
    const raw = JSON.stringify(TRIGGER_BODY).replaceAll(
      /\{\{([\w.]+)\}\}/g,
      (_, name: string) => filled[name] ?? `no ${name}`,
    );
    expect(await post(id, raw, zendeskHeaders(raw, secret))).toMatchObject({ body: { outcome: 'accepted' } });
    expect((await requestOf('zendesk:77')).words).toMatchObject({
      customer: 'ada@example.com',
      text: 'Lost card\n\nIt is gone.',
      fields: { channel: 'Mail', desk: 'eu' },
    });
  });

  it('makes none of other events, and keeps what it does not know for the company to see and to retry', async () => {
    const { id, secret } = await connect({ kind: 'zendesk', name: 'Other' });
    const changed = JSON.stringify(ticketCreated('1', 'ticket.status_changed'));
    expect(await post(id, changed, zendeskHeaders(changed, secret))).toMatchObject({
      status: 200,
      body: { outcome: 'ignored' },
    });
    const odd = JSON.stringify({ hello: 'world' });
    const kept = await post(id, odd, zendeskHeaders(odd, secret));
    expect(kept).toMatchObject({ status: 202, body: { outcome: 'kept', request: null } });
    const errors = await on(id, '/errors', 'GET');
    expect(errors.body.items).toMatchObject([
      { id: kept.body.error, code: 'invalid_request', payload: odd, canRetry: true },
    ]);
    const error = String(kept.body.error);
    const retry = () => on(id, '/errors/{error}/retry', 'POST', { params: { connector: id, error } });
    expect(await retry()).toMatchObject({ status: 200, body: { outcome: 'kept', error } });
    const remove = await on(id, '/errors/{error}', 'DELETE', { params: { connector: id, error } });
    expect(remove.status).toBe(204);
    expect(await retry()).toMatchObject({ status: 404 });
    expect((await on(id, '/errors', 'GET')).body.items).toEqual([]);
  });
});

describe('a webhook', () => {
  const config = {
    kind: 'webhook',
    name: 'Shop',
    signature: { scheme: 'hmac', header: 'X-Shop-Signature' },
    only: [{ path: 'type', is: ['help.asked'] }],
    mapping: { externalId: 'data.ref', customer: 'data.who.mail', text: 'data.words' },
  };
  const signed = (raw: string, secret: string) => ({
    'content-type': 'application/json',
    'x-shop-signature': createHmac('sha256', secret).update(raw).digest('hex'),
  });
  const event = (ref: string, more: object = {}) =>
    JSON.stringify({
      type: 'help.asked',
      data: { ref, who: { mail: 'a@example.com' }, words: 'Where is it?' },
      ...more,
    });

  it('is mapped as the company says; a mended mapping takes what was kept', async () => {
    const { id, secret } = await connect({ ...config, mapping: { ...config.mapping, customer: 'data.mail' } });
    const raw = event('shop 1');
    const kept = await post(id, raw, signed(raw, secret));
    expect(kept).toMatchObject({ status: 202, body: { outcome: 'kept', detail: 'customer is missing: send a text' } });
    expect(await on(id, '/test', 'POST', { raw })).toMatchObject({
      body: { outcome: 'unfit', errors: [{ field: 'customer' }] },
    });
    expect(await on(id, '', 'PUT', { body: { ...config, queue } })).toMatchObject({
      status: 200,
      body: { config: { name: 'Shop' } },
    });
    expect(await on(id, '/test', 'POST', { raw })).toMatchObject({
      body: {
        outcome: 'request',
        request: { externalId: 'shop 1', queue, customer: 'a@example.com', text: 'Where is it?' },
      },
    });
    const params = { connector: id, error: String(kept.body.error) };
    expect(await on(id, '/errors/{error}/retry', 'POST', { params })).toMatchObject({ body: { outcome: 'accepted' } });
    expect((await on(id, '/errors', 'GET')).body.items).toEqual([]);
    const other = event('shop 2', { type: 'paid' });
    expect(await post(id, other, signed(other, secret))).toMatchObject({
      body: { outcome: 'ignored', detail: 'type is “paid”, not help.asked.' },
    });
  });

  it('with other content under the same id is kept as the conflict it is', async () => {
    const { id, secret } = await connect(config);
    for (const [raw, outcome] of [
      [event('shop 3'), 'accepted'],
      [event('shop 3').replace('Where', 'Who'), 'kept'],
    ] as const)
      expect(await post(id, raw, signed(raw, secret))).toMatchObject({ body: { outcome } });
    expect((await on(id, '/errors', 'GET')).body.items).toMatchObject([{ code: 'external_id_conflict' }]);
  });

  it('with a bad signature is refused, noted for the company, and writes nothing else', async () => {
    const { id } = await connect(config);
    const raw = event('shop 4');
    expect(await post(id, raw, signed(raw, 'wrong'))).toMatchObject({ status: 401, body: { code: 'bad_signature' } });
    expect((await on(id, '', 'GET')).body.lastRefused).toMatchObject({
      why: expect.stringContaining('fits no secret'),
    });
    expect((await on(id, '/errors', 'GET')).body.items).toEqual([]);
    expect(await readOwnHead(theCall(), company.id, `${company.id}.${await shortHash('shop 4')}`)).toBeUndefined();
    const answers = await Promise.all(Array.from({ length: 40 }, () => post(id, raw, signed(raw, 'wrong'))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
    edge.machineNow += HOUR;
  });

  it('takes the secret before the last one as long as it was said, and no longer', async () => {
    const { id, secret } = await connect(config);
    const rotated = await on(id, '/rotate-secret', 'POST', { headers: key(), body: { overlapHours: 2 } });
    const next = String(rotated.body.secret);
    expect(next).not.toBe(secret);
    const status = async (ref: string, with_: string) => {
      const raw = event(ref);
      return (await post(id, raw, signed(raw, with_))).status;
    };
    expect([await status('shop 5', secret), await status('shop 6', next)]).toEqual([200, 200]);
    edge.machineNow += 2 * HOUR + 1;
    expect([await status('shop 7', secret), await status('shop 8', next)]).toEqual([401, 200]);
  });

  it('is refused while it is switched off, and unknown once it is deleted', async () => {
    const { id, secret } = await connect(config);
    await on(id, '', 'PUT', { body: { ...config, queue, isOn: false } });
    const raw = event('shop 9');
    expect(await post(id, raw, signed(raw, secret))).toMatchObject({ status: 409, body: { code: 'connector_off' } });
    expect((await on(id, '', 'DELETE')).status).toBe(204);
    expect(await post(id, raw, signed(raw, secret))).toMatchObject({ status: 404 });
  });
});

describe('a mailbox', () => {
  const mail = (id: string, more: string[] = [], text = 'It does not work.', from = 'Ada <Ada@Example.com>') =>
    [`From: ${from}`, 'To: desk@example.net', 'Subject: Help', `Message-ID: <${id}>`, ...more, '', text].join('\r\n');

  it('makes a request of an e-mail, under its Message-ID', async () => {
    const { id, secret } = await connect({ kind: 'email', name: 'Mailbox' });
    expect(await post(id, mail('m1@example.com'), mailHeaders(secret))).toMatchObject({
      body: { outcome: 'accepted' },
    });
    expect(await post(id, mail('m1@example.com'), mailHeaders(secret))).toMatchObject({
      body: { outcome: 'repeated' },
    });
    expect((await requestOf('m1@example.com')).words).toMatchObject({
      customer: 'ada@example.com',
      text: 'Help\n\nIt does not work.',
    });
  });

  it('sends the answer to a request of the same customer to that request’s queue, and nobody else’s', async () => {
    const other = new TestMarket(engine.tables);
    await other.open('Other mails');
    const first = await connect({ kind: 'email', name: 'First', queue: other.queue });
    const second = await connect({ kind: 'email', name: 'Second' });
    await post(first.id, mail('thread@example.com'), mailHeaders(first.secret));
    const answer = ['In-Reply-To: <unknown@example.com>', 'References: <thread@example.com> <unknown@example.com>'];
    await post(second.id, mail('answer@example.com', answer, 'Still not.'), mailHeaders(second.secret));
    expect((await requestOf('answer@example.com')).head.queue).toBe(other.queue);
    await post(second.id, mail('stranger@example.com', answer, 'Mine.', 'eve@example.com'), mailHeaders(second.secret));
    expect((await requestOf('stranger@example.com')).head.queue).toBe(queue);
  });

  it('makes nothing of automatic replies, and says so', async () => {
    const { id, secret } = await connect({ kind: 'email', name: 'Robots' });
    const away = mail('away@example.com', ['Auto-Submitted: auto-replied']);
    expect(await post(id, away, mailHeaders(secret))).toMatchObject({
      status: 200,
      body: { outcome: 'ignored', request: null, detail: 'Auto-Submitted: auto-replied' },
    });
  });

  it('cuts a text that is longer than a request may have, and takes bodies larger than other calls may have', async () => {
    const { id, secret } = await connect({ kind: 'email', name: 'Long' });
    const long = mail('long@example.com', [], 'word '.repeat(80_000));
    expect(await post(id, long, mailHeaders(secret))).toMatchObject({ body: { outcome: 'accepted' } });
    const { text } = (await requestOf('long@example.com')).words;
    expect(text).toHaveLength(8_000);
    expect(text).toMatch(/… \[cut, \d+ characters in all\]$/);
  });
});

describe('a connector', () => {
  const config = { kind: 'email', name: 'Mine' };

  it('shows its secret once, stores none in the clear, and is the same for the same call', async () => {
    const headers = key();
    const body = { config: { ...config, queue } };
    const first = await call('POST /v1/connectors', { headers, body });
    const again = await call('POST /v1/connectors', { headers, body });
    expect(again.body).toEqual({ ...first.body, secret: null });
    const id = (first.body.connector as { id: string }).id;
    for (const answer of [await on(id, '', 'GET'), await call('GET /v1/connectors')])
      expect(answer.text).not.toContain(String(first.body.secret));
    expect(JSON.stringify(edge.lines)).not.toContain(String(first.body.secret));
  });

  it('belongs to its company: to another one, none of its routes knows it', async () => {
    const { id } = await connect(config);
    const asRival = { token: rival.token };
    const error = { params: { connector: id, error: `${'0'.repeat(15)}.${'a'.repeat(22)}` }, ...asRival };
    const answers = await Promise.all([
      on(id, '', 'GET', asRival),
      on(id, '', 'PUT', { ...asRival, body: config }),
      on(id, '', 'DELETE', asRival),
      on(id, '/rotate-secret', 'POST', { ...asRival, headers: key(), body: {} }),
      on(id, '/test', 'POST', { ...asRival, raw: 'x' }),
      on(id, '/errors', 'GET', asRival),
      on(id, '/errors/{error}', 'DELETE', error),
      on(id, '/errors/{error}/retry', 'POST', error),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect((await call('GET /v1/connectors', asRival)).body.items).toEqual([]);
  });

  it('of an unknown queue, another kind or a short secret is refused by its field', async () => {
    const made = (body: object) => call('POST /v1/connectors', { headers: key(), body });
    expect(await made({ config: { ...config, queue: 'nowhere' } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'queue' }] },
    });
    expect(await made({ config, secret: 'short' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'secret' }] },
    });
    const { id } = await connect(config);
    expect(await on(id, '', 'PUT', { body: { kind: 'zendesk', name: 'x' } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'kind' }] },
    });
  });
});
