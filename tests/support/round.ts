/** A small market for scenarios: companies commit, providers bid, rounds step, over the stores themselves. */

import { putBid } from '../../shared/bid/bid.store.ts';
import type { BidInput, ProviderKind } from '../../shared/bid/bid.ts';
import { putCommitment } from '../../shared/commitment/commitment.store.ts';
import { CommitmentInput } from '../../shared/commitment/commitment.ts';
import type { Due } from '../../shared/dispatch/due.ts';
import { PASSES } from '../../shared/dispatch/due.ts';
import { readLanes } from '../../shared/dispatch/lane.store.ts';
import { sweepLane } from '../../shared/dispatch/lane-sweep.store.ts';
import { leasePartitions } from '../../shared/dispatch/lease.store.ts';
import { sweepLeases } from '../../shared/dispatch/sweep.store.ts';
import type { Call } from '../../shared/kernel/call.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { dropProvisional } from '../../shared/provisional/provisional.store.ts';
import { clearProvisionally } from '../../shared/provisional/provisional-clearing.store.ts';
import { createQueue } from '../../shared/queue/queue.store.ts';
import { clearRound } from '../../shared/round/clearing.store.ts';
import { stepDueRounds, type ToClear } from '../../shared/round/step.store.ts';
import { Terms, windowClassOf } from '../../shared/terms/terms.ts';

export const START = Date.parse('2026-01-15T00:00:00Z');
export const FEBRUARY = Date.parse('2026-02-01T00:00:00Z');
export const SECOND_OF_FEBRUARY = Date.parse('2026-02-02T09:00:00Z');

export const TERMS = Terms.parse({
  roundLength: 'month',
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 1_000_000,
  secondPersonAboveMicros: 1_000_000_000_000,
});

/** The value of a result that must be there. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result.value;
}

/** Markets opened so far in the same tables. */
const opened = new Map<string, number>();

export class TestMarket {
  readonly tables: Tables;
  now = START;
  queue = '';
  terms: Terms;
  readonly sent: ToClear[] = [];
  private readonly solver = createMarketSolver();

  constructor(tables: Tables, terms: Terms = TERMS) {
    // Caches belong to a set of tables: a market of its own forgets what others remember.
    const config = tables.owner as TableConfig;
    this.tables = new Tables({ ...config });
    // A window class of its own: other markets in the same tables live at other times, and sweeps never go back.
    const other = opened.get(config.names.requests) ?? 0;
    opened.set(config.names.requests, other + 1);
    this.terms = {
      ...terms,
      silenceHours: terms.silenceHours - (other % 70),
      reopenHours: terms.reopenHours + Math.floor(other / 70),
    };
  }

  /** A call at the market's time with a meter of its own. */
  call(now = this.now): Call {
    return { tables: this.tables.metered(), now };
  }

  async open(category: string): Promise<void> {
    const serviceClass = { category, channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' as const };
    this.queue = must(await createQueue(this.call(), { serviceClass, currency: 'USD', terms: this.terms })).queue.id;
  }

  async commit(company: string, volume: number, more: Partial<CommitmentInput> = {}, round = 1): Promise<void> {
    must(
      await putCommitment(
        this.call(),
        company,
        this.queue,
        round,
        CommitmentInput.parse({ currency: 'USD', volume, ...more }),
      ),
    );
  }

  async bid(
    provider: string,
    kind: ProviderKind,
    bid: Omit<BidInput, 'currency' | 'rollOver'> & { rollOver?: boolean },
    qualityBps = 9_000,
    round = 1,
  ): Promise<void> {
    must(
      await putBid(this.call(), { tenant: provider, kind, qualityBps }, this.queue, round, {
        currency: 'USD',
        rollOver: false,
        ...bid,
      }),
    );
  }

  /** Brings rounds and clearing up to the market's time. */
  async step(): Promise<void> {
    for (let i = 0; i < 12; i++) {
      const { nextAt } = await stepDueRounds(
        this.call(),
        async (_queue, bodies) => void this.sent.push(...(bodies as ToClear[])),
      );
      for (const message of this.sent.splice(0)) await this.clear(message);
      if (nextAt === null || nextAt > this.now) return;
    }
  }

  /** As the consumer of the clearing queue does. */
  private async clear({ queue, round, provisional }: ToClear): Promise<void> {
    if (provisional !== undefined) {
      await clearProvisionally(this.call(), queue, round, provisional, this.solver);
      return;
    }
    await clearRound(this.call(), queue, round, this.solver);
    await dropProvisional(this.call(), queue, round);
  }

  async advance(to: number): Promise<void> {
    this.now = to;
    await this.step();
    await this.sweep();
    await this.step();
  }

  /** Runs every sweep once, in the order of passes. */
  async sweep(): Promise<void> {
    const call = this.call();
    const partitions = await leasePartitions(call, windowClassOf(this.terms), '2020-01-01');
    for (const pass of PASSES) for (const partition of partitions) await sweepLeases(call, partition, pass);
    for (const lane of await this.lanes()) await sweepLane(call, lane);
  }

  private async lanes(): Promise<Extract<Due, { kind: 'lane' }>[]> {
    const rounds = [1, 2, 3];
    const found = await Promise.all(rounds.map((round) => readLanes(this.call(), this.queue, round)));
    return found.flatMap((lanes, i) => {
      const round = rounds[i]!;
      const own = lanes.map((lane) => ({
        kind: 'lane' as const,
        queue: this.queue,
        round,
        provider: lane.provider,
        shard: 0,
      }));
      return [...own, { kind: 'lane' as const, queue: this.queue, round, provider: null, shard: 0 }];
    });
  }
}
