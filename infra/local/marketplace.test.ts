import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Due } from '../../shared/dispatch/due.ts';
import { ok } from '../../shared/kernel/result.ts';
import type { FunctionName } from '../topology.ts';
import { queues, tables } from '../topology.ts';
import { engineBinary } from './dynamodb-engine.ts';
import type { Handler } from './lambda.ts';
import type { MarketParts } from './market-parts.ts';
import { type Marketplace, openMarketplace } from './marketplace.ts';

let folder: string;
let market: Marketplace | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-market-'));
});
afterEach(async () => {
  await market?.stop();
  market = undefined;
  rmSync(folder, { recursive: true, force: true });
});

type Told = { swept: unknown[]; ran: string[] };

/** A marketplace with two functions and one kind of due work, so that only its own machinery is under test. */
async function open(parts: Partial<MarketParts> = {}): Promise<{ market: Marketplace } & Told> {
  const told: Told = { swept: [], ran: [] };
  market = await openMarketplace({
    dataFolder: folder,
    port: 0,
    terminal: () => undefined,
    load: async () => ({
      handlers: new Map<FunctionName, Handler>([
        ['api-market', async () => ({ statusCode: 200, body: '{"items":[],"next":null}' })],
        [
          'queue-sweeps',
          async (event: unknown) => {
            await new Promise((done) => setTimeout(done, 150));
            told.swept.push(...(event as { Records: { body: string }[] }).Records.map(({ body }) => JSON.parse(body)));
          },
        ],
      ]),
      sweeps: {
        allDue: async () => [],
        runDue: async (due: Due, now: number) => {
          told.ran.push(`${due.kind}@${now}`);
          return { nextAt: null };
        },
      },
      match: () => undefined,
      openApi: () => ({}),
      docsPage: () => '',
      docsPolicy: async () => '',
      docsAssets: {},
      stripeEvents: [],
      ...parts,
    }),
  });
  return { market, ...told };
}

const T0 = Date.UTC(2020, 0, 1);
const round = (dueAt: number) => ({ pk: 'Q#q', sk: 'R#1', dpk: 'round', dsk: `${String(dueAt).padStart(15, '0')}#q` });

describe.runIf(engineBinary() !== undefined)('the marketplace on one machine', () => {
  it('a step runs what a write made due, and waits for the messages that were sent', async () => {
    const { market, swept, ran } = await open();
    market.clock.set('standing', T0, true);
    await market.runtime.tables.put('market', round(T0 + 500));
    await market.runtime.send('sweeps', [{ look: 'at this' }]);
    expect(await market.advance(T0 + 499)).toEqual(ok({ complete: true }));
    expect(swept).toEqual([{ look: 'at this' }]);
    expect(ran).toEqual([]);
    await market.advance(T0 + 500);
    expect(ran).toEqual([`rounds@${T0 + 500}`]);
  });

  it('a step without due work and messages asks the engine nothing, as one with a write does', async () => {
    const { market } = await open();
    let asked = 0;
    const count = (message: unknown): void => {
      const { request } = message as { request: { headers: unknown } };
      asked += JSON.stringify(request.headers).includes('DynamoDB_') ? 1 : 0;
    };
    subscribe('undici:request:create', count);
    onTestFinished(() => void unsubscribe('undici:request:create', count));
    market.clock.set('standing', T0, true);
    await market.runtime.tables.put('market', round(T0 + 5_000));
    expect(asked).toBe(1);
    for (let step = 1; step < 1_002; step++) expect(await market.advance(T0 + step)).toEqual(ok({ complete: true }));
    expect(asked).toBe(1);
  });

  it('finds clock, items and keys again after a restart', async () => {
    const first = await open();
    first.market.clock.set('standing', T0, true);
    await first.market.advance(T0 + 7);
    await first.market.runtime.tables.put('ledger', { pk: 'a', sk: 'b', n: 1 });
    const { signingKey } = first.market.runtime;
    await first.market.stop();
    const { market } = await open();
    expect(market.folder.isNew).toBe(false);
    expect(market.clock.now()).toBe(T0 + 7);
    expect(market.runtime.signingKey).toEqual(signingKey);
    const { items } = await market.runtime.tables.query('ledger', (await import('zod')).looseObject({}), { pk: 'a' });
    expect(items).toEqual([{ pk: 'a', sk: 'b', n: 1 }]);
  });

  it('is healthy while all parts answer, and says which one does not', async () => {
    const { market } = await open();
    const health = await fetch(`${market.baseUrl}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({
      status: 'ok',
      parts: Object.fromEntries(
        [
          ...Object.keys(queues).flatMap((queue) => [`consumer ${queue}`, `queue ${queue}`]),
          ...Object.keys(tables).map((table) => `table ${table}`),
        ].map((part) => [part, 'ok']),
      ),
    });
    process.kill(Number((await import('node:fs')).readFileSync(market.folder.file('engine.pid'), 'utf8')), 'SIGKILL');
    expect(await market.lost).toContain('SIGKILL');
    const ill = await fetch(`${market.baseUrl}/healthz`);
    expect(ill.status).toBe(503);
    expect(((await ill.json()) as { parts: Record<string, string> }).parts['table market']).not.toBe('ok');
  });

  it('refuses to move the clock, or to open a market of another time, where Stripe itself is in use', async () => {
    const before = process.env.STRIPE_SECRET_KEY;
    const { market: other } = await open();
    other.clock.set('standing', T0, true);
    await other.stop();
    process.env.STRIPE_SECRET_KEY = 'sk_test_real';
    try {
      await expect(open()).rejects.toThrow('STRIPE_SECRET_KEY is set');
      rmSync(folder, { recursive: true, force: true });
      const local = { id: 'advanceClock', function: 'local', method: 'POST', path: '/v1/test-clock/advance' } as const;
      const { market } = await open({ match: () => ({ route: local, params: {} }) });
      const body = JSON.stringify({ to: '2030-01-01T00:00:00.000Z' });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${market.baseUrl}${local.path}`, { method: 'POST', headers, body });
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: 'clock_is_real_time' });
    } finally {
      if (before === undefined) delete process.env.STRIPE_SECRET_KEY;
      else process.env.STRIPE_SECRET_KEY = before;
    }
  });

  it('leaves nothing running where a part cannot start', async () => {
    const broken = open({
      get match(): never {
        throw new Error('broken part');
      },
    });
    await expect(broken).rejects.toThrow('broken part');
    const { market } = await open();
    expect((await fetch(`${market.baseUrl}/healthz`)).status).toBe(200);
  });
});
