/** Requests sent together: each stands for itself, and the batch can be sent again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { companyMember } from '../support/company.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { TestMarket } from '../support/round.ts';

const BATCH = 'POST /v1/requests/batch';
type Result = {
  status: number;
  request?: { id: string };
  problem?: { code: string; detail: string; retryable: boolean };
};

let engine: TestTables;
let edge: TestEdge;
let company: { id: string; token: string };
let queue = '';

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  company = await companyMember(edge, 'batch');
  const market = new TestMarket(engine.tables);
  await market.open('Batch');
  queue = market.queue;
});
afterAll(() => engine.stop());

const request = (externalId: string, more: object = {}) => ({
  externalId,
  queue,
  customer: externalId,
  text: 'Hello',
  ...more,
});
async function send(requests: unknown[]): Promise<Result[]> {
  const answer = await edge.call(companyApi, BATCH, { token: company.token, body: { requests } });
  expect(answer.status).toBe(200);
  return answer.body.results as Result[];
}

describe('a batch', () => {
  it('says of each entry, in the order sent, what became of it and which field does not fit', async () => {
    const results = await send([
      request('one'),
      request('two', { queue: 'no-such-queue' }),
      { externalId: 'three' },
      7,
    ]);
    expect(results.map(({ status }) => status)).toEqual([201, 404, 400, 400]);
    expect(results[1]?.problem).toMatchObject({ code: 'not_found', retryable: false });
    expect(results[2]?.problem?.detail).toContain('requests[2].customer is missing: send a text');
  });

  it('makes the same requests when it is sent again', async () => {
    const first = await send([request('again 1'), request('again 2')]);
    const second = await send([request('again 1'), request('again 2')]);
    expect(second.map(({ request: made }) => made?.id)).toEqual(first.map(({ request: made }) => made?.id));
  });

  it('takes entries with the same externalId in order, so that the later one with other content is the conflict', async () => {
    const results = await send([
      request('same'),
      ...Array.from({ length: 9 }, (_, i) => request(`other ${i}`)),
      request('same', { text: 'Something else' }),
    ]);
    expect(results.at(-1)?.problem?.code).toBe('external_id_conflict');
    expect(results.slice(0, -1).every(({ status }) => status === 201)).toBe(true);
  });

  it('gives an entry that cannot be taken just now a problem of its own, worth another try', async () => {
    const config = engine.tables.owner as TableConfig;
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const send1 = async (command: Parameters<typeof config.client.send>[0]): Promise<unknown> => {
      if (JSON.stringify(command.input).includes('"externalId":{"S":"unlucky"}')) throw throttled;
      return config.client.send(command);
    };
    const tables = new Tables({ ...config, client: { send: send1 } as never });
    const other = new TestEdge(tables);
    const answer = await other.call(companyApi, BATCH, {
      token: company.token,
      body: { requests: [request('lucky'), request('unlucky')] },
    });
    new TestEdge(engine.tables);
    const results = answer.body.results as Result[];
    expect(results[0]?.status).toBe(201);
    expect(results[1]).toMatchObject({ status: 503, problem: { code: 'unavailable', retryable: true } });
    expect((await send([request('unlucky')]))[0]?.status).toBe(201);
  });
});
