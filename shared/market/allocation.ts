/** From a choice of price steps to volumes: the exact transportation problem, and the exact gain of what it allots. */
import type { SupplyCurve, TierProblem } from './solver.ts';
import { planTransport, type TransportPlan } from './transport.ts';

/** Demand that differs in volume only: what one request is worth at each provider; undefined where they may not trade. */
export type DemandGroup = { readonly volume: number; readonly values: readonly (number | undefined)[] };

export type Allocation = {
  /** Requests of group g served by provider j. */
  readonly flow: readonly (readonly number[])[];
  /** y_j: requests each provider serves. */
  readonly served: readonly number[];
  /** What the awarded requests are worth, less what they cost (all-in), in micro-units. */
  readonly valueMicros: bigint;
};

/**
 * The best allocation at the chosen steps, in whole numbers. Where a provider's volume lands on its next threshold it is
 * lifted to that step (the price there is lower) and the volumes are planned again; where a choice asks for more volume
 * than there is, which a solver's rounding may do, it is lowered instead. Both end: steps only fall, then only rise.
 */
export function allocate(
  providers: readonly SupplyCurve[],
  groups: readonly DemandGroup[],
  chosen: readonly (number | null)[],
): Allocation {
  const steps = [...chosen];
  let plan = planAt(providers, groups, steps);
  while (lowerShort(steps, plan)) plan = planAt(providers, groups, steps);
  while (raiseReached(providers, steps, plan)) plan = planAt(providers, groups, steps);
  return { flow: plan.flow, served: plan.served, valueMicros: gainOf(providers, groups, steps, plan) };
}

/** The same for a solver's problem: one group for each step of each class, class by class. */
export function allocateSteps(problem: TierProblem, chosen: readonly (number | null)[]): Allocation {
  const { classes, providers } = problem;
  const groups = classes.flatMap((each) =>
    each.steps.map(({ reserveMicros, volume }) => {
      const values: (number | undefined)[] = providers.map(() => undefined);
      for (const [at, j] of each.providers.entries()) values[j] = reserveMicros - each.lossMicros[at]!;
      return { volume, values };
    }),
  );
  return allocate(providers, groups, chosen);
}

function planAt(
  providers: readonly SupplyCurve[],
  groups: readonly DemandGroup[],
  chosen: readonly (number | null)[],
): TransportPlan {
  const prices = chosen.map((t, j) => (t === null ? undefined : providers[j]!.steps[t]!.allInMicros));
  return planTransport({
    demand: groups.map((group) => group.volume),
    gains: groups.map((group) =>
      group.values.map((value, j) => (value === undefined || prices[j] === undefined ? undefined : value - prices[j])),
    ),
    lower: chosen.map((t, j) => (t === null ? 0 : providers[j]!.steps[t]!.minVolume)),
    // Volumes beyond the next threshold have its price: reaching it is seen and lifted afterwards.
    upper: providers.map(({ capacity }) => capacity),
  });
}

function lowerShort(chosen: (number | null)[], plan: TransportPlan): boolean {
  const short = plan.shortfall.findIndex((missing) => missing > 0);
  if (short === -1) return false;
  const step = chosen[short] ?? 0;
  chosen[short] = step === 0 ? null : step - 1;
  return true;
}

function raiseReached(providers: readonly SupplyCurve[], chosen: (number | null)[], plan: TransportPlan): boolean {
  let raised = false;
  for (const [j, step] of chosen.entries()) {
    const next = step === null ? undefined : providers[j]!.steps[step + 1];
    if (next === undefined || plan.served[j]! < next.minVolume) continue;
    chosen[j] = step! + 1;
    raised = true;
  }
  return raised;
}

function gainOf(
  providers: readonly SupplyCurve[],
  groups: readonly DemandGroup[],
  chosen: readonly (number | null)[],
  plan: TransportPlan,
): bigint {
  let gain = 0n;
  for (const [g, group] of groups.entries()) {
    for (const [j, volume] of plan.flow[g]!.entries())
      if (volume > 0) gain += BigInt(volume) * BigInt(group.values[j]!);
  }
  for (const [j, step] of chosen.entries()) {
    if (step !== null) gain -= BigInt(plan.served[j]!) * BigInt(providers[j]!.steps[step]!.allInMicros);
  }
  return gain;
}
