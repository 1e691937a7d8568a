/** Files of requests over the API, as a company hands them over, with the consumer that takes their rows in. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler as intakeApi } from '../../functions/api/import.ts';
import { handler as importsQueue } from '../../functions/queue/imports.ts';
import { runDue } from '../../functions/sweeps.ts';
import { STEP_ROWS } from '../../shared/import/import.store.ts';
import { shortHash } from '../../shared/kernel/hash.ts';
import { DAY, MINUTE } from '../../shared/kernel/time.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { type CompanyMember, companyMember } from '../support/company.ts';
import { type Answer, type CallOptions, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { TestMarket } from '../support/round.ts';

const COMPLAINTS = new URL('../../../shared/data/cfpb_complaints_20k.csv.gz', import.meta.url);

let engine: TestTables;
let edge: TestEdge;
let company: CompanyMember;
let rival: CompanyMember;
let queue = '';
const sent: { queue: string; body: { import: string } }[] = [];
let keys = 0;

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  edge.runtime.send = async (name, bodies) =>
    void sent.push(...bodies.map((body) => ({ queue: name, body: body as { import: string } })));
  company = await companyMember(edge, 'importer');
  rival = await companyMember(edge, 'rival');
  const market = new TestMarket(engine.tables);
  await market.open('Imports');
  queue = market.queue;
});
beforeEach(() => void sent.splice(0));
afterAll(() => engine.stop());

const call = (routeKey: string, options: CallOptions = {}): Promise<Answer> =>
  edge.call(intakeApi, routeKey, { token: company.token, ...options });
const on = (id: string, what: string, method = 'POST', options: CallOptions = {}): Promise<Answer> =>
  call(`${method} /v1/imports/{import}${what}`, { params: { import: id }, ...options });

async function make(body: object): Promise<string> {
  const answer = await call('POST /v1/imports', { headers: { 'idempotency-key': `import-${keys++}` }, body });
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body.id);
}

/** Sends a file in parts of so many bytes. */
async function upload(id: string, content: string | Uint8Array, partBytes: number): Promise<number> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const parts = Math.ceil(bytes.length / partBytes);
  for (let part = 1; part <= parts; part++) {
    const piece = bytes.subarray((part - 1) * partBytes, part * partBytes);
    const put = await on(id, '/parts/{part}', 'PUT', { params: { import: id, part: String(part) }, bytes: piece });
    expect(put.status, put.text).toBe(200);
  }
  return parts;
}

/** Works messages as the consumer does, until there are none. Answers how many there were. */
async function work(): Promise<number> {
  let messages = 0;
  for (let next = sent.shift(); next !== undefined; next = sent.shift()) {
    expect(next.queue).toBe('imports');
    const records = [{ messageId: 'm', body: JSON.stringify(next.body) }];
    expect(await importsQueue({ Records: records } as never)).toEqual({ batchItemFailures: [] });
    messages += 1;
  }
  return messages;
}

async function imported(body: object, content: string | Uint8Array, partBytes = 1_000): Promise<Answer['body']> {
  const id = await make(body);
  const parts = await upload(id, content, partBytes);
  const started = await on(id, '/start', 'POST', { body: { parts } });
  expect(started.status, started.text).toBe(200);
  await work();
  return (await on(id, '', 'GET')).body;
}
const headOf = async (externalId: string) =>
  readOwnHead({ tables: engine.tables, now: edge.now }, company.id, `${company.id}.${await shortHash(externalId)}`);
const csv = (rows: number, name: string) =>
  `id,email,message,plan\n${Array.from({ length: rows }, (_, i) => `${name} ${i},${name}${i}@example.com,"Hello, ü\n${i}",basic\n`).join('')}`;

describe('an import', () => {
  it('turns every row into a request, wherever the file was cut, also within a letter', async () => {
    for (const partBytes of [7, 64, 1_000]) {
      const name = `cut ${partBytes}`;
      const done = await imported({ name, format: 'csv', queue }, csv(6, name), partBytes);
      expect(done).toMatchObject({
        state: 'done',
        percent: 100,
        rows: { seen: 6, accepted: 6, repeated: 0, refused: 0 },
      });
      for (let i = 0; i < 6; i++) expect(await headOf(`${name} ${i}`), `${name} ${i}`).toMatchObject({ queue });
    }
  });

  it('counts what was there already as repeated, and refuses other content under the same id', async () => {
    await imported({ name: 'first', format: 'csv', queue }, csv(3, 'twice'));
    const changed = csv(3, 'twice').replace('basic', 'gold');
    const again = await imported({ name: 'second', format: 'csv', queue }, `${changed}new,n@example.com,Hi,basic\n`);
    expect(again).toMatchObject({ rows: { seen: 4, accepted: 1, repeated: 2, refused: 1 } });
    const errors = await on(String(again.id), '/errors', 'GET');
    expect(errors.body).toMatchObject({ items: [{ row: 1, line: 2, code: 'external_id_conflict' }], next: null });
  });

  it('takes lines of NDJSON as the API takes requests, and gives rows without an id one that stays the same', async () => {
    const lines = [
      { customer: 'a', text: 'x' },
      { customer: 'b', externalId: 'nd 2' },
      { customer: 'c', surprise: 1 },
    ];
    const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnot json\n`;
    const done = await imported({ name: 'nd', format: 'ndjson', queue }, body, 10);
    expect(done).toMatchObject({ rows: { seen: 4, accepted: 2, repeated: 0, refused: 2 } });
    expect(await headOf(`${String(done.id)}/1`)).toMatchObject({ queue });
    expect((await on(String(done.id), '/errors', 'GET')).body.items).toMatchObject([
      { row: 3, line: 3, code: 'invalid_request', errors: [{ field: 'surprise' }] },
      { row: 4, line: 5, code: 'unreadable_row', content: 'not json' },
    ]);
  });

  it('gives its refused rows as a CSV that can be mended and imported again', async () => {
    const rows = ['id;email;message', 'm 1;;"no; address"', 'm 2;b@example.com;fine'];
    const done = await imported({ name: 'mend', format: 'csv', queue }, rows.join('\n'));
    expect(done).toMatchObject({ rows: { accepted: 1, refused: 1 } });
    const file = await on(String(done.id), '/errors.csv', 'GET');
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(file.text).toBe(
      'error row,error line,error code,error detail,id,email,message\r\n1,2,invalid_request,customer is missing: send a text,m 1,,no; address\r\n',
    );
    const mended = file.text.replace('m 1,,', 'm 1,a@example.com,');
    expect(await imported({ name: 'mended', format: 'csv', queue }, mended)).toMatchObject({ rows: { accepted: 1 } });
    expect(await headOf('m 1')).toMatchObject({ queue });
  });

  it('is found by the sweep where its message was lost, and by nothing once it is done', async () => {
    const id = await make({ name: 'lost', format: 'csv', queue });
    await on(id, '/start', 'POST', { body: { parts: await upload(id, csv(2, 'lost'), 1_000) } });
    sent.splice(0);
    const due = await runDue(edge.runtime, { kind: 'imports' }, edge.now + MINUTE);
    expect(due.nextAt).toBe(edge.now + 2 * MINUTE);
    expect(sent).toContainEqual({ queue: 'imports', body: { import: id } });
    await work();
    expect((await on(id, '', 'GET')).body).toMatchObject({ state: 'done', rows: { accepted: 2 } });
    await runDue(edge.runtime, { kind: 'imports' }, edge.now + 30 * DAY);
    expect(sent.filter(({ body }) => body.import === id)).toEqual([]);
  });

  it('is cancelled between two runs, goes on where it was when resumed, and is deleted after seven days', async () => {
    const id = await make({ name: 'cancel', format: 'csv', queue });
    await on(id, '/start', 'POST', { body: { parts: await upload(id, csv(2, 'cancel'), 1_000) } });
    expect((await on(id, '/cancel')).body).toMatchObject({ state: 'cancelled' });
    await work();
    expect((await on(id, '', 'GET')).body).toMatchObject({ state: 'cancelled', rows: { seen: 0 } });
    expect((await on(id, '/resume')).body).toMatchObject({ state: 'running' });
    await work();
    expect((await on(id, '', 'GET')).body).toMatchObject({ state: 'done', rows: { accepted: 2 } });
    expect((await on(id, '/cancel')).body).toMatchObject({ state: 'done' });
    expect(await on(id, '/resume')).toMatchObject({ status: 409, body: { code: 'import_closed' } });

    const other = await make({ name: 'forgotten', format: 'csv', queue });
    await upload(other, csv(2, 'forgotten'), 1_000);
    const start = edge.now;
    edge.now += 7 * DAY;
    await runDue(edge.runtime, { kind: 'imports' }, edge.now);
    await work();
    expect((await on(other, '', 'GET')).body).toMatchObject({ state: 'expired' });
    expect(await on(other, '/resume')).toMatchObject({ status: 409, body: { code: 'import_closed' } });
    edge.now = start;
  });

  it('says before its start what is missing: parts, columns, a header', async () => {
    const id = await make({ name: 'gaps', format: 'csv', queue, mapping: { externalId: 'Number', customer: 'email' } });
    const put = (part: string, raw: string) => on(id, '/parts/{part}', 'PUT', { params: { import: id, part }, raw });
    await put('1', 'id,email\n');
    await put('3', 'c,d\n');
    const start = (parts: number) => on(id, '/start', 'POST', { body: { parts } });
    expect(await start(3)).toMatchObject({ status: 409, body: { code: 'parts_missing', missing: ['2'] } });
    expect(await start(1)).toMatchObject({ status: 422, body: { code: 'file_unreadable' } });
    await put('2', 'a,b\n');
    expect(await start(3)).toMatchObject({
      status: 422,
      body: { code: 'columns_missing', missing: ['Number'], columns: ['id', 'email'] },
    });
    expect((await put('0', 'x')).status).toBe(400);
    expect((await put('1', '')).status).toBe(400);
    expect((await put('1', 'x'.repeat(256 * 1024 + 1))).status).toBe(413);
    await put('1', 'Number,email\n');
    expect(await start(3)).toMatchObject({ status: 200, body: { state: 'running' } });
    expect(await start(3)).toMatchObject({ status: 200, body: { state: 'running' } });
    expect(await put('1', 'x')).toMatchObject({ status: 409, body: { code: 'import_started' } });
    for (const [bytes, word] of [
      [Uint8Array.from([0xff, 0xfe, 65, 0]), 'UTF-16'],
      [Uint8Array.from([0x1f, 0x8b, 8, 0]), 'compressed'],
      [Uint8Array.from([0x50, 0x4b, 3, 4]), 'spreadsheet'],
    ] as const) {
      const odd = await make({ name: word, format: 'csv', queue });
      const answer = await on(odd, '/start', 'POST', { body: { parts: await upload(odd, bytes, 100) } });
      expect(answer).toMatchObject({ status: 422, body: { code: 'file_unreadable' } });
      expect(answer.text).toContain(word);
    }
  });

  it('belongs to its company: to another one, none of its routes knows it', async () => {
    const id = await make({ name: 'mine', format: 'csv', queue });
    const asRival = { token: rival.token };
    const part = { params: { import: id, part: '1' }, raw: 'x', ...asRival };
    const answers = await Promise.all([
      on(id, '', 'GET', asRival),
      on(id, '/parts/{part}', 'PUT', part),
      on(id, '/start', 'POST', { ...asRival, body: { parts: 1 } }),
      on(id, '/cancel', 'POST', asRival),
      on(id, '/resume', 'POST', asRival),
      on(id, '/errors', 'GET', asRival),
      on(id, '/errors.csv', 'GET', asRival),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    const list = (token: string) => call('GET /v1/imports', { token });
    expect((await list(rival.token)).body.items).toEqual([]);
    expect((await list(company.token)).body.items).toContainEqual(expect.objectContaining({ id, state: 'uploading' }));
  });

  it('lists newest first, page by page', async () => {
    edge.now += MINUTE;
    const older = await make({ name: 'older', format: 'csv', queue });
    edge.now += MINUTE;
    const newer = await make({ name: 'newer', format: 'csv', queue });
    const first = await call('GET /v1/imports', { query: { limit: '1' } });
    const second = await call('GET /v1/imports', { query: { limit: '1', cursor: String(first.body.next) } });
    expect(
      [...(first.body.items as { id: string }[]), ...(second.body.items as { id: string }[])].map(({ id }) => id),
    ).toEqual([newer, older]);
  });
});

describe('a large file', () => {
  const rows = 4_000;
  const wrong = `id,email,message\n${Array.from({ length: rows }, (_, i) => `big ${i},,${'words '.repeat(20)}\n`).join('')}`;

  it('whose first thousand rows are all refused stops; resumed it goes on in bounded runs, and no row is left out', async () => {
    const id = await make({ name: 'wrong', format: 'csv', queue });
    await on(id, '/start', 'POST', { body: { parts: await upload(id, wrong, 200_000) } });
    await work();
    const stopped = (await on(id, '', 'GET')).body;
    expect(stopped).toMatchObject({ state: 'stopped', rows: { seen: 1_000, refused: 1_000 } });
    expect(String(stopped.reason)).toContain('all refused');
    await on(id, '/resume');
    // Ten steps of fifty rows a message.
    expect(await work()).toBe(Math.ceil((rows - 1_000 + 1) / (10 * STEP_ROWS)));
    expect((await on(id, '', 'GET')).body).toMatchObject({ state: 'done', rows: { seen: rows, refused: rows } });
    const seen: number[] = [];
    let after = 0;
    for (;;) {
      const file = await on(id, '/errors.csv', 'GET', { query: { after: String(after) } });
      const found = file.text
        .split('\r\n')
        .slice(1, -1)
        .map((line) => Number(line.split(',')[0]));
      if (found.length === 0) break;
      seen.push(...found);
      after = found.at(-1)!;
    }
    expect(seen).toEqual(Array.from({ length: rows }, (_, i) => i + 1));
    const page = await on(id, '/errors', 'GET', { query: { limit: '100' } });
    const next = await on(id, '/errors', 'GET', { query: { limit: '100', cursor: String(page.body.next) } });
    expect((next.body.items as { row: number }[]).map(({ row }) => row)).toEqual(
      Array.from({ length: 100 }, (_, i) => 101 + i),
    );
  }, 60_000);

  it('of 20,000 real complaints is read to its last row', async (context) => {
    if (!existsSync(COMPLAINTS)) context.skip('the complaints are not at ../shared/data');
    // Nobody is named as the customer, so that every row is read and none costs a request.
    const mapping = { externalId: 'src_row', fields: { company: 'company', product: 'product' } };
    const id = await make({ name: 'complaints', format: 'csv', queue, mapping });
    await on(id, '/start', 'POST', {
      body: { parts: await upload(id, gunzipSync(readFileSync(COMPLAINTS)), 250_000) },
    });
    await work();
    await on(id, '/resume');
    await work();
    expect((await on(id, '', 'GET')).body).toMatchObject({ state: 'done', rows: { seen: 20_000, refused: 20_000 } });
  }, 120_000);
});
