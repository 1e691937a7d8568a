/** The simulated market: three companies and eight providers with fifty agents share one queue in one round of a month. */
import type { ProviderKind } from '../../../shared/bid/bid.ts';
import type { Tables } from '../../../shared/kernel/table.ts';
import { HOUR, MINUTE } from '../../../shared/kernel/time.ts';
import { Terms } from '../../../shared/terms/terms.ts';
import { FEBRUARY, TestMarket } from '../../support/round.ts';

export type Company = { id: string; committed: number };
export type Provider = { id: string; kind: ProviderKind };
export type Agent = { id: string; provider: Provider };

/** Requests come from this time on; the round has begun. */
export const FROM = FEBRUARY + 9 * HOUR;
/** How much happens at once: a smaller run is a shorter one with fewer agents, neither thinner nor denser. */
const REQUESTS_AN_AGENT_AN_HOUR = 10;
const LEAST_HOURS = 3;
const REQUESTS_AN_AGENT = 200;
/** Of a hundred requests so many are committed: the rest come as overflow, as they do in real files. */
const COMMITTED_PERCENT = 70;

const COMPANIES = ['co_simco00001', 'co_simco00002', 'co_simco00003'] as const;
const PROVIDERS: readonly (readonly [string, ProviderKind, number])[] = [
  ['pr_simauto001', 'automation', 6],
  ['pr_simauto002', 'automation', 6],
  ['pr_simpool001', 'agent_pool', 9],
  ['pr_simpool002', 'agent_pool', 8],
  ['pr_simpool003', 'agent_pool', 7],
  ['pr_simpool004', 'agent_pool', 6],
  ['pr_simcomm001', 'community', 5],
  ['pr_simcomm002', 'community', 3],
];
const TERMS = Terms.parse({
  roundLength: 'month',
  provisionalHours: [],
  slaHours: 8,
  silenceHours: 24,
  reopenHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 1_000_000,
  secondPersonAboveMicros: 1_000_000_000_000,
});

export type World = {
  market: TestMarket;
  companies: readonly Company[];
  providers: readonly Provider[];
  agents: readonly Agent[];
  /** When the last request has come. */
  until: number;
};

/** A market whose round is active, for about so many requests. */
export async function openWorld(tables: Tables, requests: number): Promise<World> {
  const market = new TestMarket(tables, TERMS);
  await market.open(`Simulated ${requests}`);
  const committed = Math.max(1, Math.ceil((requests * COMMITTED_PERCENT) / 100 / COMPANIES.length));
  const limits = { blocked: [], minimumQualityBps: 0 };
  const [first, second, third] = COMPANIES;
  await market.commit(first, committed, { limits: { ...limits, automation: 'first' } });
  await market.commit(second, committed);
  await market.commit(third, committed, { limits: { ...limits, automation: 'never' } });
  const providers = PROVIDERS.map(([id, kind]) => ({ id, kind }));
  for (const [at, { id, kind }] of providers.entries()) {
    const capacity = Math.ceil(requests / 5);
    const priceMicros = 1_000_000 + 100_000 * at;
    const tiers = [
      { minVolume: 0, priceMicros },
      { minVolume: Math.ceil(capacity / 2), priceMicros: Math.floor(priceMicros * 0.9) },
    ];
    await market.bid(id, kind, { capacity, tiers }, 8_000 + 200 * at);
  }
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = FROM;
  const most = Math.ceil(requests / REQUESTS_AN_AGENT);
  const agents = PROVIDERS.flatMap(([id, kind, count]) =>
    Array.from({ length: Math.min(count, Math.max(1, Math.ceil((count * most) / 50))) }, (_, i) => ({
      id: `${id}-${i}`,
      provider: { id, kind },
    })),
  );
  const hours = Math.ceil(requests / (agents.length * REQUESTS_AN_AGENT_AN_HOUR));
  const until = FROM + Math.max(LEAST_HOURS, hours) * HOUR;
  return { market, companies: COMPANIES.map((id) => ({ id, committed })), providers, agents, until };
}
