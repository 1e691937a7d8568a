/** The example that a provider's engineer copies does run, against a real marketplace, and stops without holding anything. */
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../infra/local/actors/calls.ts';
import { allItems } from '../../shared/client/pages.ts';
import { type BenchMarket, openBenchMarket } from '../bench/dispatch/market.ts';

const EXAMPLE = 'shared/client/examples/agent.ts';
const MOST_WAIT_MS = 20_000;

let market: BenchMarket;
let agent: ChildProcess | undefined;
beforeAll(async () => {
  market = await openBenchMarket({ companies: 1, providers: 1, volume: 50 });
}, 60_000);
afterAll(async () => {
  agent?.kill('SIGKILL');
  await market.stop();
});

const texts = ['Where is my card?', 'I will call my lawyer', 'What is the rate?', 'Please block my card'];

describe('the agent example', () => {
  it('resolves what it claims, hands on what a person should read, and stops on a signal', async () => {
    const company = market.companies[0]!.client;
    const provider = market.providers[0]!;
    for (const [i, text] of texts.entries()) {
      const body = { externalId: `agent ${i}`, queue: market.queue, customer: `customer ${i}`, text };
      await ask('send', () => company.POST('/v1/requests', { body }));
    }
    agent = spawn(process.execPath, [EXAMPLE], {
      env: { ...process.env, PARLEY_URL: market.marketplace.baseUrl, PARLEY_API_KEY: provider.secret },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [agent.stdout, agent.stderr]) stream?.on('data', (data: Buffer) => (out += data.toString()));
    const exited = new Promise<number | null>((done) => agent?.once('exit', done));
    const leases = () =>
      allItems((cursor) =>
        ask('leases', () => provider.client.GET('/v1/leases', { params: { query: { month: '2026-02', cursor } } })),
      );
    const states = async () => (await leases()).map(({ state }) => state).sort();
    for (let waitedMs = 0; waitedMs < MOST_WAIT_MS && !(await states()).includes('escalated'); waitedMs += 200)
      await new Promise((done) => setTimeout(done, 200));
    for (let waitedMs = 0; waitedMs < MOST_WAIT_MS && (await states()).includes('held'); waitedMs += 200)
      await new Promise((done) => setTimeout(done, 200));
    agent.kill('SIGTERM');
    expect(await exited, out).toBe(0);
    expect(await states()).toEqual(['escalated', 'resolved', 'resolved', 'resolved']);
    expect(out).toContain('nothing is held any more');
    expect(out).not.toContain(provider.secret);
  }, 60_000);
});
