/**
 * Branch and bound over the providers' choices. A guide suggests duals, allocations and where to split; nodes are closed
 * by exact bounds alone, so a guide can cost time but never the right answer.
 */
import { Bound } from './bound.ts';
import { Heap } from './heap.ts';
import { Incumbent } from './incumbent.ts';
import type { Instance } from './instance.ts';
import { Proof } from './proof.ts';

/**
 * How far a search goes before it stops with what it has. Counted, never timed: the same on every machine. One node is
 * looked at in any case, as nothing is bounded without it.
 */
export type Budget = { readonly nodes: number; readonly augmentations: number };

export type Found = {
  /** Choice of each provider, 0 = nothing. */
  readonly choices: Int32Array;
  readonly value: number;
  readonly bound: number;
  readonly proof: Proof;
  readonly nodes: number;
  readonly augmentations: number;
};

/** A provider's choices are parted into those below `at` and the others. */
export type Split = { readonly provider: number; readonly at: number };

/** What leads a search; `State` is what it needs to go on from a node later. */
export type Guide<State> = {
  readonly augmentations: number;
  /** Bounds the node at hand and strikes out choices; true where that closes it. */
  readonly tighten: (node: Node) => boolean;
  /** Where to split the node just tightened; undefined where nothing is left to split. */
  readonly chooseSplit: (node: Node) => Split | undefined;
  readonly save: () => State;
  readonly load: (state: State) => void;
};

/** The part of all choices that is looked at. */
export class Node {
  /** Open choices per provider, as bits. */
  readonly open: Int32Array;
  /** Duals: per class the price of a request, then per set of rivals the price of the right to serve. */
  readonly lambda: Float64Array;
  readonly bounds: Bound;
  readonly best: Incumbent;
  /** Nothing in this node is worth more. */
  bound = Infinity;
  index = 0;
  private readonly instance: Instance;
  private readonly proof: Proof;

  constructor(instance: Instance, proof: Proof) {
    this.instance = instance;
    this.proof = proof;
    this.open = instance.arena.ints(instance.providers);
    this.open.set(instance.open);
    this.lambda = instance.arena.floats(instance.classes + instance.rivals.length);
    this.bounds = new Bound(instance);
    this.best = new Incumbent(instance);
  }

  /** Bounds the node at its λ. */
  measure(): number {
    this.bound = this.bounds.at(this.lambda, this.open);
    return this.bound;
  }

  isClosed(): boolean {
    return this.bound <= this.best.value;
  }

  /** Puts λ into the proof: it closes the node, strikes out choices, or bounds the children until they have their own. */
  record(): void {
    this.proof.record(this.index, this.lambda);
  }

  /**
   * Of a node that is not closed, strikes out every choice that cannot be part of anything better, at the λ last measured,
   * and says whether there were any. The best choices stay, and so does the bound.
   */
  strike(): boolean {
    const { providers, first } = this.instance;
    const { gain, best } = this.bounds;
    const slack = this.best.value - this.bound;
    let struck = false;
    for (let j = 0; j < providers; j += 1) {
      const most = gain[best[j]!]!;
      let bits = this.open[j]!;
      for (let k = first[j]!, bit = 1; k < first[j + 1]!; k += 1, bit <<= 1)
        if ((bits & bit) !== 0 && gain[k]! - most <= slack) bits -= bit;
      if (bits === this.open[j]) continue;
      this.open[j] = bits;
      struck = true;
    }
    return struck;
  }

  /** The node's bound with one provider held to some of its choices. */
  boundWith(j: number, bits: number): number {
    const { gain, best } = this.bounds;
    let most = -Infinity;
    for (let k = this.instance.first[j]!, rest = bits; rest !== 0; rest >>>= 1, k += 1)
      if ((rest & 1) !== 0 && gain[k]! > most) most = gain[k]!;
    return this.bound - gain[best[j]!]! + most;
  }
}

type Waiting<State> = {
  readonly bound: number;
  readonly index: number;
  readonly open: Int32Array;
  readonly from: State;
};

/** Dives into the child of the higher bound until a node is closed, then goes on with the waiting node of the highest. */
export class Search<State> {
  private readonly instance: Instance;
  private readonly guide: Guide<State>;
  private readonly node: Node;
  private readonly proof: Proof;
  private readonly waiting = new Heap<Waiting<State>>();
  private nodes = 0;
  /** Greatest bound of a node that could be neither closed nor split. */
  private leftOpen = -Infinity;

  constructor(instance: Instance, guide: Guide<State>) {
    this.instance = instance;
    this.guide = guide;
    this.proof = new Proof(instance.classes);
    this.node = new Node(instance, this.proof);
    this.node.index = this.proof.add();
  }

  run(budget: Budget): Found {
    while (this.nodes === 0 || (this.nodes < budget.nodes && this.guide.augmentations < budget.augmentations)) {
      this.nodes += 1;
      if ((this.guide.tighten(this.node) || !this.split()) && !this.takeNext()) break;
    }
    const { value, choices } = this.node.best;
    const { proof, nodes, guide } = this;
    const bound = this.boundLeft();
    return { choices, value, bound, proof, nodes, augmentations: guide.augmentations };
  }

  /** After a run: the choices that anything worth more may make, per provider, as bits, by the last duals of the root. */
  openAtRoot(): Int32Array {
    const { node, instance } = this;
    node.open.set(instance.open);
    if (!this.proof.readLast(0, node.lambda)) return node.open;
    node.measure();
    if (!node.isClosed()) node.strike();
    return node.open;
  }

  /** Splits the node and goes into one child; the other waits. */
  private split(): boolean {
    const { node } = this;
    const split = this.guide.chooseSplit(node);
    if (split === undefined) {
      this.leftOpen = Math.max(this.leftOpen, node.bound);
      return false;
    }
    const { provider, at } = split;
    const { low, high } = this.proof.split(node.index, provider, at);
    const below = node.open[provider]! & ((1 << at) - 1);
    const above = node.open[provider]! - below;
    const [lowBound, highBound] = [node.boundWith(provider, below), node.boundWith(provider, above)];
    const isLow = lowBound > highBound;
    const bound = isLow ? highBound : lowBound;
    if (bound > node.best.value) {
      const open = this.instance.arena.ints(node.open.length);
      open.set(node.open);
      open[provider] = isLow ? above : below;
      this.waiting.push({ bound, index: isLow ? high : low, open, from: this.guide.save() });
    }
    node.open[provider] = isLow ? below : above;
    node.bound = isLow ? lowBound : highBound;
    node.index = isLow ? low : high;
    return true;
  }

  private takeNext(): boolean {
    const next = this.waiting.pop();
    this.node.bound = next?.bound ?? -Infinity;
    if (next === undefined || this.node.isClosed()) return false;
    this.guide.load(next.from);
    this.node.open.set(next.open);
    this.node.index = next.index;
    return true;
  }

  /** The greatest bound among nodes that are still open: the one at hand, those that wait, those that could not be split. */
  private boundLeft(): number {
    let bound = Math.max(this.node.best.value, this.leftOpen, this.node.bound);
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop())
      bound = Math.max(bound, next.bound);
    return bound;
  }
}
