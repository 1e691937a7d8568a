/**
 * What a solver of the winner determination is asked and what it answers. It chooses tiers only: volumes and money are
 * worked out from them in whole numbers elsewhere, so that solvers can be exchanged without touching a price.
 */

import type { Certificate } from './certificate.ts';

/** Companies alike in failure cost and open providers, with their demand by reserve price. */
export type DemandClass = {
  /** Indexes of the providers that may serve this class, rising. */
  readonly providers: readonly number[];
  /** ⌈w(10⁴ − q_j)/10⁴⌉ for each of `providers`, in micro-units. */
  readonly lossMicros: readonly number[];
  /** The demand curve: reserve prices falling, each with the requests committed at it. */
  readonly steps: readonly { readonly reserveMicros: number; readonly volume: number }[];
};

/** A provider's cost: nothing at no volume; otherwise the all-in price of the highest step whose minimum is met. */
export type SupplyCurve = {
  readonly capacity: number;
  /** Minimum volumes rising, all-in prices falling; empty where the provider is closed. */
  readonly steps: readonly { readonly minVolume: number; readonly allInMicros: number }[];
};

/**
 * Choose at most one step per provider so that Σ (reserve − loss)·volume − Σ all-in·volume is greatest, where the
 * volume y_j of a chosen step t keeps a_jt ≤ y_j ≤ min(a_j,t+1, K_j) and no class takes more than its demand.
 */
export type TierProblem = { readonly classes: readonly DemandClass[]; readonly providers: readonly SupplyCurve[] };

export type TierChoice = {
  /** For each provider the index of its chosen step, or null where it serves nobody. */
  readonly steps: readonly (number | null)[];
  /** No choice is worth more than this or than the choice at hand, in micro-units, as far as the solver knows. */
  readonly boundMicros: number;
  /** The solver's name and version. */
  readonly method: string;
  /** Proves the bound to anyone; null where the method has no proof to give. */
  readonly certificate: Certificate | null;
  /** What it took: parts of the choices looked at, and paths augmented. */
  readonly statistics?: { readonly nodes: number; readonly augmentations: number };
};

/** What is known before a solver is asked: it may use it to be sooner done, and need not. */
export type Known = {
  /** A choice at hand. */
  readonly steps: TierChoice['steps'];
  /** Sets of providers of which at most one can serve. */
  readonly rivals: readonly (readonly number[])[];
  /** For each provider, for each step, whether anything worth more than the choice at hand may take it. */
  readonly open: readonly (readonly boolean[])[];
};

/** The same question always gets the same choice. Throws where no choice can be given at all: that is a bug. */
export type Solver = (problem: TierProblem, known?: Known) => Promise<TierChoice>;
