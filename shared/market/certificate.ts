/**
 * A proof that no choice of price steps is worth more than a value, which anyone with the inputs can check without
 * solving anything: a tree that takes the choices apart, and for each part dual prices that bound it. Shares no code with
 * the solver; whole numbers of any size throughout.
 */
import * as z from 'zod';
import type { TierProblem } from './solver.ts';

const Whole = z.int();

/**
 * One part of all choices. Each of `duals` holds a price per request for every class, in micro-units, and may go on with
 * a price for every set of rivals that each of them pays which serves at all. It bounds the part, and strikes out every choice of a provider with which the part cannot be worth more than the value. What is left is
 * split, if at all, into two nodes that come later in the list: provider, `at`, the node with the provider's choices
 * below `at`, and the one with the others. Choice 0 is to serve nobody, choice t + 1 is step t. A node without duals is
 * bounded by the last ones above it.
 */
export const CertificateNode = z.object({
  duals: z.array(z.array(Whole)),
  split: z.tuple([Whole, Whole, Whole, Whole]).nullable(),
});
export type CertificateNode = z.infer<typeof CertificateNode>;

/**
 * Node 0 stands for all choices. `rivals` are sets of providers of which at most one can serve, as there is not demand
 * enough for the minimum awards of any two of them. Plain JSON.
 */
export const Certificate = z.object({
  nodes: z.array(CertificateNode).min(1),
  rivals: z.array(z.array(Whole)).optional(),
});
export type Certificate = z.infer<typeof Certificate>;

export type CertificateCheck =
  | { readonly ok: true; readonly gapMicros: bigint }
  | { readonly ok: false; readonly fault: string };

/** The choices still open, per provider. */
type Part = readonly (readonly number[])[];

/**
 * Checks that the certificate covers every choice, and how much more than the value it leaves open: `gapMicros` 0 means
 * that the value is proven to be the greatest. That some allocation has the value is not part of it: its volumes show that.
 */
export function checkCertificate(
  problem: TierProblem,
  certificate: Certificate,
  valueMicros: bigint,
): CertificateCheck {
  const shape = faultOf(problem, certificate);
  if (shape !== undefined) return { ok: false, fault: shape };
  const { rivals = [] } = certificate;
  const bounds = new PartBounds(problem, rivals);
  let most = valueMicros;
  const waiting: { index: number; part: Part; inherited: readonly number[] | undefined }[] = [
    { index: 0, part: bounds.all(), inherited: undefined },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { duals, split } = certificate.nodes[next.index]!;
    let { part } = next;
    let least: bigint | undefined;
    for (const lambda of duals.length > 0 || next.inherited === undefined ? duals : [next.inherited]) {
      const bounded = bounds.strike(part, lambda, valueMicros);
      part = bounded.part;
      if (least === undefined || bounded.boundMicros < least) least = bounded.boundMicros;
    }
    if (least !== undefined && least <= valueMicros) continue;
    if (split === null) {
      if (least === undefined) return { ok: false, fault: `node ${next.index} has no duals to bound it` };
      if (least > most) most = least;
      continue;
    }
    const [provider, at, low, high] = split;
    const inherited = duals.at(-1) ?? next.inherited;
    for (const [index, keep] of [
      [low, (choice: number) => choice < at],
      [high, (choice: number) => choice >= at],
    ] as const) {
      const narrowed = part.map((choices, j) => (j === provider ? choices.filter(keep) : choices));
      waiting.push({ index, part: narrowed, inherited });
    }
  }
  return { ok: true, gapMicros: most - valueMicros };
}

/** What is wrong with the tree itself: sizes, providers, and children that do not come later or are shared. */
function faultOf(problem: TierProblem, { nodes, rivals = [] }: Certificate): string | undefined {
  const clash = rivals.map((set) => faultOfRivals(problem, set)).find((fault) => fault !== undefined);
  if (clash !== undefined) return clash;
  const hasParent = new Set<number>();
  for (const [index, { duals, split }] of nodes.entries()) {
    for (const lambda of duals) {
      const count = problem.classes.length;
      if (lambda.length !== count && lambda.length !== count + rivals.length)
        return `node ${index} has ${lambda.length} duals for ${count} classes and ${rivals.length} sets of rivals`;
      if (lambda.slice(count).some((dual) => dual < 0))
        return `node ${index} has a price below 0 for the right to serve`;
      if (!lambda.every(Number.isSafeInteger)) return `node ${index} has a dual that is not a whole number`;
    }
    if (split === null) continue;
    const [provider, , ...children] = split;
    if (problem.providers[provider] === undefined) return `node ${index} splits provider ${provider}, who is not there`;
    for (const child of children) {
      if (!(child > index) || nodes[child] === undefined) return `node ${index} lacks its part ${child}`;
      if (hasParent.has(child)) return `node ${child} stands for two parts`;
      hasParent.add(child);
    }
  }
  return undefined;
}

/** Why two providers of a set could both serve, or the set is none at all. */
function faultOfRivals({ classes, providers }: TierProblem, set: readonly number[]): string | undefined {
  const volumeFor = (isCounted: (eligible: readonly number[]) => boolean): bigint =>
    classes
      .filter((each) => isCounted(each.providers))
      .reduce((sum, { steps }) => steps.reduce((part, { volume }) => part + BigInt(volume), sum), 0n);
  for (const [at, j] of set.entries()) {
    if (providers[j] === undefined) return `provider ${j} is a rival, but is not there`;
    for (const k of set.slice(0, at)) {
      if (k === j) return `provider ${j} is a rival of its own`;
      const both = volumeFor((eligible) => eligible.includes(j) && eligible.includes(k));
      const needs = [j, k].map((each, other) => {
        const alone = volumeFor((eligible) => eligible.includes(each) && !eligible.includes([k, j][other]!));
        return BigInt(providers[each]!.steps[0]?.minVolume ?? 0) - alone;
      });
      const needed = needs.reduce((sum, need) => (need > 0n ? sum + need : sum), 0n);
      if (needed <= both) return `providers ${k} and ${j} are rivals, but both can serve`;
    }
  }
  return undefined;
}

class PartBounds {
  private readonly problem: TierProblem;
  private readonly demand: readonly bigint[];
  /** Per provider: the classes it may serve, with their loss. */
  private readonly pairs: { readonly c: number; readonly loss: bigint }[][];

  /** Per provider: the sets of rivals it is in. */
  private readonly sets: readonly (readonly number[])[];

  constructor(problem: TierProblem, rivals: readonly (readonly number[])[]) {
    this.problem = problem;
    this.demand = problem.classes.map(({ steps }) => steps.reduce((sum, step) => sum + BigInt(step.volume), 0n));
    this.pairs = problem.providers.map(() => []);
    for (const [c, { providers, lossMicros }] of problem.classes.entries()) {
      for (const [at, j] of providers.entries()) this.pairs[j]!.push({ c, loss: BigInt(lossMicros[at]!) });
    }
    this.sets = problem.providers.map((_, j) => [...rivals.keys()].filter((q) => rivals[q]!.includes(j)));
  }

  all(): Part {
    return this.problem.providers.map(({ steps }) => Array.from({ length: steps.length + 1 }, (_, choice) => choice));
  }

  /** The part's bound at λ, after every choice is struck out with which it is at most the value. */
  strike(part: Part, lambda: readonly number[], value: bigint): { part: Part; boundMicros: bigint } {
    const gains = part.map((choices, j) => this.gainsOf(j, choices, lambda));
    const bests = gains.map((own) => own.reduce<bigint | undefined>((a, b) => larger(a, b), undefined));
    let bound = this.demandGain(lambda);
    for (const best of bests) {
      if (best === undefined) return { part, boundMicros: value };
      bound += best;
    }
    const left = part.map((choices, j) =>
      choices.filter((_, at) => gains[j]![at] !== undefined && bound - bests[j]! + gains[j]![at]! > value),
    );
    return { part: left, boundMicros: left.some((choices) => choices.length === 0) ? value : bound };
  }

  private demandGain(lambda: readonly number[]): bigint {
    let gain = lambda.slice(this.demand.length).reduce((sum, dual) => sum + BigInt(dual), 0n);
    for (const [c, { steps }] of this.problem.classes.entries())
      for (const { reserveMicros, volume } of steps)
        if (reserveMicros > lambda[c]!) gain += (BigInt(reserveMicros) - BigInt(lambda[c]!)) * BigInt(volume);
    return gain;
  }

  /** What each choice gains at most at λ; undefined where its volume cannot be reached. */
  private gainsOf(j: number, choices: readonly number[], lambda: readonly number[]): (bigint | undefined)[] {
    const worths = this.pairs[j]!.map(({ c, loss }) => ({ worth: BigInt(lambda[c]!) - loss, volume: this.demand[c]! }));
    worths.sort((a, b) => (a.worth > b.worth ? -1 : a.worth < b.worth ? 1 : 0));
    const { capacity, steps } = this.problem.providers[j]!;
    const rights = this.sets[j]!.reduce((sum, q) => sum + BigInt(lambda[this.demand.length + q] ?? 0), 0n);
    return choices.map((choice) => {
      if (choice === 0) return 0n;
      const { minVolume, allInMicros } = steps[choice - 1]!;
      const upper = Math.min(capacity, steps[choice]?.minVolume ?? capacity);
      const gain = bestGain(worths, BigInt(allInMicros), BigInt(minVolume), BigInt(upper));
      // At volume 0 nobody serves and nothing is taken: choice 0 stands for that.
      return gain === undefined ? undefined : gain - rights;
    });
  }
}

/** Serves what is worth most first: all that is worth its price up to `upper`, and whatever is needed to reach `lower`. */
function bestGain(
  worths: readonly { readonly worth: bigint; readonly volume: bigint }[],
  price: bigint,
  lower: bigint,
  upper: bigint,
): bigint | undefined {
  if (lower > upper) return undefined;
  let served = 0n;
  let gain = 0n;
  for (const { worth, volume } of worths) {
    const room = (worth > price ? upper : lower) - served;
    if (room <= 0n) break;
    const taken = volume < room ? volume : room;
    served += taken;
    gain += taken * (worth - price);
  }
  return served < lower ? undefined : gain;
}

function larger(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
