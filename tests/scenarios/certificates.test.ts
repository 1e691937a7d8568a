/** A certificate from its document to what others see of it, through the API, with uploads over HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler as certificateApi } from '../../functions/api/certificate.ts';
import { handler as overviewApi } from '../../functions/api/overview.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { InboxItem } from '../../shared/inbox/inbox.ts';
import { DAY } from '../../shared/kernel/time.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { serveFiles, type UploadForm, upload } from '../support/files.ts';

const DOCUMENT = new TextEncoder().encode('This is to certify that …');
const BODY = {
  kind: 'iso_27001',
  title: 'ISO/IEC 27001:2022',
  issuer: 'TÜV',
  number: 'IS 123',
  issuedOn: '2025-03-01',
  expiresOn: '2026-02-28',
  document: { name: 'iso.txt', type: 'text/plain', sizeBytes: DOCUMENT.length },
};

let engine: TestTables;
let edge: TestEdge;
let stop: () => void;
let keys = 0;
let owner: string;
let other: string;
let operator: string;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  edge = new TestEdge(engine.tables);
  stop = await serveFiles(edge);
  keys += 1;
  const join = async (id: string, user: string, role: 'provider.admin' | 'company.operator') => {
    await addMember(engine.tables, id, { user, email: null, roles: [role] }, 0);
    return edge.person(user);
  };
  owner = await join(providerId(), `owner${keys}`, 'provider.admin');
  other = await join(`co_other${keys}xxxx`, `other${keys}`, 'company.operator');
  operator = await edge.operator('olga');
  return () => stop();
});
const providerId = () => `pr_owner${keys}xxxx`;

const call = (token: string, routeKey: string, params = {}, body?: unknown, key = `key-${++keys}`) =>
  edge.call(certificateApi, routeKey, {
    token,
    params,
    headers: { 'idempotency-key': key },
    ...(body === undefined ? {} : { body }),
  });
const complete = (certificate: string, token = owner) =>
  call(token, 'POST /v1/certificates/{certificate}/complete', { certificate });
const check = (certificate: string, body: unknown, token = operator) =>
  call(token, 'POST /v1/operator/certificates/{certificate}/check', { certificate }, body);
async function add(body: object = BODY): Promise<{ id: string; form: UploadForm }> {
  const { status, body: made } = await call(owner, 'POST /v1/certificates', {}, body);
  expect(status).toBe(201);
  return { id: (made.certificate as { id: string }).id, form: made.upload as UploadForm };
}
async function completed(body: object = BODY): Promise<string> {
  const { id, form } = await add(body);
  await upload(form, DOCUMENT);
  expect((await complete(id)).status).toBe(200);
  return id;
}
const shown = async (organisation: string, token = other) =>
  (await call(token, 'GET /v1/organisations/{organisation}/certificates', { organisation })).body.items;
const own = async () => (await call(owner, 'GET /v1/certificates')).body.items as { state: string }[];
async function waits(token: string, kind: InboxItem['kind']) {
  const { body } = await edge.call(overviewApi, 'GET /v1/inbox', { token });
  return (body.items as InboxItem[]).filter((item) => item.kind === kind);
}

describe('a certificate', () => {
  it('is shown to others once the market has confirmed it, without document, number and persons', async () => {
    const provider = providerId();
    const id = await completed();
    expect(await own()).toMatchObject([{ state: 'awaits_check' }]);
    expect(await shown(provider)).toEqual([]);
    expect((await waits(operator, 'certificate_to_check')).map((item) => item.id)).toContain(
      `certificate_to_check:${id}`,
    );
    expect((await check(id, { result: 'confirmed' })).body).toMatchObject({
      state: 'confirmed',
      check: { by: 'olga', at: '2026-01-15T09:00:00.000Z' },
    });
    const { kind, title, issuer, issuedOn, expiresOn } = BODY;
    const seen = { kind, title, issuer, issuedOn, expiresOn, checkedAt: '2026-01-15T09:00:00.000Z' };
    expect(await shown(provider)).toEqual([seen]);
    expect((await waits(operator, 'certificate_to_check')).map((item) => item.id)).not.toContain(
      `certificate_to_check:${id}`,
    );
  });

  it('is shown through its last day, and its organisation is told thirty days before', async () => {
    const provider = providerId();
    const id = await completed();
    await check(id, { result: 'confirmed' });
    edge.now = Date.parse('2026-03-01T00:00:00Z') - 30 * DAY - 1;
    expect(await waits(owner, 'certificate_ends')).toEqual([]);
    edge.now += 1;
    expect(await waits(owner, 'certificate_ends')).toMatchObject([{ deadline: '2026-03-01T00:00:00.000Z' }]);
    edge.now = Date.parse('2026-02-28T23:59:59.999Z');
    expect(await shown(provider)).toHaveLength(1);
    edge.now += 1;
    expect(await shown(provider)).toEqual([]);
    expect(await own()).toMatchObject([{ state: 'expired' }]);
  });

  it('that is rejected goes back with the reason, and nobody else sees it', async () => {
    const provider = providerId();
    const id = await completed();
    expect((await check(id, { result: 'rejected' })).status).toBe(400);
    await check(id, { result: 'rejected', note: 'It names another company.' });
    expect(await shown(provider)).toEqual([]);
    expect(await waits(owner, 'certificate_rejected')).toMatchObject([
      { facts: { certificate: id, note: 'It names another company.' } },
    ]);
    expect((await check(id, { result: 'confirmed' })).body.code).toBe('certificate_checked');
  });

  it('is not checked before its document is what was said of it', async () => {
    const { id, form } = await add();
    expect((await complete(id)).body.code).toBe('attachment_missing');
    expect((await check(id, { result: 'confirmed' })).body.code).toBe('attachment_missing');
    await upload(form, new TextEncoder().encode('%PDF-1.7 is not what was said'.slice(0, DOCUMENT.length)));
    expect((await complete(id)).body.code).toBe('attachment_mismatch');
    await upload(form, DOCUMENT);
    expect((await complete(id)).body).toMatchObject({ state: 'awaits_check' });
  });
});

describe('the document', () => {
  it('is fetched by its organisation and the operator, by nobody else, and is gone with its certificate', async () => {
    const id = await completed();
    const get = (token: string, path: string) => call(token, `GET ${path}/{certificate}/document`, { certificate: id });
    for (const link of [await get(owner, '/v1/certificates'), await get(operator, '/v1/operator/certificates')])
      expect(new Uint8Array(await (await fetch(String(link.body.url))).arrayBuffer())).toEqual(DOCUMENT);
    expect((await get(other, '/v1/certificates')).body.code).toBe('forbidden');
    const link = String((await get(owner, '/v1/certificates')).body.url);
    expect((await call(owner, 'DELETE /v1/certificates/{certificate}', { certificate: id })).status).toBe(204);
    expect((await fetch(link)).status).toBe(404);
    expect(await own()).toEqual([]);
  });
});

describe('adding again with the same key', () => {
  it('makes no second certificate, and gives a form that works', async () => {
    const first = await call(owner, 'POST /v1/certificates', {}, BODY, 'same');
    const again = await call(owner, 'POST /v1/certificates', {}, BODY, 'same');
    expect(again.body.certificate).toEqual(first.body.certificate);
    await upload(again.body.upload as UploadForm, DOCUMENT);
    expect((await complete((first.body.certificate as { id: string }).id)).status).toBe(200);
    expect(await own()).toHaveLength(1);
  });
});
