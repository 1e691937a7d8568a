/** The estimate before joining: what requests of a class have cost in the last rounds, from published figures only. */
import * as z from 'zod';
import { asMicros, Currency, PriceMicros } from '../kernel/money.ts';
import { roundPrice } from '../provisional/coarse.ts';
import { savingBps } from '../provisional/provisional.ts';
import type { PublicQueue, PublicRound } from '../queue/queue.ts';
import { ServiceClass } from '../service-class/service-class.ts';

/** Rounds that an estimate looks back at. */
export const ROUNDS_LOOKED_AT = 6;

export const EstimateInput = z
  .strictObject({
    demand: z
      .array(
        z.strictObject({
          serviceClass: ServiceClass,
          currency: Currency,
          volume: z.int().min(1).max(50_000_000).meta({ description: 'Requests in one round of the queue' }),
        }),
      )
      .min(1)
      .max(20),
  })
  .meta({ id: 'EstimateInput' });
export type EstimateInput = z.infer<typeof EstimateInput>;

const range = <S extends z.ZodType>(value: S) => z.object({ low: value, likely: value, high: value });

export const ClassEstimate = z
  .object({
    queue: z.string().meta({ description: 'The queue of this class and currency, whether it exists or not' }),
    volume: z.int(),
    basis: z.enum(['several_rounds', 'one_round', 'too_little_data', 'no_queue']).meta({
      description: 'One round gives no range; too little data: no published round with three members yet',
    }),
    rounds: z.int().meta({ description: 'How many published rounds it rests on' }),
    priceMicros: range(PriceMicros)
      .nullable()
      .meta({ description: 'All-in, per resolution: lowest, latest, highest round' }),
    savingBps: range(z.int()).nullable().meta({ description: 'Against buying alone, to a whole per cent' }),
    costMicros: range(z.int()).nullable().meta({ description: 'Price times volume' }),
    says: z.string(),
  })
  .meta({ id: 'ClassEstimate' });
export type ClassEstimate = z.infer<typeof ClassEstimate>;

export const Estimate = z.object({ items: z.array(ClassEstimate) }).meta({ id: 'Estimate' });

/**
 * Price and saving per request for one class, from the figures everybody may see of its queue's last rounds. The range is
 * that of those rounds; the likely figure is the newest round's. What the newcomer's own volume would change is not
 * foretold: that needs sealed bids.
 */
export function estimateClass(
  id: string,
  volume: number,
  queue: PublicQueue | undefined,
  rounds: readonly PublicRound[],
): ClassEstimate {
  const nothing = { queue: id, volume, rounds: 0, priceMicros: null, savingBps: null, costMicros: null };
  if (queue === undefined)
    return { ...nothing, basis: 'no_queue', says: 'Nobody pools this class yet, so there is no price to go by.' };
  const known = [...rounds].sort((a, b) => b.round - a.round).filter((round) => round.averagePriceMicros !== null);
  const [latest] = known;
  if (latest === undefined)
    return {
      ...nothing,
      basis: 'too_little_data',
      says: 'No round of this queue has been published with three members or more, so there is no price to go by.',
    };
  const prices = rangeOf(known.map((round) => roundPrice(round.averagePriceMicros ?? 0)));
  const savings = known.flatMap(
    (round) => savingBps(round.averagePriceMicros ?? 0, round.averageStandaloneMicros) ?? [],
  );
  const cost = (micros: number) => asMicros(BigInt(micros) * BigInt(volume));
  const isOne = known.length === 1;
  return {
    queue: id,
    volume,
    basis: isOne ? 'one_round' : 'several_rounds',
    rounds: known.length,
    priceMicros: prices,
    savingBps: savings.length === 0 ? null : rangeOf(savings),
    costMicros: { low: cost(prices.low), likely: cost(prices.likely), high: cost(prices.high) },
    says: isOne
      ? 'One round has been published, so how much prices vary is not known.'
      : `In the last ${known.length} published rounds the average price lay in this range; your own may differ.`,
  };
}

/** Lowest, newest (the first) and highest of at least one figure. */
const rangeOf = (newestFirst: readonly number[]) => ({
  low: Math.min(...newestFirst),
  likely: newestFirst[0] ?? 0,
  high: Math.max(...newestFirst),
});
