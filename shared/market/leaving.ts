/**
 * What groups of companies would gain by leaving: the largest gain that a search finds. A group S takes its share
 * ω_S = Σ_S b_i/Σb of every provider's capacity along, at the same thresholds and prices, as the standalone value does
 * for one company; v(S) is its best surplus so (volumes in fractions), and it gains v(S) − Σ_S u_i. Only companies with
 * a share count: ε bounds no others.
 */
import { floorDiv } from '../kernel/money.ts';
import { allocate } from './allocation.ts';
import { buildTierProblem, groupCompanies } from './groups.ts';
import type { Market, MarketCompany } from './reach.ts';
import { dualsOf } from './reference.ts';
import type { Solver } from './solver.ts';

/** A cleared round as leaving sees it, in the market's order of companies. */
export type LeavingGame = {
  readonly market: Market;
  /** b_i: whole requests; companies with 0 are left out of every group. */
  readonly shareBases: readonly number[];
  /** u_i, in micro-units. */
  readonly surplusMicros: readonly number[];
};

export type LeavingGroup = {
  /** Indexes of its companies, rising. */
  readonly companies: readonly number[];
  /** What it surely gains by leaving, floored to a micro-unit; below 0 where it loses. */
  readonly gainMicros: bigint;
};

/** Sums of money in parts of a request stay this far below the safe integers, as an exact solver needs them. */
const MOST_MONEY = Number.MAX_SAFE_INTEGER / 8;

/** How well a group does alone, and by how much each company would add to it or takes from it at its prices. */
type Outlook = LeavingGroup & { readonly scores: readonly number[] };

/**
 * The gain of one group. A share of capacity that is no whole number of parts is rounded down, so the gain is never
 * overstated; it is exact where ω_S·K_j needs no more parts than there are, and where the solver's tiers are the best.
 */
export async function gainOfLeaving(
  game: LeavingGame,
  companies: readonly number[],
  solver: Solver,
): Promise<LeavingGroup> {
  const { gainMicros } = await lookAt(game, companies, solver);
  return { companies, gainMicros };
}

export type GroupSearch = {
  /** At most so many groups are tried. */
  readonly most: number;
  /** A gain that no group exceeds, such as ε: the search ends where it is reached. */
  readonly boundMicros: number;
  /** Hears of every better group, and of how many were tried until then. */
  readonly tell?: (group: LeavingGroup, tried: number) => void;
};

/**
 * The best group found by local search: from several starts it moves to all companies that pay at a group's own prices,
 * then adds, drops or swaps one at a time while that gains. The empty group, which gains nothing, is the least answer.
 */
export async function searchGroups(
  game: LeavingGame,
  solver: Solver,
  { most, boundMicros, tell }: GroupSearch,
): Promise<{ readonly best: LeavingGroup; readonly tried: number }> {
  const seen = new Map<string, Outlook>();
  let best: LeavingGroup = { companies: [], gainMicros: 0n };
  const look = async (companies: readonly number[]): Promise<Outlook | undefined> => {
    const key = companies.join(',');
    const known = seen.get(key);
    const isOver = seen.size >= most || isReached(best, boundMicros) || companies.length === 0;
    if (known !== undefined || isOver) return known;
    const outlook = await lookAt(game, companies, solver);
    seen.set(key, outlook);
    if (outlook.gainMicros > best.gainMicros) {
      best = { companies, gainMicros: outlook.gainMicros };
      tell?.(best, seen.size);
    }
    return outlook;
  };
  for (const start of startsOf(game)) {
    let here = await look(start);
    while (here !== undefined) here = await firstBetter(here, look);
  }
  return { best, tried: seen.size };
}

/** Whether a group gains as much as a bound allows: the bound is rounded up and the gain down, so one micro-unit apart. */
export function isReached({ gainMicros }: LeavingGroup, boundMicros: number): boolean {
  return BigInt(boundMicros) - gainMicros <= 1n;
}

/** Everyone; for each provider everyone open to it, and those served worst there; in the order of the market. */
function startsOf({ market, shareBases, surplusMicros }: LeavingGame): number[][] {
  const sharing = market.companies.map((_, i) => i).filter((i) => shareBases[i]! > 0);
  const starts = [sharing];
  for (const [j, { steps }] of market.providers.entries()) {
    const open = sharing.filter((i) => market.companies[i]!.open.includes(j));
    const isShort = (i: number) => {
      const { volume, values } = market.companies[i]!;
      return volume * (values[j]! - steps.at(-1)!.allInMicros) > surplusMicros[i]!;
    };
    starts.push(open, open.filter(isShort));
  }
  return starts;
}

const TRIED_MOVES = 6;

/** The first of a group's neighbours that gains more, the most promising first; undefined where none of those does. */
async function firstBetter(
  here: Outlook,
  look: (companies: readonly number[]) => Promise<Outlook | undefined>,
): Promise<Outlook | undefined> {
  const { scores } = here;
  const inside = new Set(here.companies);
  const ranked = scores.map((_, i) => i).filter((i) => scores[i]! > Number.NEGATIVE_INFINITY);
  ranked.sort((a, b) => scores[b]! - scores[a]! || a - b);
  const toAdd = ranked.filter((i) => !inside.has(i)).slice(0, TRIED_MOVES);
  const toDrop = ranked.filter((i) => inside.has(i)).slice(-TRIED_MOVES);
  const without = (group: ReadonlySet<number>, i: number) => [...group].filter((each) => each !== i);
  const moves = [
    ranked.filter((i) => scores[i]! > 0),
    ...toAdd.map((i) => [...inside, i]),
    ...toDrop.toReversed().map((i) => without(inside, i)),
    ...toAdd.flatMap((i) => toDrop.map((k) => [...without(inside, k), i])),
  ];
  for (const move of moves) {
    const there = await look(move.toSorted((a, b) => a - b));
    if (there !== undefined && there.gainMicros > here.gainMicros) return there;
  }
  return undefined;
}

async function lookAt(game: LeavingGame, companies: readonly number[], solver: Solver): Promise<Outlook> {
  const { market, shareBases, surplusMicros } = game;
  const { parts, market: alone } = leave(game, companies);
  const groups = groupCompanies(alone);
  const { steps } = await solver(buildTierProblem(alone, groups));
  const plan = allocate(alone.providers, groups, steps);
  const reached = alone.providers.map((provider, j) =>
    plan.served[j] === 0 ? undefined : provider.steps.findLast(({ minVolume }) => minVolume <= plan.served[j]!),
  );
  const duals = dualsOf(
    {
      demand: groups.map(({ volume }) => volume),
      gains: groups.map(({ values }) =>
        values.map((value, j) => (value === undefined || !reached[j] ? undefined : value - reached[j].allInMicros)),
      ),
      lower: reached.map((step) => step?.minVolume ?? 0),
      upper: alone.providers.map(({ capacity }) => capacity),
    },
    plan.flow,
  );
  const shareSum = shareBases.reduce((sum, base) => sum + base, 0);
  const capacityWorth = market.providers.reduce((sum, { capacity }, j) => sum + capacity * duals.upper[j]!, 0);
  const scores = market.companies.map(({ volume, open, values }, i) => {
    if (shareBases[i] === 0) return Number.NEGATIVE_INFINITY;
    const worths = open.map((j) =>
      reached[j] === undefined ? 0 : values[j]! - reached[j].allInMicros - duals.upper[j]! + duals.lower[j]!,
    );
    return volume * Math.max(0, ...worths) + (capacityWorth * shareBases[i]!) / shareSum - surplusMicros[i]!;
  });
  const kept = companies.reduce((sum, i) => sum + BigInt(surplusMicros[i]!), 0n);
  return { companies, gainMicros: floorDiv(plan.valueMicros, BigInt(parts)) - kept, scores };
}

/** The market of a group that has left: its companies only, its share of every capacity, volumes in parts of a request. */
function leave({ market, shareBases }: LeavingGame, companies: readonly number[]): { market: Market; parts: number } {
  const share = companies.reduce((sum, i) => sum + shareBases[i]!, 0);
  const shareSum = shareBases.reduce((sum, base) => sum + base, 0);
  const members = companies.map((i) => market.companies[i]!);
  const volume = members.reduce((sum, company) => sum + company.volume, 0);
  const room = Math.floor(MOST_MONEY / Math.max(1, volume * largestMoney(market, members)));
  const parts = Math.max(1, Math.min(shareSum / commonDivisor(share, shareSum), room));
  const providers = market.providers.map((provider, j) => {
    const wanted = members.reduce((sum, company) => (company.open.includes(j) ? sum + company.volume : sum), 0);
    const fair = (BigInt(provider.capacity) * BigInt(share) * BigInt(parts)) / BigInt(shareSum);
    const capacity = Math.min(Number(fair), wanted * parts);
    const steps = provider.steps.map((step) => ({ ...step, minVolume: step.minVolume * parts }));
    return { ...provider, capacity, steps };
  });
  const scaled = members.map((company) => ({ ...company, volume: company.volume * parts }));
  return { market: { companies: scaled, providers }, parts };
}

/** The largest reserve price, failure loss or price that plays a part. */
function largestMoney(market: Market, members: readonly MarketCompany[]): number {
  let largest = 1;
  for (const { reserveMicros, values } of members) {
    largest = Math.max(largest, reserveMicros);
    for (const value of values) largest = Math.max(largest, reserveMicros - (value ?? reserveMicros));
  }
  for (const { steps } of market.providers) largest = Math.max(largest, steps[0]?.allInMicros ?? 0);
  return largest;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
