/**
 * Leads a search where minimum awards force whole companies: few bids fit beside each other, and a bid that is on takes
 * its companies off the table. Duals come from subgradient steps, which see that no bid can take more of a company than
 * there is, and nodes are split on a bid for the company with the fewest bids left.
 */
import { NOTHING } from './bound.ts';
import { closestDecision, FlowGuide } from './flow-guide.ts';
import { Greedy } from './greedy.ts';
import type { Instance } from './instance.ts';
import { Network } from './network.ts';
import type { Guide, Node, Split } from './search.ts';

const STEPS_AT_ROOT = 120;
const STEPS = 10;
const GREEDY_EVERY = 5;
/** Steps as long as the gap suggests are doubled first, and shorter by a quarter after each that was no use. */
const FIRST_PACE = 2;
const SLOWER = 0.75;
const [FREE, CONTESTED, TAKEN] = [0, 1, 2] as const;

/** Whether at least half of the providers cannot serve less than half of all they may serve. */
export function forcesWholeCompanies(instance: Instance): boolean {
  const { providers, eligible, first, least } = instance;
  let active = 0;
  let forcing = 0;
  for (let j = 0; j < providers; j += 1) {
    if (first[j + 1]! - first[j]! < 2) continue;
    active += 1;
    if (least[first[j]! + 1]! * 2 > eligible[j]!) forcing += 1;
  }
  return forcing * 2 > active;
}

export class MultiplierGuide implements Guide<Float64Array> {
  readonly augmentations = 0;
  private readonly instance: Instance;
  private readonly lambda: Float64Array;
  private readonly bestLambda: Float64Array;
  private readonly slope: Float64Array;
  private readonly settled: Int32Array;
  private readonly greedy: Greedy;
  /** Whether most bids take whole companies: then one that is on leaves the others nothing of these. */
  private readonly isWhole: boolean;
  private isRoot = true;

  constructor(instance: Instance) {
    this.instance = instance;
    const { arena, classes, providers, rivals, first, least, eligible } = instance;
    this.lambda = arena.floats(classes + rivals.length);
    this.bestLambda = arena.floats(classes + rivals.length);
    this.settled = arena.ints(classes);
    this.slope = arena.floats(classes + rivals.length);
    this.greedy = new Greedy(instance);
    let whole = 0;
    for (let j = 0; j < providers; j += 1)
      if (first[j + 1]! - first[j]! > 1 && least[first[j]! + 1] === eligible[j]) whole += 1;
    this.isWhole = whole * 2 > providers;
    new Network(instance).readDuals(this.lambda);
  }

  tighten(node: Node): boolean {
    const steps = this.isRoot ? STEPS_AT_ROOT : STEPS;
    this.isRoot = false;
    node.lambda.set(this.lambda);
    let least = Infinity;
    let pace = FIRST_PACE;
    for (let step = 0; ; step += 1) {
      this.settle(node);
      node.measure();
      if (step % GREEDY_EVERY === 0) this.greedy.offer(node);
      if (node.isClosed()) return this.close(node);
      if (node.bound < least) {
        least = node.bound;
        this.bestLambda.set(node.lambda);
      } else pace *= SLOWER;
      if (node.strike()) node.record();
      if (step === steps) break;
      this.step(node, pace);
    }
    this.lambda.set(this.bestLambda);
    node.lambda.set(this.bestLambda);
    this.settle(node);
    node.measure();
    node.record();
    if (node.isClosed()) return true;
    node.strike();
    return this.isDecided(node) && this.closeExactly(node);
  }

  private isDecided({ open }: Node): boolean {
    for (let j = 0; j < open.length; j += 1) if ((open[j]! & (open[j]! - 1)) !== 0) return false;
    return true;
  }

  /** With one choice each, the flow is the optimum and its potentials prove it. */
  private closeExactly(node: Node): boolean {
    node.lambda.fill(0);
    const guide = new FlowGuide(this.instance);
    return guide.tighten(node);
  }

  /**
   * Duals that nothing is lost by: a class that no bid is left for is worth its highest reserve price; classes that a bid
   * which is on takes entirely are worth so little that no other bid for one of them gains anything.
   */
  private settle(node: Node): void {
    const { providers, classes, firstServed, served, eligible, first, least, largest, firstStep, reserve } =
      this.instance;
    const { settled } = this;
    settled.fill(FREE);
    for (let j = 0; j < providers; j += 1) {
      if (node.open[j] === NOTHING) continue;
      const isTaking = (node.open[j]! & NOTHING) === 0 && least[first[j]! + 1]! === eligible[j];
      const state = isTaking ? TAKEN : CONTESTED;
      for (let at = firstServed[j]!; at < firstServed[j + 1]!; at += 1)
        if (settled[served[at]!]! < state) settled[served[at]!] = state;
    }
    for (let c = 0; c < classes; c += 1) {
      if (settled[c] === FREE) node.lambda[c] = reserve[firstStep[c]!]!;
      else if (settled[c] === TAKEN) node.lambda[c] = -2 * largest;
    }
  }

  private close(node: Node): boolean {
    node.record();
    return true;
  }

  /** One step against the subgradient, in prices per whole class, as long as the gap to the best value suggests. */
  private step(node: Node, pace: number): void {
    const { classes, demand, largest, rights } = this.instance;
    const { slope } = this;
    node.bounds.excessDemand(node.lambda, slope);
    let norm = 0;
    for (let c = 0; c < classes; c += 1) {
      if (demand[c] === 0) continue;
      const share = slope[c]! / demand[c]!;
      norm += share * share;
    }
    for (let q = classes; q < slope.length; q += 1)
      if (slope[q]! > 0 || node.lambda[q]! > 0) norm += slope[q]! * slope[q]!;
    if (norm === 0) return;
    const length = (pace * (node.bound - node.best.value)) / norm;
    for (let c = 0; c < classes; c += 1) {
      if (demand[c] === 0) continue;
      const share = slope[c]! / demand[c]!;
      const next = Math.round(node.lambda[c]! - (length * share) / demand[c]!);
      node.lambda[c] = Math.min(Math.max(next, -2 * largest), 2 * largest);
    }
    for (let q = classes; q < slope.length; q += 1) {
      const right = Math.round(node.lambda[q]! + length * slope[q]!);
      node.lambda[q] = Math.min(Math.max(right, 0), rights[q - classes]!);
    }
  }

  chooseSplit(node: Node): Split | undefined {
    return (this.isWhole ? this.scarcestCompany(node) : undefined) ?? closestDecision(this.instance, node);
  }

  /** A bid for the class with the fewest bids that are neither on nor off: the one that gains most at λ. */
  private scarcestCompany(node: Node): Split | undefined {
    const { classes, firstPair, pairProvider } = this.instance;
    let fewest = Infinity;
    let split: Split | undefined;
    for (let c = 0; c < classes; c += 1) {
      let live = 0;
      let best = -1;
      let most = -Infinity;
      for (let at = firstPair[c]!; at < firstPair[c + 1]!; at += 1) {
        const j = pairProvider[at]!;
        const bits = node.open[j]!;
        if ((bits & NOTHING) === 0 || bits === NOTHING) continue;
        live += 1;
        const bound = node.boundWith(j, bits - NOTHING);
        if (bound <= most) continue;
        most = bound;
        best = j;
      }
      if (live === 0 || live >= fewest) continue;
      fewest = live;
      split = { provider: best, at: 1 };
    }
    return split;
  }

  save(): Float64Array {
    const state = this.instance.arena.floats(this.lambda.length);
    state.set(this.lambda);
    return state;
  }

  load(state: Float64Array): void {
    this.lambda.set(state);
  }
}
