/** A market scenario as a buyer can read it, and what the market's own functions need made from it. */
import * as z from 'zod';
import type { CompanyAward, ProviderAward } from '../../shared/award/award.ts';
import type { StoredBid } from '../../shared/bid/bid.store.ts';
import { ProviderKind } from '../../shared/bid/bid.ts';
import { AutomationPolicy, type Commitment, CommitmentInput } from '../../shared/commitment/commitment.ts';
import type { Clearing, ClearingInput } from '../../shared/market/clearing.ts';
import { clearingInput } from '../../shared/round/clearing-input.ts';
import type { CompanyTotals } from '../../shared/round/report.ts';
import { openRound } from '../../shared/round/round.ts';
import { emptyTotals } from '../../shared/round/totals.store.ts';
import { Terms } from '../../shared/terms/terms.ts';

const Money = z
  .string()
  .regex(/^-?\d+\.\d{2,6}$/, 'write money as "1.95"')
  .transform((text) => Math.round(Number(text) * 1_000_000));
const Percent = z
  .string()
  .regex(/^\d+(?:\.\d+)? %$/, 'write a share as "95 %"')
  .transform((text) => Math.round(Number(text.slice(0, -2)) * 100));
const Requests = z.int().min(0);
const Sentence = z.string().min(20);
const named = <Value extends z.ZodType>(value: Value) => z.record(z.string().min(1), value);

const Company = z.strictObject({
  volume: z.int().min(1),
  /** Left out: read as the ceiling. */
  reserve: Money.optional(),
  /** Left out: the figure of the terms. */
  failureCost: Money.optional(),
  /** Charges in the last closed round; left out: no record. */
  record: Requests.default(0),
  limits: z
    .strictObject({
      automation: AutomationPolicy.optional(),
      kinds: z.array(ProviderKind).optional(),
      blocked: z.array(z.string()).optional(),
      minimumQuality: Percent.optional(),
    })
    .default({}),
  overflow: z.enum(['allowed', 'refused']).default('allowed'),
});

const Provider = z.strictObject({
  kind: ProviderKind.default('agent_pool'),
  capacity: z.int().min(1),
  quality: Percent.default(10_000),
  tiers: z.array(z.strictObject({ from: Requests, price: Money })).min(1),
});

/** What became of a company's requests by the round's close. */
const Outcome = z.strictObject({
  sent: Requests,
  /** Requests of its award that took a slot. */
  bySlot: Requests,
  /** Charged, declined or failed by providers; left out: all that were sent. */
  attempted: Requests.optional(),
  charged: Money,
  /** The same at the full price, where some were assumed; left out: as charged. */
  atFullPrice: Money.optional(),
  /** What its charges left in the pool after providers and fee; below 0 they cost more. */
  pool: Money,
});

export const Scenario = z.strictObject({
  title: z.string().min(10),
  story: Sentence,
  seed: z.string().default('seed'),
  terms: z.strictObject({
    ceiling: Money,
    fee: Percent.default(0),
    failureCost: Money.default(0),
    shareLimit: Percent.default(10_000),
  }),
  companies: named(Company),
  providers: named(Provider),
  close: z.strictObject({ carriedIn: Money.default(0), companies: named(Outcome) }).optional(),
  expected: z.strictObject({
    /** The bid or commitment is refused, with these words. */
    refused: z.string().optional(),
    gain: Money.optional(),
    /** What providers and the fee cost in all. */
    cost: Money.optional(),
    /** No group of companies gains more than this by leaving. */
    epsilon: Money.optional(),
    /** Everybody's gains, least first, where it is open who has which. */
    gains: z.array(Money).optional(),
    companies: named(
      z.strictObject({
        awarded: Requests.optional(),
        from: named(Requests).optional(),
        /** Required where nothing is awarded. */
        notServed: z
          .enum(['no eligible bid', 'worth less than every price within reach', 'others are worth more'])
          .optional(),
        price: Money.optional(),
        dearerRequests: Requests.optional(),
        pays: Money.optional(),
        standalonePrice: Money.nullable().optional(),
        gains: Money.optional(),
        releaseCredit: Money.optional(),
        shareBase: Requests.optional(),
        /** Standing bids that its further requests go to, best first, at all-in prices. */
        overflow: z.array(z.strictObject({ to: z.string(), price: Money })).optional(),
      }),
    ).default({}),
    providers: named(
      z.strictObject({
        awarded: Requests.optional(),
        /** Counted from 1. */
        tier: z.int().min(1).nullable().optional(),
        paid: Money.nullable().optional(),
        allIn: Money.nullable().optional(),
        left: Requests.optional(),
        why: z.enum(['awarded', 'no_eligible_demand', 'below_minimum', 'too_dear', 'outbid']).optional(),
        /** The highest price that would have won it something; null: none would. */
        priceToWin: Money.nullable().optional(),
      }),
    ).default({}),
    /** Where requests of a company without a commitment go, best first. */
    lateJoiner: z.array(z.strictObject({ to: z.string(), price: Money })).optional(),
    close: z
      .strictObject({
        shortfall: named(
          z.strictObject({ toPool: Money, toProviders: named(Money), toMarket: Money.default(0) }),
        ).optional(),
        releaseCredit: named(Money).optional(),
        handedBack: named(Money).optional(),
        subsidy: Money.optional(),
        carriedOut: Money.optional(),
      })
      .optional(),
  }),
  /** How each figure follows from the published rules, worked out by hand. */
  reasoning: z.array(Sentence).min(2),
});
export type Scenario = z.infer<typeof Scenario>;

const ROUND = 1;
const LAST_WEEK = Date.parse('2026-02-01T00:00:00Z');

export function termsOf({ terms }: Scenario): Terms {
  return Terms.parse({
    slaHours: 48,
    feeBps: terms.fee,
    ceilingMicros: terms.ceiling,
    failureCostMicros: terms.failureCost,
    shareLimitBps: terms.shareLimit,
    secondPersonAboveMicros: 1_000_000_000_000,
  });
}

/** The clearing's input by the function the service itself uses, so that limits in words are read as they are there. */
export function inputOf(scenario: Scenario): ClearingInput {
  const terms = termsOf(scenario);
  const round = openRound('queue', ROUND, LAST_WEEK, terms, 1, scenario.seed, '', LAST_WEEK);
  const commitments = Object.entries(scenario.companies).map(([company, asked]) => commitmentOf(company, asked));
  const bids = Object.entries(scenario.providers).map(
    ([provider, bid]): StoredBid => ({
      queue: 'queue',
      round: ROUND,
      provider,
      kind: bid.kind,
      currency: 'USD',
      capacity: bid.capacity,
      tiers: bid.tiers.map(({ from, price }) => ({ minVolume: from, priceMicros: price })),
      qualityBps: bid.quality,
      rollOver: false,
      nonce: '',
      hash: '',
      submittedAt: '2026-01-15T00:00:00.000Z' as StoredBid['submittedAt'],
    }),
  );
  const records = new Map(Object.entries(scenario.companies).map(([company, { record }]) => [company, record]));
  return clearingInput(round, terms, commitments, bids, records);
}

function commitmentOf(company: string, asked: Scenario['companies'][string]): Commitment {
  const { minimumQuality, automation, kinds } = asked.limits;
  const input = CommitmentInput.parse({
    currency: 'USD',
    volume: asked.volume,
    reserveMicros: asked.reserve,
    failureCostMicros: asked.failureCost,
    limits: { automation, kinds, minimumQualityBps: minimumQuality },
    overflow: asked.overflow,
  });
  // Scenarios name providers by what they are called, not by ids.
  const limits = { ...input.limits, blocked: asked.limits.blocked ?? [] } as Commitment['limits'];
  const submittedAt = '2026-01-15T00:00:00.000Z' as Commitment['submittedAt'];
  return { queue: 'queue', round: ROUND, company, ...input, limits, nonce: '', hash: '', submittedAt };
}

/** The awards as the round keeps them, for what happens after the clearing. */
export function awardsOf(
  scenario: Scenario,
  clearing: Clearing,
): { companies: CompanyAward[]; providers: ProviderAward[] } {
  const terms = termsOf(scenario);
  const companies = clearing.companies.map((result): CompanyAward => {
    const { reserveMicros, failureCostMicros, limits, overflow } = commitmentOf(
      result.id,
      scenario.companies[result.id]!,
    );
    return {
      queue: 'queue',
      round: ROUND,
      company: result.id,
      committed: result.committed,
      awarded: result.awarded,
      byProvider: result.byProvider.map((part) => ({ ...part })),
      totalMicros: result.totalMicros,
      unitPriceMicros: result.unitPriceMicros,
      dearerRequests: result.dearerRequests,
      standalonePriceMicros: result.standalonePriceMicros,
      releaseCreditMicros: result.releaseCreditMicros,
      capacityShareBase: result.capacityShareBase,
      reserveMicros: Math.min(reserveMicros ?? terms.ceilingMicros, terms.ceilingMicros),
      failureCostMicros: failureCostMicros ?? terms.failureCostMicros,
      limits,
      overflow,
      counters: 1,
    };
  });
  const providers = clearing.providers.map((result): ProviderAward => {
    const bid = scenario.providers[result.id]!;
    return {
      queue: 'queue',
      round: ROUND,
      provider: result.id,
      kind: bid.kind,
      qualityBps: bid.quality,
      capacity: bid.capacity,
      awarded: result.awarded,
      priceMicros: result.priceMicros,
      firstTierMicros: bid.tiers[0]!.price,
      standingCapacity: result.capacityLeft,
      shards: 1,
    };
  });
  return { companies, providers };
}

/** The round's final totals as the close reads them. */
export function totalsOf(outcomes: Readonly<Record<string, z.infer<typeof Outcome>>>): CompanyTotals[] {
  return Object.entries(outcomes).map(([company, outcome]) => ({
    ...emptyTotals(company),
    sent: outcome.sent,
    bySlot: outcome.bySlot,
    attempted: outcome.attempted ?? outcome.sent,
    chargedMicros: outcome.charged,
    fullPriceMicros: outcome.atFullPrice ?? outcome.charged,
    poolMicros: outcome.pool,
  }));
}
