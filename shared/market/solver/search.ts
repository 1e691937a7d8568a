/** Branch and bound over the providers' choices: relaxations suggest duals and allocations, exact bounds close nodes. */
import { Bound } from './bound.ts';
import { Heap } from './heap.ts';
import { Incumbent } from './incumbent.ts';
import type { Instance } from './instance.ts';
import { Network, type Snapshot } from './network.ts';
import { Proof } from './proof.ts';

/** How far a search goes before it stops with what it has. Counted, never timed: the same on every machine. */
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

type Open = { readonly bound: number; readonly index: number; readonly open: Int32Array; readonly from: Snapshot };
type Split = { readonly provider: number; readonly at: number };

export class Search {
  private readonly instance: Instance;
  private readonly network: Network;
  private readonly bound: Bound;
  private readonly best: Incumbent;
  private readonly proof = new Proof();
  private readonly waiting = new Heap<Open>();
  private readonly lambda: Float64Array;
  private readonly open: Int32Array;
  private nodeBound = 0;
  private nodes = 0;
  /** Greatest bound of a node that could be neither closed nor split. */
  private leftOpen = -Infinity;

  constructor(instance: Instance) {
    this.instance = instance;
    this.network = new Network(instance);
    this.bound = new Bound(instance);
    this.best = new Incumbent(instance);
    this.lambda = new Float64Array(instance.classes);
    this.open = instance.open.slice();
  }

  run(budget: Budget): Found {
    let index: number | undefined = this.proof.add();
    for (;;) {
      index = this.visit(index) ?? this.next();
      if (index === undefined) break;
      if (this.nodes >= budget.nodes || this.network.augmentations >= budget.augmentations) {
        this.leaveOpen(index);
        break;
      }
    }
    const bound = Math.max(this.leftOpen, this.best.value);
    const { nodes, proof } = this;
    const { value, choices } = this.best;
    return { choices, value, bound, proof, nodes, augmentations: this.network.augmentations };
  }

  /** Bounds the node whose choices are in `open`; splits it where it stays open and returns the child to go on with. */
  private visit(index: number): number | undefined {
    this.nodes += 1;
    for (let round = 0; ; round += 1) {
      if (!this.network.solve(this.open)) return this.closeInfeasible(index);
      this.network.readDuals(this.lambda);
      this.nodeBound = this.bound.at(this.lambda, this.open);
      this.best.offer(this.network);
      this.proof.record(index, this.lambda);
      if (this.nodeBound <= this.best.value) return undefined;
      if (!this.strike()) break;
      this.nodeBound = this.bound.total(this.open);
      if (this.nodeBound <= this.best.value) return undefined;
      if (round === MOST_ROUNDS) break;
    }
    return this.split(index);
  }

  /** Strikes out every choice that cannot be part of anything better. */
  private strike(): boolean {
    const { providers, first } = this.instance;
    const { gain, best } = this.bound;
    let struck = false;
    for (let j = 0; j < providers; j += 1) {
      const room = this.best.value - this.nodeBound + gain[best[j]!]!;
      let bits = this.open[j]!;
      for (let k = first[j]!, bit = 1; k < first[j + 1]!; k += 1, bit <<= 1)
        if ((bits & bit) !== 0 && gain[k]! <= room) bits -= bit;
      if (bits === this.open[j]) continue;
      this.open[j] = bits;
      struck = true;
    }
    return struck;
  }

  /** Minimum awards that cannot all be met: duals low enough to say so are found by doubling. */
  private closeInfeasible(index: number): undefined {
    this.network.readDuals(this.lambda);
    for (let amount = this.instance.largest, tries = 0; tries < 40; amount *= 2, tries += 1) {
      this.network.lowerCut(this.lambda, amount);
      if (this.bound.at(this.lambda, this.open) <= this.best.value) break;
    }
    this.proof.record(index, this.lambda);
    return undefined;
  }

  private split(index: number): number | undefined {
    const split = this.widestGap() ?? this.anySplit();
    if (split === undefined) {
      this.leftOpen = Math.max(this.leftOpen, this.nodeBound);
      return undefined;
    }
    const { provider, at } = split;
    const bits = this.open[provider]!;
    const below = bits & ((1 << at) - 1);
    const { low, high } = this.proof.split(index, provider, at);
    const [lowBound, highBound] = [this.boundOf(provider, below), this.boundOf(provider, bits - below)];
    const goLow = lowBound > highBound;
    const later = this.open.slice();
    later[provider] = goLow ? bits - below : below;
    const bound = goLow ? highBound : lowBound;
    if (bound > this.best.value)
      this.waiting.push({ bound, index: goLow ? high : low, open: later, from: this.network.save() });
    this.open[provider] = goLow ? below : bits - below;
    this.nodeBound = goLow ? lowBound : highBound;
    return goLow ? low : high;
  }

  /** The node's bound with one provider held to some of its choices. */
  private boundOf(j: number, bits: number): number {
    const { gain, best } = this.bound;
    let most = -Infinity;
    for (let k = this.instance.first[j]!, rest = bits; rest !== 0; rest >>>= 1, k += 1)
      if ((rest & 1) !== 0 && gain[k]! > most) most = gain[k]!;
    return this.nodeBound - gain[best[j]!]! + most;
  }

  /** The provider whose true cost is furthest above its hull, and its first open choice above its volume. */
  private widestGap(): Split | undefined {
    let widest = 0;
    let split: Split | undefined;
    for (let j = 0; j < this.instance.providers; j += 1) {
      const bits = this.open[j]!;
      if ((bits & (bits - 1)) === 0) continue;
      const volume = this.network.volume[j]!;
      const { at, gap } = this.gapAt(j, volume, bits);
      if (gap <= widest) continue;
      widest = gap;
      split = { provider: j, at };
    }
    return split;
  }

  private gapAt(j: number, volume: number, bits: number): { at: number; gap: number } {
    const { first, least, most, price } = this.instance;
    let under = -1;
    let above = -1;
    for (let k = first[j]!, rest = bits; rest !== 0; rest >>>= 1, k += 1) {
      if ((rest & 1) === 0) continue;
      if (least[k]! <= volume) under = k;
      else {
        above = k;
        break;
      }
    }
    if (above === -1) return NO_GAP;
    const at = above - first[j]!;
    if (under !== -1 && volume <= most[under]!) return { at, gap: volume * price[under]! - this.hullCost(j, volume) };
    const reach = Math.min(volume - (under === -1 ? 0 : most[under]!), least[above]! - volume);
    return { at, gap: (reach * price[above]!) / 8 };
  }

  private hullCost(j: number, volume: number): number {
    const { volumes, slopes, startCost } = this.network.hulls[j]!;
    let cost = startCost;
    for (let k = 0; k + 1 < volumes.length && volume > volumes[k]!; k += 1)
      cost += slopes[k]! * (Math.min(volume, volumes[k + 1]!) - volumes[k]!);
    // Slopes are rounded: a difference below one micro-unit is none.
    return cost + 0.5;
  }

  /** Rounded duals can leave a node open that has no gap: the closest decision is taken apart. */
  private anySplit(): Split | undefined {
    const { providers, first } = this.instance;
    const { gain, best } = this.bound;
    let closest = Infinity;
    let split: Split | undefined;
    for (let j = 0; j < providers; j += 1) {
      const chosen = best[j]!;
      for (let k = first[j]!, rest = this.open[j]!; rest !== 0; rest >>>= 1, k += 1) {
        if ((rest & 1) === 0 || k === chosen || gain[chosen]! - gain[k]! >= closest) continue;
        closest = gain[chosen]! - gain[k]!;
        split = { provider: j, at: Math.max(k, chosen) - first[j]! };
      }
    }
    return split;
  }

  private next(): number | undefined {
    const node = this.waiting.pop();
    if (node === undefined || node.bound <= this.best.value) return undefined;
    this.network.load(node.from);
    this.open.set(node.open);
    this.nodeBound = node.bound;
    return node.index;
  }

  /** The node at hand and all that wait stay as they are. */
  private leaveOpen(index: number): void {
    void index;
    this.leftOpen = Math.max(this.leftOpen, this.nodeBound);
    for (let node = this.waiting.pop(); node !== undefined; node = this.waiting.pop())
      this.leftOpen = Math.max(this.leftOpen, node.bound);
  }
}

const MOST_ROUNDS = 4;
const NO_GAP = { at: 0, gap: 0 };
