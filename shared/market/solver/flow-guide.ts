/** Leads a search by its relaxation as a flow: duals from the potentials, splits where the true cost is above the hull. */
import type { Instance } from './instance.ts';
import { Network, type Snapshot } from './network.ts';
import type { Guide, Node, Split } from './search.ts';

const NO_GAP = { at: 0, gap: 0 };

export class FlowGuide implements Guide<Snapshot> {
  private readonly instance: Instance;
  private readonly network: Network;

  constructor(instance: Instance) {
    this.instance = instance;
    this.network = new Network(instance);
  }

  get augmentations(): number {
    return this.network.augmentations;
  }

  tighten(node: Node): boolean {
    // Striking out choices changes hulls, so the relaxation is solved again.
    do {
      if (!this.network.solve(node.open)) return this.closeInfeasible(node);
      this.network.readDuals(node.lambda);
      node.measure();
      node.best.offerFlow(this.network);
      node.record();
      if (node.isClosed()) return true;
    } while (node.strike());
    return false;
  }

  /** Minimum awards that cannot all be met: duals low enough to say so are found by doubling. */
  private closeInfeasible(node: Node): boolean {
    this.network.readDuals(node.lambda);
    for (let amount = this.instance.largest, tries = 0; tries < 40; amount *= 2, tries += 1) {
      this.network.lowerCut(node.lambda, amount);
      node.measure();
      if (node.isClosed()) break;
    }
    node.record();
    return true;
  }

  chooseSplit(node: Node): Split | undefined {
    return this.widestGap(node) ?? closestDecision(this.instance, node);
  }

  save(): Snapshot {
    return this.network.save();
  }

  load(state: Snapshot): void {
    this.network.load(state);
  }

  /** The provider whose true cost is furthest above its hull, and its first open choice above its volume. */
  private widestGap(node: Node): Split | undefined {
    let widest = 0;
    let split: Split | undefined;
    for (let j = 0; j < this.instance.providers; j += 1) {
      const { at, gap } = this.gapAt(j, this.network.sent[this.instance.classes + j]!, node.open[j]!);
      if (gap <= widest) continue;
      widest = gap;
      split = { provider: j, at };
    }
    return split;
  }

  /** A flow keeps to the hull: its volume is never below the least of the first open choice. */
  private gapAt(j: number, volume: number, bits: number): { at: number; gap: number } {
    const { first, least, most, price } = this.instance;
    let under = first[j]!;
    for (let k = first[j]!, rest = bits; rest !== 0; rest >>>= 1, k += 1) {
      if ((rest & 1) === 0) continue;
      if (least[k]! <= volume) {
        under = k;
        continue;
      }
      const at = k - first[j]!;
      // Slopes are rounded: a difference below half a micro-unit is none.
      if (volume <= most[under]!)
        return { at, gap: volume * price[under]! - this.network.curves.costAt(j, volume) - 0.5 };
      // No open choice allows this volume: what it takes to get to one that does.
      const reach = Math.min(volume - most[under]!, least[k]! - volume);
      return { at, gap: (reach * price[k]!) / 8 };
    }
    return NO_GAP;
  }
}

/** Where no gap says what to split: the provider whose second best choice is closest to its best at λ. */
export function closestDecision({ providers, first }: Instance, node: Node): Split | undefined {
  const { gain, best } = node.bounds;
  let closest = Infinity;
  let split: Split | undefined;
  for (let j = 0; j < providers; j += 1) {
    const chosen = best[j]!;
    for (let k = first[j]!, rest = node.open[j]!; rest !== 0; rest >>>= 1, k += 1) {
      if ((rest & 1) === 0 || k === chosen || gain[chosen]! - gain[k]! >= closest) continue;
      closest = gain[chosen]! - gain[k]!;
      split = { provider: j, at: Math.max(k, chosen) - first[j]! };
    }
  }
  return split;
}
