/**
 * Narrows the winner determination before a solver sees it. A price per request for every group of demand (a Lagrange
 * multiplier) splits the problem into one per provider, and their sum bounds every allocation from above; what that
 * bound shows to be worse than an allocation already found is struck out for good. Whole numbers throughout, so what
 * is struck out is proved, not estimated. Often nothing is left to choose, and no solver is needed.
 */
import { allocate, type Allocation, type DemandGroup } from './allocation.ts';
import type { Solver, SupplyCurve, TierChoice, TierProblem } from './solver.ts';

/** Counted budgets, never time: every machine strikes out the same. */
const MAX_ROUNDS = 60;
const MAX_PLANS = 6;

/** Wraps a solver: it is asked about what is left, and its choice stands only where it beats the allocation found here. */
export function narrowFirst(solver: Solver): Solver {
  return async (problem) => {
    const groups = expandGroups(problem);
    const narrowing = new Narrowing(problem.providers, groups);
    narrowing.run();
    const { best, alive } = narrowing;
    const value = Number(best.valueMicros);
    if (narrowing.isProved()) return { steps: best.steps, boundMicros: value, method: 'Lagrangian bound' };
    const kept = alive.map((flags) => flags.flatMap((flag, t) => (flag ? [t] : [])));
    const choice = await solver({
      classes: problem.classes,
      providers: problem.providers.map(({ capacity, steps }, j) => ({ capacity, steps: kept[j]!.map((t) => steps[t]!) })),
    });
    return widen(problem, groups, choice, kept, best);
  };
}

function widen(problem: TierProblem, groups: DemandGroup[], choice: TierChoice, kept: number[][], best: Allocation): TierChoice {
  const steps = choice.steps.map((t, j) => (t === null ? null : kept[j]![t]!));
  const boundMicros = Math.max(choice.boundMicros, Number(best.valueMicros));
  const found = allocate(problem.providers, groups, steps);
  return { steps: found.valueMicros >= best.valueMicros ? found.steps : best.steps, boundMicros, method: `Lagrangian bound, ${choice.method}` };
}

function expandGroups(problem: TierProblem): DemandGroup[] {
  return problem.classes.flatMap(({ providers, lossMicros, steps }) =>
    steps.map(({ reserveMicros, volume }) => {
      const values: (number | undefined)[] = problem.providers.map(() => undefined);
      for (const [at, j] of providers.entries()) values[j] = reserveMicros - lossMicros[at]!;
      return { volume, values };
    }),
  );
}

/** The best a provider can do at given prices for demand, per step; −∞ where the step is out of reach or struck out. */
type Response = { readonly gains: number[]; readonly closed: number; readonly best: number; readonly step: number | null };

class Narrowing {
  best: Allocation;
  /** Which steps of each provider may still be part of something better than `best`. */
  readonly alive: boolean[][];
  private readonly closable: boolean[];
  private readonly providers: readonly SupplyCurve[];
  private readonly groups: readonly DemandGroup[];
  private prices: number[];
  private readonly ranked: number[][];
  private readonly tried = new Set<string>();
  private used: number[];

  constructor(providers: readonly SupplyCurve[], groups: readonly DemandGroup[]) {
    this.providers = providers;
    this.groups = groups;
    this.alive = providers.map(({ steps }) => steps.map(() => true));
    this.closable = providers.map(() => true);
    this.ranked = providers.map((_, j) => groups.flatMap(({ values }, g) => (values[j] === undefined ? [] : [g])));
    this.best = allocate(providers, groups, providers.map(({ steps }) => (steps.length > 0 ? steps.length - 1 : null)));
    this.tried.add(this.best.steps.join());
    this.prices = [...this.best.marginMicros];
    this.used = groups.map(() => 0);
  }

  isProved(): boolean {
    return this.providers.every((_, j) => !this.closable[j] ? this.alive[j]!.every((flag) => !flag) || false : this.alive[j]!.every((flag) => !flag));
  }
  run(): void {
    let plans = 1;
    let factor = 1;
    let lowest = Infinity;
    let stale = 0;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      this.used.fill(0);
      const responses = this.providers.map((_, j) => this.respond(j));
      let bound = 0;
      for (const [g, { volume }] of this.groups.entries()) bound += volume * this.prices[g]!;
      for (const r of responses) bound += r.best;
      if (bound < lowest) { lowest = bound; stale = 0; } else if (++stale >= 5) { factor /= 2; stale = 0; }
      const steps = responses.map((r) => r.step);
      if (plans < MAX_PLANS && !this.tried.has(steps.join())) {
        this.tried.add(steps.join());
        const found = allocate(this.providers, this.groups, steps);
        this.tried.add(found.steps.join());
        plans += 1;
        if (found.valueMicros > this.best.valueMicros) this.best = found;
      }
      const value = Number(this.best.valueMicros);
      if (process.env.DBG) console.log(round, bound, value, (bound / value - 1) * 100, factor, this.alive.map(a => a.filter(Boolean).length).join());
      if (bound <= value) { for (const a of this.alive) a.fill(false); return; }
      for (const [j, r] of responses.entries()) {
        for (const [t, gain] of r.gains.entries()) if (bound - r.best + gain <= value) this.alive[j]![t] = false;
      }
      let norm = 0;
      for (const [g, { volume }] of this.groups.entries()) norm += (volume - this.used[g]!) ** 2;
      if (norm === 0) return;
      const stride = (factor * (bound - value)) / norm;
      for (const [g, { volume }] of this.groups.entries()) this.prices[g] = Math.max(0, Math.round(this.prices[g]! - stride * (volume - this.used[g]!)));
    }
  }

  private respond(j: number): Response {
    const { capacity, steps } = this.providers[j]!;
    const ranked = this.ranked[j]!;
    const margin = (g: number) => this.groups[g]!.values[j]! - this.prices[g]!;
    ranked.sort((a, b) => margin(b) - margin(a) || a - b);
    const gains = steps.map((step, t) => {
      if (!this.alive[j]![t]) return Number.NEGATIVE_INFINITY;
      const most = Math.min(capacity, steps[t + 1]?.minVolume ?? capacity);
      return this.fill(j, step.allInMicros, step.minVolume, most, false);
    });
    let best = 0; let step: number | null = null;
    for (const [t, gain] of gains.entries()) if (gain > best) { best = gain; step = t; }
    if (step !== null) this.fill(j, steps[step]!.allInMicros, steps[step]!.minVolume, Math.min(capacity, steps[step + 1]?.minVolume ?? capacity), true);
    return { gains, closed: 0, best, step };
  }
  private fill(j: number, price: number, least: number, most: number, record: boolean): number {
    let y = 0; let gain = 0;
    for (const g of this.ranked[j]!) {
      const m = this.groups[g]!.values[j]! - this.prices[g]! - price;
      const until = m > 0 ? most : least;
      const take = Math.min(this.groups[g]!.volume, until - y);
      if (take <= 0) break;
      y += take; gain += take * m;
      if (record) this.used[g]! += take;
    }
    return y < least ? Number.NEGATIVE_INFINITY : gain;
  }
}
