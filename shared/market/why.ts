/**
 * Why a provider was awarded what it was, or nothing, and what would have won: as data and as a sentence. The whole
 * answer holds what rivals and companies did; `whyAsTold` leaves what the bidder may know of it.
 */
import * as z from 'zod';
import { asMicros, formatMicros, type Micros } from '../kernel/money.ts';
import { allot, orderInput, type ProviderClearing } from './clearing.ts';
import type { ClearingInput, ClearingProvider } from './input.ts';
import { type MarketProvider, openMarket, volumeWorth } from './reach.ts';
import type { Solver } from './solver.ts';

/** From so many independent bidders on, a loser may be told the price to win. */
export const BIDDERS_TO_TELL_PRICE = 4;
/** From so many independent companies on, their volume may be shown. */
export const COMPANIES_TO_TELL_VOLUME = 3;

const Count = z.int().min(0);
const Price = z.int().min(0);

/**
 * The highest price (as bid, fee not inside) at which the provider would have been awarded something had it asked no
 * more for any request; rounded down to a step of 1 % where it is told. `null`: at no price, not even 0.
 */
export const PriceToWin = z
  .discriminatedUnion('told', [
    z.object({
      told: z.literal(true),
      micros: Price.nullable().meta({ description: 'The most that would have won; null: nothing would, not even 0' }),
      isRounded: z.boolean().meta({ description: 'Down to a step of 1 %' }),
    }),
    z.object({
      told: z.literal(false),
      because: z.enum(['few_bidders', 'too_large']).meta({
        description: 'Fewer than four bidders, or a market too large to clear again while you wait',
      }),
    }),
  ])
  .meta({ id: 'PriceToWin' });
export type PriceToWin = z.infer<typeof PriceToWin>;

const Tier = z.object({ minVolume: Count, priceMicros: Price });

/** Volumes in requests, prices in micro-units as bid. A volume of companies is null where it may not be shown. */
export const ProviderWhy = z
  .discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('awarded'),
      awarded: Count,
      capacity: Count,
      priceMicros: Price,
      limit: z.enum(['capacity', 'share_limit', 'demand']).meta({
        description:
          'What kept it from more: its own capacity, the terms’ share limit, or that no more demand is best served by it',
      }),
      nextTier: Tier.extend({ missing: Count })
        .nullable()
        .meta({ description: 'The next price of the bid, and the requests that lack to it' }),
    }),
    z.object({ outcome: z.literal('no_eligible_demand') }).meta({ description: 'No company with volume accepts it' }),
    z
      .object({
        outcome: z.literal('below_minimum'),
        minVolume: Count,
        capacity: Count,
        eligibleVolume: Count.nullable(),
      })
      .meta({
        description:
          'Its minimum award is more than its capacity (under the share limit), or than all eligible volume (null below three companies)',
      }),
    z
      .object({
        outcome: z.literal('too_dear'),
        tier: Tier,
        worthVolume: Count.nullable(),
        priceToWin: PriceToWin,
      })
      .meta({
        description:
          'None of its prices is within reach: too little demand (null below three companies) is worth them. The tier named lacks the least',
      }),
    z
      .object({ outcome: z.literal('outbid'), priceToWin: PriceToWin })
      .meta({ description: 'Its best price is within reach, and others serve the demand better' }),
  ])
  .meta({ id: 'ProviderWhy' });
export type ProviderWhy = z.infer<typeof ProviderWhy>;

/**
 * Explains one provider's result in a clearing of this input. Asks the solver about 40 times where the provider lost;
 * without one there is no price to win. Throws where the provider has no bid in it.
 */
export async function whyProvider(
  input: ClearingInput,
  clearing: { readonly providers: readonly Pick<ProviderClearing, 'id' | 'awarded' | 'capacityLeft'>[] },
  id: string,
  solver: Solver | null,
): Promise<ProviderWhy> {
  const ordered = await orderInput(input);
  const index = ordered.providers.findIndex((provider) => provider.id === id);
  const result = clearing.providers.find((provider) => provider.id === id);
  const bid = ordered.providers[index];
  if (bid === undefined || result === undefined) throw new Error(`${id} has no bid in this clearing`);
  const market = openMarket(ordered);
  if (result.awarded > 0) return whyAwarded(bid, result.awarded, result.capacityLeft);
  const provider = market.providers[index]!;
  const worth = (price: number) => volumeWorth(market.companies, index, price);
  const closed = provider.steps.length > 0 ? undefined : whyClosed(provider, worth);
  if (closed !== undefined && closed.outcome !== 'too_dear') return closed;
  const priceToWin: PriceToWin =
    solver === null
      ? { told: false, because: 'too_large' }
      : { told: true, micros: await priceToWinOf(ordered, index, solver), isRounded: false };
  return closed === undefined ? { outcome: 'outbid', priceToWin } : { ...closed, priceToWin };
}

function whyAwarded(bid: ClearingProvider, awarded: number, capacityLeft: number): ProviderWhy {
  const tier = bid.tiers.findLastIndex(({ minVolume }) => minVolume <= awarded);
  const next = bid.tiers[tier + 1];
  const limit = awarded === bid.capacity ? 'capacity' : capacityLeft === 0 ? 'share_limit' : 'demand';
  return {
    outcome: 'awarded',
    awarded,
    capacity: bid.capacity,
    priceMicros: bid.tiers[tier]!.priceMicros,
    limit,
    nextTier: next === undefined ? null : { ...next, missing: next.minVolume - awarded },
  };
}

type Closed =
  | Extract<ProviderWhy, { outcome: 'no_eligible_demand' | 'below_minimum' }>
  | Omit<Extract<ProviderWhy, { outcome: 'too_dear' }>, 'priceToWin'>;

/** Why none of a provider's prices is within reach; `worth` is the eligible volume worth an all-in price. */
function whyClosed({ tiers, capacity }: MarketProvider, worth: (allInMicros: number) => number): Closed {
  const eligibleVolume = worth(Number.NEGATIVE_INFINITY);
  if (eligibleVolume === 0) return { outcome: 'no_eligible_demand' };
  const { minVolume } = tiers[0]!;
  if (capacity === 0 || Math.min(capacity, eligibleVolume) < minVolume) {
    return { outcome: 'below_minimum', minVolume, capacity, eligibleVolume };
  }
  const lacking = tiers
    .filter((tier) => tier.minVolume <= capacity)
    .map((tier) => ({ tier, worthVolume: worth(tier.allInMicros) }))
    .map((near) => ({ ...near, missing: Math.max(1, near.tier.minVolume) - near.worthVolume }));
  const { tier, worthVolume } = lacking.reduce((least, near) => (near.missing < least.missing ? near : least));
  return {
    outcome: 'too_dear',
    tier: { minVolume: tier.minVolume, priceMicros: tier.priceMicros },
    worthVolume,
  };
}

/**
 * Bisection over what the market would have awarded had no tier of the bid cost more than p: at the answer it is awarded
 * something, one micro-unit above it is not.
 *
 * A lower p only opens companies to this provider and lowers its cost, and leaves every allocation without it as it is,
 * so it is awarded for certain below the p at which both gain the same. Only where it wins at a tier that p does not
 * touch can they gain the same at several p; ties then fall by the round's order at each p, and the answer is one p at
 * which they fall for it with p + 1 falling against it, not always the highest.
 */
async function priceToWinOf(ordered: ClearingInput, index: number, solver: Solver): Promise<Micros | null> {
  const isAwardedAt = async (most: number): Promise<boolean> => {
    const { allocation } = await allot(openMarket(bidAtMost(ordered, index, most)), solver);
    return allocation.served[index]! > 0;
  };
  if (!(await isAwardedAt(0))) return null;
  let [won, lost] = [0, ordered.providers[index]!.tiers[0]!.priceMicros];
  while (lost - won > 1) {
    const middle = Math.floor((won + lost) / 2);
    if (await isAwardedAt(middle)) won = middle;
    else lost = middle;
  }
  return asMicros(won);
}

/** The same market, had one provider asked no more than a price for any request. */
function bidAtMost(input: ClearingInput, index: number, most: number): ClearingInput {
  const providers = input.providers.map((provider, j) => {
    if (j !== index) return provider;
    const tiers = provider.tiers.map((tier) => ({ ...tier, priceMicros: Math.min(tier.priceMicros, most) }));
    return { ...provider, tiers };
  });
  return { ...input, providers };
}

/**
 * Rounds a price down to a step of 1 %. The steps (1, 2, …, 200, 202, …, each at most 1 % above the one before) are the
 * same for every bid, so that asking again with other prices of one's own tells no more; rounded down, the price still wins.
 */
export function roundToPercentStep(micros: number): Micros {
  if (micros < 1) return asMicros(0);
  let step = 1;
  for (let next = step; next <= micros; next = step + Math.max(1, Math.floor(step / 100))) step = next;
  return asMicros(step);
}

/**
 * What the bidder itself may be told: the price to win from four independent bidders on and in steps of 1 %, volumes of
 * companies from three independent ones on. Who is independent of whom the caller knows.
 */
export function whyAsTold(
  why: ProviderWhy,
  independent: { readonly bidders: number; readonly companies: number },
): ProviderWhy {
  const mayShowVolume = independent.companies >= COMPANIES_TO_TELL_VOLUME;
  if (why.outcome === 'below_minimum') return mayShowVolume ? why : { ...why, eligibleVolume: null };
  if (why.outcome !== 'too_dear' && why.outcome !== 'outbid') return why;
  const priceToWin = priceAsTold(why.priceToWin, independent.bidders);
  if (why.outcome === 'outbid') return { ...why, priceToWin };
  return { ...why, worthVolume: mayShowVolume ? why.worthVolume : null, priceToWin };
}

function priceAsTold(price: PriceToWin, bidders: number): PriceToWin {
  if (bidders < BIDDERS_TO_TELL_PRICE) return { told: false, because: 'few_bidders' };
  if (!price.told) return price;
  return { told: true, micros: price.micros === null ? null : roundToPercentStep(price.micros), isRounded: true };
}

/** The explanation in words to the provider. */
export function sentenceOf(why: ProviderWhy): string {
  switch (why.outcome) {
    case 'awarded':
      return awardSentence(why);
    case 'no_eligible_demand':
      return 'No company that committed requests accepts you within its limits.';
    case 'below_minimum':
      return minimumSentence(why);
    case 'too_dear': {
      const { tier, worthVolume } = why;
      const few = worthVolume === null ? 'too few requests' : `only ${worthVolume} requests`;
      const asked = tier.minVolume > 0 ? `, and that price needs ${tier.minVolume}` : '';
      return `At ${formatMicros(tier.priceMicros)} ${few} of companies that accept you are worth their price${asked}.${winSentence(why.priceToWin)}`;
    }
    case 'outbid':
      return `Others serve the demand better than you at your prices.${winSentence(why.priceToWin)}`;
  }
}

function awardSentence(why: Extract<ProviderWhy, { outcome: 'awarded' }>): string {
  const { awarded, capacity, priceMicros, limit, nextTier } = why;
  const price = `at ${formatMicros(priceMicros)} each`;
  if (limit === 'capacity') return `You are awarded all ${capacity} requests that you offered, ${price}.`;
  const reason =
    limit === 'share_limit'
      ? 'the terms let no provider have more'
      : 'others serve the rest better or it is not worth your price';
  const next =
    nextTier === null
      ? ''
      : ` Your next price, ${formatMicros(nextTier.priceMicros)} from ${nextTier.minVolume} requests on, takes ${nextTier.missing} more.`;
  return `You are awarded ${awarded} of the ${capacity} requests that you offered, ${price}: ${reason}.${next}`;
}

function minimumSentence(why: Extract<ProviderWhy, { outcome: 'below_minimum' }>): string {
  const { minVolume, capacity, eligibleVolume } = why;
  if (capacity === 0) return 'You offered no requests, or the terms let you have none.';
  if (capacity < minVolume)
    return `Your minimum award of ${minVolume} requests is above the ${capacity} that you can be awarded.`;
  const committed = eligibleVolume === null ? 'what' : `the ${eligibleVolume} requests that`;
  return `Your minimum award of ${minVolume} requests is above ${committed} companies that accept you have committed.`;
}

function winSentence(price: PriceToWin): string {
  if (!price.told) {
    return price.because === 'few_bidders'
      ? ` What would have won is told from ${BIDDERS_TO_TELL_PRICE} bidders on.`
      : ' What would have won is not told: this market is too large to be cleared again while you wait.';
  }
  if (price.micros === null) return ' No price of yours would have won anything.';
  const rounded = price.isRounded ? ' (rounded down to a step of 1 %)' : '';
  return ` At ${formatMicros(price.micros)}${rounded} or less for every request you would have been awarded some.`;
}
