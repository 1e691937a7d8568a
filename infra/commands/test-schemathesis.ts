/**
 * `npm run test:schemathesis -- [--examples N] [--seed S]`: the API of a small market on this machine against its own
 * description, by Schemathesis, as a company, a provider and the operator. Needs Python 3; where that is missing it says
 * so, and that is no failure.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { routes } from '../../shared/api/registry.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { fetchSchemathesis, missingTool, runSchemathesis, VERSION } from '../../tests/counterparts/schemathesis.ts';
import { ask } from '../local/actors/calls.ts';
import { openDirectory } from '../local/actors/directory.ts';
import { setClock } from '../local/actors/market-time.ts';
import { type Marketplace, openMarketplace } from '../local/marketplace.ts';

const CACHE = '.parley/counterparts/schemathesis';
const RUN_TIMEOUT_MS = 15 * 60_000;
const JANUARY = Date.UTC(2026, 0, 15);
const FEBRUARY = Date.UTC(2026, 1, 1);
const REQUESTS = 30;
/** Links are followed this many times as often as an operation is called. */
const FOLLOWED = 5;

const { values } = parseArgs({
  options: { examples: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());

process.exitCode = await main();

/** Answers the exit code. */
async function main(): Promise<number> {
  const missing = missingTool();
  if (missing !== undefined) {
    console.log(`skipped: Schemathesis, for this machine has no working ${missing}`);
    console.log('0 passed, 0 failed');
    return 0;
  }
  const dataFolder = mkdtempSync(join(tmpdir(), 'parley-schemathesis-'));
  let market: Marketplace | undefined;
  try {
    const program = await fetchSchemathesis(resolve(CACHE), (text) => console.log(`Schemathesis: ${text}`));
    market = await openMarketplace({ dataFolder, port: 0 });
    return await runAll(program, market.baseUrl, await layMarket(market));
  } catch (error) {
    if (stopping.signal.aborted) return 130;
    console.error(error instanceof Error ? error.message : error);
    console.log('0 passed, 1 failed');
    return 1;
  } finally {
    await market?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

type Caller = { role: Role; apiKey: string };

/** Two runs for each caller, over what its role may call; what is open to everybody is called by the first. */
async function runAll(program: string, baseUrl: string, callers: readonly Caller[]): Promise<number> {
  let failed = 0;
  for (const [place, { role, apiKey }] of callers.entries()) {
    const operations = routes
      .filter((route) => !route.localOnly && mayCall(role, place === 0, route))
      .map(({ id }) => id);
    console.log(`\nSchemathesis ${VERSION} as ${role}: ${operations.length} operations, seed ${values.seed}`);
    // Links first: the other phases use up what there is to claim, and go offline.
    for (const phases of ['stateful', 'examples,coverage,fuzzing'] as const) {
      const code = await runSchemathesis({
        phases,
        program,
        baseUrl,
        apiKey,
        operations,
        seed: Number(values.seed),
        maxExamples: Number(values.examples) * (phases === 'stateful' ? FOLLOWED : 1),
        timeoutMs: RUN_TIMEOUT_MS,
        signal: stopping.signal,
      });
      if (code !== 0) failed += 1;
    }
  }
  console.log(`${2 * callers.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function mayCall(role: Role, isFirst: boolean, { access }: (typeof routes)[number]): boolean {
  if (access.who === 'members') return access.roles.includes(role);
  return isFirst && access.who !== 'person';
}

/** A queue with an awarded round, requests that wait, and a key for each side. */
async function layMarket(market: Marketplace): Promise<Caller[]> {
  const { anybody, ...directory } = openDirectory(market.baseUrl, 'schemathesis');
  await setClock(anybody, 'standing', JANUARY);
  const operator = await directory.operator();
  const serviceClass = {
    category: 'Cards',
    channel: 'Web',
    language: 'en-US',
    region: 'US',
    slaTier: 'standard',
  } as const;
  const terms = {
    slaHours: 48,
    ceilingMicros: 9_000_000,
    failureCostMicros: 1_000_000,
    secondPersonAboveMicros: 1_000_000_000_000,
  };
  const { id: queue } = await ask('open a queue', () =>
    operator.POST('/v1/queues', { body: { serviceClass, currency: 'USD', terms } }),
  );
  const company = await directory.company('Acme Bank');
  const provider = await directory.provider({ name: 'Helpers', kind: 'agent_pool', qualityBps: 9_000 } as never);
  const params = { path: { queue, round: 1 } };
  await ask('commit', () =>
    company.client.PUT('/v1/queues/{queue}/rounds/{round}/commitment', {
      params,
      body: { currency: 'USD', volume: 1_000 },
    }),
  );
  const tiers = [{ minVolume: 0, priceMicros: 2_000_000 }];
  await ask('bid', () =>
    provider.client.PUT('/v1/queues/{queue}/rounds/{round}/bid', {
      params,
      body: { currency: 'USD', capacity: 2_000, tiers },
    }),
  );
  for (const to of [FEBRUARY - 23 * HOUR, FEBRUARY + MINUTE, FEBRUARY + 33 * HOUR])
    for (let complete = false; !complete; ) {
      const moved = await market.advance(to);
      if (!moved.ok) throw new Error(moved.detail);
      complete = moved.value.complete;
    }
  for (let i = 0; i < REQUESTS; i++)
    await ask('send a request', () =>
      company.client.POST('/v1/requests', {
        body: { externalId: `case-${i}`, queue, customer: `c${i}@example.com`, text: 'Where is my card?' },
      }),
    );
  const body = { name: 'schemathesis', roles: ['market.operator' as const] };
  const made = await ask('make a key', () =>
    operator.POST('/v1/api-keys', { body, headers: { 'Idempotency-Key': 'schemathesis' } }),
  );
  return [
    { role: 'company.admin', apiKey: company.secret },
    { role: 'provider.admin', apiKey: provider.secret },
    { role: 'market.operator', apiKey: made.secret ?? '' },
  ];
}
