/** No queue takes a message for hours: what is written stands, what is due is asked for again, and events are told in the end. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as providerApi } from '../../functions/api/provider.ts';
import { handler as webhookApi } from '../../functions/api/webhook.ts';
import { handler as clearing } from '../../functions/queue/clearing.ts';
import { handler as deliveries } from '../../functions/queue/deliveries.ts';
import { handler as scheduleRounds } from '../../functions/schedule/rounds.ts';
import { handler as scheduleSweeps } from '../../functions/schedule/sweeps.ts';
import { runDue } from '../../functions/sweeps.ts';
import { putBid } from '../../shared/bid/bid.store.ts';
import { putCommitment } from '../../shared/commitment/commitment.store.ts';
import { CommitmentInput } from '../../shared/commitment/commitment.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { DELIVERY_SHARDS } from '../../shared/webhook/webhook.store.ts';
import { companyMember, providerMember } from '../support/company.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, TestMarket } from '../support/round.ts';
import { ringing } from './ringing.ts';

let engine: TestTables;
let edge: TestEdge;
let company: { id: string; token: string };
let pool: { id: string; token: string };
let queue: string;
let isDown = false;
let keys = 0;
let mailbox: { queue: string; body: unknown }[] = [];
const told: string[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    told.push((JSON.parse(body) as { type: string }).type);
    response.writeHead(204).end();
  });
});

beforeAll(async () => {
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  edge.runtime.send = async (name, bodies) => {
    if (isDown) throw Object.assign(new Error('the queue does not answer'), { name: 'ServiceUnavailable' });
    mailbox.push(...bodies.map((body) => ({ queue: name, body })));
  };
  company = await companyMember(edge, 'ada');
  pool = await providerMember(edge, 'bob');
  const market = new TestMarket(engine.tables);
  await market.open('queue down');
  queue = market.queue;
  const call = { tables: engine.tables, now: edge.now };
  const volume = CommitmentInput.parse({ currency: 'USD', volume: 10 });
  must(await putCommitment(call, company.id, queue, 1, volume));
  const bid = { currency: 'USD', rollOver: false, capacity: 20, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] };
  must(await putBid(call, { tenant: pool.id, kind: 'agent_pool', qualityBps: 9_000 }, queue, 1, bid as never));
  const made = await edge.call(webhookApi, 'POST /v1/webhooks', {
    token: company.token,
    headers: { 'idempotency-key': 'hook' },
    body: { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in` },
  });
  expect(made.status).toBe(201);
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await engine.stop();
});

const stateOf = async () => (await readRound(engine.tables, queue, 1, { consistent: true }))?.state;
const warnings = () =>
  edge.lines.filter(({ level, message }) => level === 'warn' && message.startsWith('a message was not sent'));

/** Works what waits, as the consumers do. */
async function work(): Promise<void> {
  const consumers: Record<string, typeof clearing> = { clearing, deliveries };
  for (const { queue: name, body } of mailbox.splice(0)) {
    const record = { messageId: 'm', body: JSON.stringify(body), attributes: { ApproximateReceiveCount: '1' } };
    const answer = await consumers[name]?.({ Records: [record] } as never);
    expect(answer?.batchItemFailures ?? []).toEqual([]);
  }
}

describe('with the queues down', () => {
  it('a round that closes waits to be cleared, is asked for again, and begins in time when they are back', async () => {
    edge.now = FEBRUARY - 23 * HOUR;
    isDown = true;
    await scheduleRounds();
    expect(await stateOf()).toBe('clearing');
    expect(warnings().length).toBeGreaterThan(0);
    // For hours: every run of the schedule asks again in vain.
    for (let hour = 0; hour < 3; hour++) {
      edge.now += HOUR;
      await scheduleRounds();
    }
    expect((await readRound(engine.tables, queue, 1))?.clearedAt).toBeNull();
    expect(ringing({ lines: edge.lines })).toContain('late-rounds');
    isDown = false;
    edge.now += 10 * MINUTE;
    await scheduleRounds();
    await work();
    expect((await readRound(engine.tables, queue, 1, { consistent: true }))?.clearedAt).not.toBeNull();
    edge.now = FEBRUARY + MINUTE;
    await scheduleRounds();
    expect(await stateOf()).toBe('active');
  });

  it('the sweeps’ schedule ends in an error, which its alarm counts', async () => {
    isDown = true;
    await expect(scheduleSweeps()).rejects.toThrow('does not answer');
    isDown = false;
  });

  it('a request is taken in, and its company hears of it when they are back', async () => {
    edge.now = FEBRUARY + DAY;
    mailbox = [];
    told.length = 0;
    isDown = true;
    const sent = await edge.call(companyApi, 'POST /v1/requests', {
      token: company.token,
      headers: { 'idempotency-key': 'one' },
      body: { externalId: 'one', queue, customer: 'ada@example.com', text: 'Hello' },
    });
    expect(sent.status).toBe(201);
    const provider = (route: string, params: Record<string, string>, body: unknown) =>
      edge.call(providerApi, route, { token: pool.token, params, body, headers: { 'idempotency-key': `p${++keys}` } });
    const { work: claimed } = (await provider('POST /v1/claims', {}, { max: 1 })).body as {
      work: { lease: { id: string } }[];
    };
    const outcome = { code: 'solved', summary: 'Booked.' };
    const resolved = await provider('POST /v1/leases/{lease}/resolve', { lease: claimed[0]!.lease.id }, outcome);
    expect(resolved.status).toBe(200);
    expect(mailbox).toEqual([]);
    isDown = false;
    edge.now += HOUR;
    for (let shard = 0; shard < DELIVERY_SHARDS; shard++)
      await runDue(edge.runtime, { kind: 'deliveries', shard }, edge.now);
    await work();
    expect(told).toContain('request.resolved');
  });
});
