/**
 * What no allocation can exceed. The demand of each class is relaxed at a dual price λ per request: classes then take
 * what is worth more than λ, and every provider on its own serves what pays most at λ within one of its choices. That at
 * most one of a set of rivals serves is relaxed at a second price ≥ 0, paid by each that does. All duals
 * give a bound; with whole ones and sums below 2⁵³ it is exact.
 */
import type { Instance } from './instance.ts';

/** The bits of a provider that can only serve nobody. */
export const NOTHING = 1;

export class Bound {
  /** Σ over classes of what demand gains above λ. */
  demandGain = 0;
  /** Each choice's best gain at λ; −∞ where its least volume is more than there is. */
  readonly gain: Float64Array;
  /** For each provider, its best open choice (counted across providers), −1 where none is open. */
  readonly best: Int32Array;
  private readonly instance: Instance;
  /** The classes of each provider, from `firstServed[j]` on, as they were last sorted. */
  readonly order: Int32Array;
  private readonly keys: Float64Array;

  constructor(instance: Instance) {
    const { arena, least, providers, served, classes } = instance;
    this.instance = instance;
    this.gain = arena.floats(least.length);
    this.best = arena.ints(providers);
    this.order = arena.ints(served.length);
    this.order.set(served);
    this.keys = arena.floats(classes);
  }

  /** Works out the gain at λ of every choice of providers that have one, and the bound over the open choices; −∞ where some provider has none. */
  at(lambda: Float64Array, open: Int32Array): number {
    this.demandGain = this.gainOfDemand(lambda);
    for (let j = 0; j < this.instance.providers; j += 1) if (open[j] !== NOTHING) this.weigh(j, lambda);
    return this.total(open);
  }

  /** The bound at the λ last used, over other open choices. */
  total(open: Int32Array): number {
    const { providers, first } = this.instance;
    const { gain } = this;
    let total = this.demandGain;
    for (let j = 0; j < providers; j += 1) {
      let best = -1;
      let most = -Infinity;
      for (let k = first[j]!, bits = open[j]!; bits !== 0; bits >>>= 1, k += 1) {
        if ((bits & 1) === 0 || gain[k]! <= most) continue;
        most = gain[k]!;
        best = k;
      }
      this.best[j] = best;
      total += most;
    }
    return total;
  }

  /**
   * Per class, what the best choices at λ use beyond what demand offers, then per set of rivals how many more than one
   * serve: a subgradient of the bound.
   */
  excessDemand(lambda: Float64Array, out: Float64Array): void {
    const { classes, providers, firstStep, reserve, stepVolume, first, least, most, price, loss } = this.instance;
    const { demand, firstServed, firstRight, right } = this.instance;
    for (let c = 0; c < classes; c += 1) {
      out[c] = 0;
      for (let s = firstStep[c]!; s < firstStep[c + 1]! && reserve[s]! > lambda[c]!; s += 1) out[c]! -= stepVolume[s]!;
    }
    out.fill(-1, classes);
    for (let j = 0; j < providers; j += 1) {
      const k = this.best[j]!;
      if (k === first[j]) continue;
      let volume = 0;
      for (let at = firstRight[j]!; at < firstRight[j + 1]!; at += 1) out[classes + right[at]!]! += 1;
      for (let at = firstServed[j]!; at < firstServed[j + 1]!; at += 1) {
        const c = this.order[at]!;
        const isWorth = lambda[c]! - loss[j * classes + c]! > price[k]!;
        const room = (isWorth ? most[k]! : least[k]!) - volume;
        if (room <= 0) break;
        const part = Math.min(demand[c]!, room);
        out[c]! += part;
        volume += part;
      }
    }
  }

  private gainOfDemand(lambda: Float64Array): number {
    const { classes, firstStep, reserve, stepVolume } = this.instance;
    let gain = 0;
    for (let c = 0; c < classes; c += 1) {
      const dual = lambda[c]!;
      for (let s = firstStep[c]!, end = firstStep[c + 1]!; s < end && reserve[s]! > dual; s += 1)
        gain += (reserve[s]! - dual) * stepVolume[s]!;
    }
    for (let at = classes; at < lambda.length; at += 1) gain += lambda[at]!;
    return gain;
  }

  /** Each choice takes the classes that pay most, as long as they pay its price or its least volume is not reached. */
  private weigh(j: number, lambda: Float64Array): void {
    const { classes, first, least, most, price, demand, firstServed, firstRight, right } = this.instance;
    const { keys, gain, order } = this;
    this.sort(j, lambda);
    const end = firstServed[j + 1]!;
    const to = first[j + 1]!;
    let at = firstServed[j]!;
    let volume = 0;
    let worth = 0;
    for (let q = firstRight[j]!; q < firstRight[j + 1]!; q += 1) worth -= lambda[classes + right[q]!]!;
    // Least and greatest volumes rise from choice to choice and prices fall, so whole classes taken stay taken.
    for (let k = first[j]! + 1; k < to; k += 1) {
      const low = least[k]!;
      const high = most[k]!;
      const cost = price[k]!;
      let part = 0;
      for (; at < end; at += 1) {
        const c = order[at]!;
        const room = (keys[c]! > cost ? high : low) - volume;
        if (room <= 0) break;
        if (demand[c]! > room) {
          part = room;
          break;
        }
        volume += demand[c]!;
        worth += keys[c]! * demand[c]!;
      }
      gain[k] = worth - cost * (volume + part) + (part > 0 ? part * keys[order[at]!]! : 0);
    }
  }

  /** Sorts a provider's classes by what a request pays at λ less its loss, the highest first. The last order is nearly right most times. */
  private sort(j: number, lambda: Float64Array): void {
    const { loss, classes, firstServed } = this.instance;
    const { keys, order } = this;
    const row = j * classes;
    const from = firstServed[j]!;
    for (let i = from, end = firstServed[j + 1]!; i < end; i += 1) {
      const c = order[i]!;
      const key = lambda[c]! - loss[row + c]!;
      keys[c] = key;
      let at = i;
      for (; at > from; at -= 1) {
        const before = order[at - 1]!;
        if (keys[before]! > key || (keys[before] === key && before < c)) break;
        order[at] = before;
      }
      order[at] = c;
    }
  }
}
