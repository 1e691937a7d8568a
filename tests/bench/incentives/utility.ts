/** What a clearing is really worth to one bidder, whatever it said. In micro-units; measured, so ordinary numbers will do. */
import type { Clearing, CompanyClearing } from '../../../shared/market/clearing.ts';
import type { ClearingCompany, ClearingInput, ClearingProvider } from '../../../shared/market/input.ts';

/** Default terms: a company pays for φ of its award at least, at half the price for what is missing. */
const LEAST_PAID = 0.8;
const SHORTFALL_PRICE = 0.5;

/**
 * A company's gain with all its names together. It has `truth.volume` requests and no more: it sends them where they are
 * worth most, and what is awarded beyond is missing in the end. A release credit counts as far as the volume it rests on
 * comes true.
 */
export function companyUtility(
  clearing: Clearing,
  truth: ClearingCompany,
  ids: readonly string[],
  input: ClearingInput,
): number {
  const awards = clearing.companies.filter(({ id }) => ids.includes(id));
  const turns = awards.flatMap((award) =>
    award.byProvider.map(({ provider, volume }) => ({
      award,
      volume,
      gain: trueValue(truth, provider, input) - priceOf(award),
    })),
  );
  turns.sort((a, b) => b.gain - a.gain);
  let left = truth.volume;
  let utility = 0;
  const sent = new Map(awards.map(({ id }) => [id, 0]));
  for (const { award, volume, gain } of turns) {
    const used = Math.min(left, worthSending(gain, volume, sent.get(award.id)!, award));
    left -= used;
    utility += used * gain;
    sent.set(award.id, sent.get(award.id)! + used);
  }
  const share = awards.reduce((sum, { capacityShareBase }) => sum + capacityShareBase, 0);
  for (const award of awards) {
    const missing = Math.max(0, LEAST_PAID * award.awarded - sent.get(award.id)!);
    utility -= SHORTFALL_PRICE * missing * priceOf(award);
    utility += award.releaseCreditMicros * Math.min(1, truth.volume / Math.max(1, share));
  }
  return utility;
}

/** Requests that gain nothing are sent only where the fee for missing ones would cost more. */
function worthSending(gain: number, volume: number, sent: number, award: CompanyClearing): number {
  if (gain >= 0) return volume;
  if (gain < -SHORTFALL_PRICE * priceOf(award)) return 0;
  return Math.min(volume, Math.max(0, LEAST_PAID * award.awarded - sent));
}

/** What one request costs on average: the pool price with the micro-units that do not divide evenly. */
function priceOf({ awarded, totalMicros, releaseCreditMicros }: CompanyClearing): number {
  return awarded === 0 ? 0 : (totalMicros + releaseCreditMicros) / awarded;
}

function trueValue(truth: ClearingCompany, provider: string, input: ClearingInput): number {
  const { qualityBps } = input.providers.find(({ id }) => id === provider)!;
  return truth.reserveMicros! - Math.ceil((truth.failureCostMicros! * (10_000 - qualityBps)) / 10_000);
}

/** Costs are taken to be this share of the truthful bid, so that there is something to lose and something to win. */
export const COST_SHARE = 0.9;

/** A provider's margin with all its names together; its cost follows the tier that its whole volume reaches. */
export function providerUtility(clearing: Clearing, truth: ClearingProvider, ids: readonly string[]): number {
  const awards = clearing.providers.filter(({ id }) => ids.includes(id));
  const paid = awards.reduce((sum, { awarded, priceMicros }) => sum + awarded * (priceMicros ?? 0), 0);
  return paid - trueCost(truth, volumeOf(clearing, ids));
}

export function volumeOf(clearing: Clearing, ids: readonly string[]): number {
  return clearing.providers.reduce((sum, { id, awarded }) => sum + (ids.includes(id) ? awarded : 0), 0);
}

/** Below its first threshold a volume costs what it does at the first. */
export function trueCost(truth: ClearingProvider, volume: number): number {
  const tier = truth.tiers.findLast(({ minVolume }) => minVolume <= volume) ?? truth.tiers[0]!;
  return volume * tier.priceMicros * COST_SHARE;
}
