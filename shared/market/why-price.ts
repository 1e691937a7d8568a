/** Why a company pays what it pays: the parts its price is made of, as data and as sentences. */
import * as z from 'zod';
import { formatMicros } from '../kernel/money.ts';

/**
 * What stopped a price from following the reference and the common rate alone. `floor`: it gains what buying alone
 * would; `award`: without a record it gains at most what its award is worth, and pays 0; `reserve`: it pays all that its
 * award is worth to it; `no_share`: neither served nor with a record, it takes no part.
 */
export const PriceLimit = z.enum(['floor', 'award', 'reserve', 'no_share']);
export type PriceLimit = z.infer<typeof PriceLimit>;

const PerRequest = z.int().nullable();
const ForRound = z.int();

/** All in micro-units, for the whole round unless it says per request. */
export const WhyPrice = z
  .object({
    unitPriceMicros: PerRequest.meta({ description: 'Per request: what is paid; null where nothing is awarded' }),
    standalonePriceMicros: PerRequest.meta({
      description: 'Per request: the price at which this award would be as good as buying alone',
    }),
    surplusMicros: ForRound.meta({ description: 'What it gains' }),
    floorMicros: ForRound.meta({ description: 'The least it was to gain' }),
    referenceMicros: ForRound.meta({
      description: 'What its requests and its share of capacity are worth at the margin',
    }),
    balanceMicros: ForRound.meta({
      description:
        'What balancing the books added to that, or took (below 0): its share of one rate for all, or a limit',
    }),
    pooledMicros: ForRound.meta({
      description:
        'Gained beyond buying alone with its share of capacity; below 0 only for a newcomer, which gets no credit',
    }),
    releaseCreditMicros: ForRound.meta({ description: 'Credited for capacity that others use' }),
    limits: z.array(PriceLimit).meta({
      description:
        'floor: gains what buying alone would; award: without a record it gains at most what its award is worth; reserve: pays all that its award is worth to it; no_share: takes no part',
    }),
  })
  .meta({ id: 'WhyPrice' });
export type WhyPrice = z.infer<typeof WhyPrice>;

type Figure =
  | 'committed'
  | 'awarded'
  | 'capacityShareBase'
  | 'totalMicros'
  | 'unitPriceMicros'
  | 'dearerRequests'
  | 'releaseCreditMicros'
  | 'surplusMicros'
  | 'floorMicros'
  | 'standaloneMicros'
  | 'referenceMicros';
/** A company's result as `clear` answers it or a file of the round keeps it. */
type PricedCompany = Readonly<Record<Figure, number>> & { readonly standalonePriceMicros: number | null };

/** Takes a company's result and its record apart. */
export function whyPrice(result: PricedCompany, chargesLastRound: number): WhyPrice {
  const { awarded, surplusMicros, referenceMicros, standaloneMicros, floorMicros } = result;
  return {
    unitPriceMicros: awarded === 0 ? null : result.unitPriceMicros,
    standalonePriceMicros: result.standalonePriceMicros,
    surplusMicros,
    floorMicros,
    referenceMicros,
    balanceMicros: surplusMicros - referenceMicros,
    pooledMicros: surplusMicros - standaloneMicros,
    releaseCreditMicros: result.releaseCreditMicros,
    limits: limitsOf(result, chargesLastRound > 0),
  };
}

function limitsOf(result: PricedCompany, hasRecord: boolean): PriceLimit[] {
  if (result.capacityShareBase === 0) return ['no_share'];
  const limits: PriceLimit[] = [];
  if (result.floorMicros > 0 && result.surplusMicros === result.floorMicros) limits.push('floor');
  if (!hasRecord && result.totalMicros === 0) limits.push('award');
  if (result.awarded > 0 && result.surplusMicros === 0) limits.push('reserve');
  return limits;
}

/** The same in sentences, amounts in the queue's currency. */
export function explainPrice(result: PricedCompany, chargesLastRound: number, currency: string): string {
  const why = whyPrice(result, chargesLastRound);
  const money = (micros: number) => `${currency} ${formatMicros(micros)}`;
  if (why.limits.includes('no_share')) {
    return 'You are not served and have no charges from the last round: you pay nothing, and have no share of capacity to be credited for.';
  }
  const sentences = [whatIsPaid(result, why, money)];
  sentences.push(
    `At the margin your requests and your share of capacity are worth ${money(why.referenceMicros)}; ${balanceText(why, money)}.`,
  );
  for (const limit of why.limits) if (limit !== 'no_share') sentences.push(LIMIT_TEXTS[limit]);
  if (why.pooledMicros >= 0) {
    sentences.push(`That is ${money(why.pooledMicros)} more than buying alone with your share of capacity would gain.`);
  } else {
    sentences.push(
      `Buying alone with your share of capacity would gain ${money(-why.pooledMicros)} more: without a record from the last round there is no credit below a price of 0.`,
    );
  }
  if (why.standalonePriceMicros !== null) {
    sentences.push(`Your standalone price is ${money(why.standalonePriceMicros)}.`);
  }
  return sentences.join(' ');
}

function whatIsPaid(result: PricedCompany, why: WhyPrice, money: (micros: number) => string): string {
  const { awarded, committed, dearerRequests } = result;
  const served = `${awarded} of your ${committed} requests are served`;
  if (why.releaseCreditMicros > 0) {
    const price = awarded === 0 ? '' : ' at a price of 0';
    return `${served}${price}, and you are credited ${money(why.releaseCreditMicros)} because others use your share of capacity.`;
  }
  if (why.unitPriceMicros === null) return `${served}: you pay nothing.`;
  const dearer = dearerRequests === 0 ? '' : ` (the first ${dearerRequests} a millionth more)`;
  return `${served} at ${money(why.unitPriceMicros)} per resolution${dearer}: a gain of ${money(why.surplusMicros)}.`;
}

function balanceText({ balanceMicros }: WhyPrice, money: (micros: number) => string): string {
  if (balanceMicros === 0) return 'you gain exactly that';
  const verb = balanceMicros > 0 ? 'adds' : 'takes';
  return `balancing the books ${verb} ${money(Math.abs(balanceMicros))}`;
}

const LIMIT_TEXTS: Readonly<Record<Exclude<PriceLimit, 'no_share'>, string>> = {
  floor: 'You are at your floor: nobody gains less than alone, so you are lifted to that.',
  award:
    'You are at your cap: without a record from the last round nobody gains more than the award is worth, so you pay nothing.',
  reserve: 'You pay all that the award is worth to you, after what failures cost: your reserve price leaves no gain.',
};
