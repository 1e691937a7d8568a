/**
 * The pool in outline: the published aggregates of one provisional clearing. Every what-if is answered from the outline and
 * from figures that the asker knows anyway, so that however many are asked, they tell no more than the outline does.
 */
import * as z from 'zod';
import { type ClearingInput, clear } from '../market/clearing.ts';
import type { Solver } from '../market/solver.ts';
import { MAX_VOLUME } from '../market/tiers.ts';
import { roundPrice, roundPriceUp, roundVolume } from './coarse.ts';

/** Pooled demand is told from three members on. */
export const MEMBERS_FROM = 3;
/** Prices are told from four independent bidders on. */
export const BIDDERS_FROM = 4;
/** The quality that the price to win is worked out for; the asker's own is allowed for afterwards. */
export const ENTRANT_QUALITY_BPS = 8_000;

/** Volumes at which the pool is priced, in per cent of the pooled demand: alone with that share of every capacity, and pooled. */
const ALONE_PERCENT = [5, 10, 25, 50] as const;
const POOL_PERCENT = [50, 75, 90, 100, 110, 125, 150, 200] as const;
const ENTRY_PERCENT = [5, 10, 25, 50, 100] as const;
const ENTRANT = '(entrant)';

/** A price on the grid at a volume; null: nobody is served at that volume. */
const Point = z.object({ volume: z.int(), priceMicros: z.int().nullable() });
export type Point = z.infer<typeof Point>;

export const Outline = z.object({
  /** When its provisional clearing was due. */
  asOf: z.number(),
  members: z.int(),
  /** Requests committed by all, to two significant digits. */
  committed: z.int(),
  /** The rest only from four bidders on; else null. */
  prices: z
    .object({
      /** Average all-in price by pooled volume, rising in volume, with all of every capacity. */
      pool: z.array(Point),
      /** The same for a part of the pool by itself, with the same part of every capacity. */
      alone: z.array(Point),
      /** All-in price that the pool would pay at the most for so many requests more of quality 8000, rounded up. */
      entry: z.array(Point),
    })
    .nullable(),
});
export type Outline = z.infer<typeof Outline>;

/**
 * The outline of a provisional clearing's input; null below three members. What is computed is computed from the coarse
 * market, never from single figures. Costs up to 18 clearings.
 */
export async function drawOutline(input: ClearingInput, asOf: number, solver: Solver): Promise<Outline | null> {
  const members = input.companies.length;
  if (members < MEMBERS_FROM) return null;
  const committed = roundVolume(input.companies.reduce((sum, company) => sum + company.volume, 0));
  if (input.providers.length < BIDDERS_FROM) return { asOf, members, committed, prices: null };
  const coarse = coarsen(input);
  const pool = await poolPoints(coarse, committed, solver);
  const alone = await pointsAt(volumesAt(ALONE_PERCENT, committed), (volume) =>
    averagePrice(withDemand({ ...coarse, providers: partOf(coarse.providers, volume, committed) }, volume), solver),
  );
  const whole = withDemand(coarse, committed);
  const { valueMicros } = await clear(whole, solver);
  const entry = await pointsAt(volumesAt(ENTRY_PERCENT, committed), (volume) =>
    entryPrice(whole, valueMicros, volume, solver),
  );
  return { asOf, members, committed, prices: { pool, alone, entry } };
}

/**
 * The price ladder of a cleared round whose inputs are published: the average price by pooled volume, as coarse as an
 * outline has it. Null below three members or four bidders. Costs eight clearings.
 */
export async function priceLadder(
  input: ClearingInput,
  solver: Solver,
): Promise<{ committed: number; points: Point[] } | null> {
  if (input.companies.length < MEMBERS_FROM || input.providers.length < BIDDERS_FROM) return null;
  const committed = roundVolume(input.companies.reduce((sum, company) => sum + company.volume, 0));
  return { committed, points: await poolPoints(coarsen(input), committed, solver) };
}

const poolPoints = (coarse: ClearingInput, committed: number, solver: Solver): Promise<Point[]> =>
  pointsAt(volumesAt(POOL_PERCENT, committed), (volume) => averagePrice(withDemand(coarse, volume), solver));

const volumesAt = (percents: readonly number[], committed: number): number[] =>
  percents.map((percent) => Math.max(1, Math.floor((committed * percent) / 100)));

async function pointsAt(
  volumes: readonly number[],
  priceOf: (volume: number) => Promise<number | null>,
): Promise<Point[]> {
  const points: Point[] = [];
  for (const volume of volumes) points.push({ volume, priceMicros: await priceOf(volume) });
  return points;
}

/**
 * The market as coarsely as it may be known: every company with the same reserve price and failure cost (their rounded
 * means) and no record, every bid's prices on the grid and its volumes to two digits. Volumes of companies are set by
 * `withDemand`. Nothing finer than this goes into an outline, so nothing finer can come out of it.
 */
export function coarsen(input: ClearingInput): ClearingInput {
  const { terms, companies } = input;
  const mean = (of: (company: ClearingInput['companies'][number]) => number) =>
    roundPrice(Number(companies.reduce((sum, company) => sum + BigInt(of(company)), 0n) / BigInt(companies.length)));
  const reserveMicros = mean(({ reserveMicros }) =>
    Math.min(reserveMicros ?? terms.ceilingMicros, terms.ceilingMicros),
  );
  const failureCostMicros = mean((company) => company.failureCostMicros ?? terms.failureCostMicros);
  return {
    ...input,
    companies: companies.map((company) => ({ ...company, reserveMicros, failureCostMicros, chargesLastRound: 0 })),
    providers: input.providers.map((bid) => ({
      ...bid,
      capacity: Math.min(MAX_VOLUME, roundVolume(bid.capacity)),
      tiers: coarseTiers(bid.tiers),
    })),
  };
}

/** Tiers on the grid; of those that then begin at the same volume the cheapest is left. */
function coarseTiers(tiers: ClearingInput['providers'][number]['tiers']): ClearingInput['providers'][number]['tiers'] {
  const coarse = tiers.map((tier) => ({
    minVolume: Math.min(MAX_VOLUME, roundVolume(tier.minVolume)),
    priceMicros: roundPrice(tier.priceMicros),
  }));
  return coarse.filter((tier, place) => coarse[place + 1]?.minVolume !== tier.minVolume);
}

/** The same market with so much demand, shared equally: whose volume is large and whose small plays no part. */
function withDemand(market: ClearingInput, total: number): ClearingInput {
  const count = market.companies.length;
  const byId = [...market.companies].sort((a, b) => (a.id < b.id ? -1 : 1));
  const companies = byId.map((company, place) => ({
    ...company,
    volume: Math.min(MAX_VOLUME, Math.floor(total / count) + (place < total % count ? 1 : 0)),
  }));
  return { ...market, companies };
}

/** Providers with the same part of every capacity. */
const partOf = (providers: ClearingInput['providers'], part: number, of: number): ClearingInput['providers'] =>
  providers.map((bid) => ({ ...bid, capacity: Number((BigInt(bid.capacity) * BigInt(part)) / BigInt(of)) }));

/** The average all-in price on the grid; null where nobody is served. */
async function averagePrice(market: ClearingInput, solver: Solver): Promise<number | null> {
  const { providers, providerCostMicros } = await clear(market, solver);
  const awarded = providers.reduce((sum, provider) => sum + provider.awarded, 0);
  return awarded === 0 ? null : roundPrice(Math.floor(providerCostMicros / awarded));
}

/**
 * What `volume` requests more are worth to the pool, each: (v with that capacity for nothing − v) / volume. A bid below
 * it adds gain if all of it is used; null where nothing would be gained.
 */
async function entryPrice(
  market: ClearingInput,
  valueMicros: number,
  volume: number,
  solver: Solver,
): Promise<number | null> {
  const entrant = {
    id: ENTRANT,
    capacity: Math.min(volume, MAX_VOLUME),
    tiers: [{ minVolume: 0, priceMicros: 0 }],
    qualityBps: ENTRANT_QUALITY_BPS,
  };
  const companies = market.companies.map((company) => ({
    ...company,
    eligibleProviders: [...company.eligibleProviders, ENTRANT],
  }));
  const withIt = await clear({ ...market, companies, providers: [...market.providers, entrant] }, solver);
  const worth = Math.floor((withIt.valueMicros - valueMicros) / volume);
  return worth <= 0 ? null : roundPriceUp(worth);
}

/** The price at a volume: that of the largest point not above it, below all points that of the first. */
export function priceAt(points: readonly Point[], volume: number): number | null {
  return (points.findLast((point) => point.volume <= volume) ?? points[0])?.priceMicros ?? null;
}

/** The least pooled volume of the outline, above today's, at which the average price is lower, and today's price; null where there is none. */
export function tipOf(outline: Outline | null): { nowMicros: number; volume: number; priceMicros: number } | null {
  const pool = outline?.prices?.pool ?? [];
  const now = outline === null ? null : priceAt(pool, outline.committed);
  if (outline === null || now === null) return null;
  for (const { volume, priceMicros } of pool)
    if (volume > outline.committed && priceMicros !== null && priceMicros < now)
      return { nowMicros: now, volume, priceMicros };
  return null;
}

/**
 * Whether a new outline may take the place of the one published before: only where nobody's demand has changed since or
 * that of three members at least, so that two outlines side by side tell no single member's volume.
 */
export function mayReplace(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): boolean {
  const all = new Set([...before.keys(), ...now.keys()]);
  const changed = [...all].filter((company) => before.get(company) !== now.get(company)).length;
  return changed === 0 || changed >= MEMBERS_FROM;
}
