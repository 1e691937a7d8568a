/** One queue with an active round on the marketplace of one machine, reached over HTTP as everybody reaches it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../../../infra/local/actors/calls.ts';
import { type Member, openDirectory } from '../../../infra/local/actors/directory.ts';
import { drivenTime, type MarketTime, setClock } from '../../../infra/local/actors/market-time.ts';
import { type Marketplace, type MarketplaceOptions, openMarketplace } from '../../../infra/local/marketplace.ts';
import { NO_LIMITS } from '../../../shared/commitment/commitment.ts';
import { HOUR, iso, MINUTE } from '../../../shared/kernel/time.ts';
import { Terms } from '../../../shared/terms/terms.ts';

export type BenchMarket = {
  marketplace: Marketplace;
  companies: readonly Member[];
  providers: readonly Member[];
  queue: string;
  round: number;
  /** Moves the market clock. */
  time: MarketTime;
  stop(): Promise<void>;
};

const OPENED_AT = Date.parse('2026-01-15T00:00:00Z');
const BEGINS_AT = Date.parse('2026-02-01T00:00:00Z');
/** Far from the end of the round, at an hour when nothing else falls due. */
const WORKS_AT = BEGINS_AT + 24 * HOUR + 7 * MINUTE;
const TERMS = Terms.parse({
  roundLength: 'month',
  provisionalHours: [],
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 1_000_000,
  secondPersonAboveMicros: 1_000_000_000_000,
});

/** Companies that commit `volume` requests in all to one queue, and providers that share them evenly. The clock stands. */
export async function openBenchMarket(
  size: { companies: number; providers: number; volume: number },
  parts: Pick<MarketplaceOptions, 'load' | 'web'> = {},
): Promise<BenchMarket> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const options = { dataFolder: join(folder, 'data'), port: 0, terminal: () => undefined, ...parts };
  const marketplace = await openMarketplace(options);
  const stop = async () => {
    await marketplace.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { marketplace, ...(await fill(marketplace.baseUrl, size)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(baseUrl: string, size: { companies: number; providers: number; volume: number }) {
  const directory = openDirectory(baseUrl, 'bench');
  const time = drivenTime(directory.anybody, await setClock(directory.anybody, 'standing', OPENED_AT));
  const operator = await directory.operator();
  const queue = await ask('open the queue', () =>
    operator.POST('/v1/queues', {
      body: {
        serviceClass: { category: 'Bench', channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' },
        currency: 'USD',
        terms: TERMS,
        firstRoundStartsAt: iso(BEGINS_AT),
      },
    }),
  );
  const params = { path: { queue: queue.id, round: 1 } };
  const companies = await Promise.all(numbered(size.companies, (n) => directory.company(`Company ${n}`)));
  for (const { client } of companies) {
    const volume = Math.ceil(size.volume / size.companies);
    const body = { currency: 'USD' as const, volume, limits: NO_LIMITS };
    await ask('commit', () => client.PUT('/v1/queues/{queue}/rounds/{round}/commitment', { params, body }));
  }
  const providers = await Promise.all(
    numbered(size.providers, (n) =>
      directory.provider({ name: `Pool ${n}`, kind: 'agent_pool', qualityBps: 9_000, capacityShare: 1 }),
    ),
  );
  for (const { client } of providers) {
    const capacity = Math.ceil(size.volume / size.providers);
    const body = { currency: 'USD' as const, capacity, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] };
    await ask('bid', () => client.PUT('/v1/queues/{queue}/rounds/{round}/bid', { params, body }));
  }
  await time.reach(WORKS_AT);
  return { companies, providers, queue: queue.id, round: 1, time };
}

const numbered = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i + 1));
