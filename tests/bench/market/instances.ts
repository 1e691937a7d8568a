/**
 * Seeded markets to measure on. Every instance is drawn from a name of its own (`seed|family|size|index`), so one can be
 * made again without the others. Sizes are providers × companies, as in '3,000 queues of 5–24 providers × 1–12 classes'.
 */
import type { ClearingCompany, ClearingInput, ClearingProvider } from '../../../shared/market/input.ts';
import { createRandom, type Random } from '../support/random.ts';

/**
 * - `tight`: all capacity together is about twice the demand.
 * - `wide`: each provider could take 20 to 100 % of the demand.
 * - `near`: wide, with prices within 2 % of each other.
 *
 * Hard ones, where minimum awards leave few ways to fill them; volumes and capacities are multiples of one lot:
 * - `all-or-nothing`: capacities of a few companies each, and the minimum award is the whole capacity.
 * - `partial`: a bid can serve only a set of companies, and must serve 85 % of their volume.
 * - `exact-cover`: a bid can serve only a set of companies, and must serve them entirely.
 */
export const FAMILIES = ['tight', 'wide', 'near', 'all-or-nothing', 'partial', 'exact-cover'] as const;
export type Family = (typeof FAMILIES)[number];

export type Size = { readonly providers: number; readonly companies: number };

/** Price of a resolution around which everything is drawn, in micro-units. */
const PRICE_MICROS = 2_000_000;
const CEILING_MICROS = 4_000_000;
const ELIGIBLE = 0.7;
/** Requests in a lot of the families with lots. */
const LOT = 100;

/** One market of a family: the same arguments give the same market. */
export function createInstance(family: Family, size: Size, seed: number, index: number): ClearingInput {
  const name = `${seed}|${family}|${size.providers}x${size.companies}|${index}`;
  const random = createRandom(name);
  if (family === 'all-or-nothing' || family === 'partial' || family === 'exact-cover')
    return createInLots(random, family, size, name);
  const volumes = Array.from({ length: size.companies }, () => Math.max(1, Math.round(1_000 * random.lognormal(1))));
  const demand = volumes.reduce((sum, volume) => sum + volume, 0);
  const providers = Array.from({ length: size.providers }, (_, j): ClearingProvider => {
    // The averages of tight make ΣK twice the demand.
    const share = family === 'tight' ? (2 / size.providers) * random.between(0.5, 1.5) : random.between(0.2, 1);
    const capacity = Math.max(1, Math.round(demand * share));
    const price = PRICE_MICROS * (family === 'near' ? random.between(0.98, 1.02) : random.between(0.75, 1.25));
    return {
      id: `provider-${j}`,
      capacity,
      tiers: drawTiers(random, capacity, price),
      qualityBps: drawQuality(random),
    };
  });
  const companies = volumes.map((volume, i) =>
    drawCompany(
      random,
      `company-${i}`,
      volume,
      providers.filter(() => random.chance(ELIGIBLE)).map(({ id }) => id),
    ),
  );
  return asInput(name, companies, providers);
}

/** Many queues of everyday size: 5 to 24 providers × 1 to 12 classes of one to four companies alike but for reserve and volume. */
export function createQueue(seed: number, index: number): ClearingInput {
  const name = `${seed}|queue|${index}`;
  const random = createRandom(name);
  const family = (['tight', 'wide', 'near'] as const)[random.whole(0, 2)]!;
  const base = createInstance(family, { providers: random.whole(5, 24), companies: random.whole(1, 12) }, seed, index);
  const companies = base.companies.flatMap((company) =>
    Array.from({ length: random.whole(1, 4) }, (_, k) => ({
      ...company,
      id: `${company.id}-${k}`,
      volume: Math.max(1, Math.round(company.volume * random.between(0.2, 0.6))),
      reserveMicros: drawReserve(random),
    })),
  );
  return { ...base, seed: name, queue: `queue-${index}`, companies };
}

/** Three to five tiers, each 2 to 8 % below the one before; three in ten bids have a minimum award. */
function drawTiers(random: Random, capacity: number, firstPrice: number): ClearingProvider['tiers'] {
  const count = random.whole(3, 5);
  const hasMinimum = random.chance(0.3);
  const starts = [hasMinimum ? Math.max(1, Math.round(capacity * random.between(0.05, 0.3))) : 0];
  for (let t = 1; t < count; t += 1) starts.push(Math.round(capacity * random.between(0.1, 0.95)));
  starts.sort((a, b) => a - b);
  let price = firstPrice;
  const tiers: ClearingProvider['tiers'] = [];
  for (const start of starts) {
    // Tiny capacities draw the same minimum twice; one request apart keeps every tier.
    const minVolume = tiers.length === 0 ? start : Math.max(start, tiers.at(-1)!.minVolume + 1);
    if (tiers.length > 0) price *= 1 - random.between(0.02, 0.08);
    tiers.push({ minVolume, priceMicros: Math.round(price) });
  }
  return tiers;
}

function drawQuality(random: Random): number {
  return random.whole(6_000, 9_500);
}

function drawReserve(random: Random): number {
  return Math.round(PRICE_MICROS * random.between(1.1, 1.8));
}

function drawCompany(random: Random, id: string, volume: number, eligibleProviders: string[]): ClearingCompany {
  const charges = random.chance(0.7) ? Math.max(1, Math.round(volume * random.between(0.6, 1.2))) : 0;
  return {
    id,
    volume,
    reserveMicros: drawReserve(random),
    failureCostMicros: Math.round(PRICE_MICROS * random.between(0.1, 0.8)),
    eligibleProviders,
    chargesLastRound: charges,
  };
}

/**
 * Bids on sets of two to five companies; each company is in one set at least where there are bids enough. Reserves and
 * prices leave every pair open, so that only the minimum awards decide. In `all-or-nothing` the set only sets the size:
 * any eligible companies may fill it.
 */
function createInLots(
  random: Random,
  family: 'all-or-nothing' | 'partial' | 'exact-cover',
  size: Size,
  name: string,
): ClearingInput {
  const volumes = Array.from({ length: size.companies }, () => LOT * random.whole(1, 9));
  const indexes = [...volumes.keys()];
  const sets = Array.from({ length: size.providers }, (_, j) => {
    const set = random.some(indexes, random.whole(2, 5));
    const own = j % size.companies;
    return new Set(set.includes(own) ? set : [...set.slice(1), own]);
  });
  const providers = sets.map((set, j): ClearingProvider => {
    const capacity = [...set].reduce((sum, i) => sum + volumes[i]!, 0);
    const minVolume = family === 'partial' ? Math.ceil(capacity * 0.85) : capacity;
    const priceMicros = Math.round(PRICE_MICROS * random.between(0.9, 1.1));
    return { id: `provider-${j}`, capacity, tiers: [{ minVolume, priceMicros }], qualityBps: drawQuality(random) };
  });
  const companies = volumes.map((volume, i) => {
    const eligible = providers.filter((_, j) =>
      family === 'all-or-nothing' ? random.chance(ELIGIBLE) : sets[j]!.has(i),
    );
    return {
      ...drawCompany(
        random,
        `company-${i}`,
        volume,
        eligible.map(({ id }) => id),
      ),
      reserveMicros: Math.round(PRICE_MICROS * random.between(1.4, 1.8)),
      failureCostMicros: Math.round(PRICE_MICROS * random.between(0.1, 0.5)),
    };
  });
  return asInput(name, companies, providers);
}

function asInput(name: string, companies: ClearingCompany[], providers: ClearingProvider[]): ClearingInput {
  return {
    seed: name,
    queue: 'queue-1',
    round: 'round-1',
    terms: {
      feeBps: 500,
      ceilingMicros: CEILING_MICROS,
      failureCostMicros: PRICE_MICROS / 2,
      shareLimitBps: 10_000,
    },
    companies,
    providers,
  };
}
