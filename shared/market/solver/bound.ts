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
  private readonly order: Int32Array[];
  private readonly keys: Float64Array;

  constructor(instance: Instance) {
    this.instance = instance;
    this.gain = new Float64Array(instance.least.length);
    this.best = new Int32Array(instance.providers);
    this.order = instance.served.map((classes) => Int32Array.from(classes));
    this.keys = new Float64Array(instance.classes);
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
    let total = this.demandGain;
    for (let j = 0; j < providers; j += 1) {
      let best = -1;
      let most = -Infinity;
      const from = first[j]!;
      for (let k = from, bits = open[j]!; bits !== 0; bits >>>= 1, k += 1) {
        if ((bits & 1) === 0 || this.gain[k]! <= most) continue;
        most = this.gain[k]!;
        best = k;
      }
      this.best[j] = best;
      total += most;
    }
    return total;
  }

  /** Classes of a provider by what they pay at the λ last used, less their loss, the highest first. */
  orderOf(j: number): Int32Array {
    return this.order[j]!;
  }

  /** Per class, what the best choices at λ use beyond what demand offers, then per set of rivals how many more than one serve:
   * a subgradient of the bound.
   */
  excessDemand(lambda: Float64Array, out: Float64Array): void {
    const { classes, providers, reserves, volumes, first, least, most, price, loss, demand, rivalsOf } = this.instance;
    for (let c = 0; c < classes; c += 1) {
      const prices = reserves[c]!;
      out[c] = 0;
      for (let s = 0; s < prices.length && prices[s]! > lambda[c]!; s += 1) out[c]! -= volumes[c]![s]!;
    }
    out.fill(-1, classes);
    for (let j = 0; j < providers; j += 1) {
      const k = this.best[j]!;
      if (k === first[j]) continue;
      let volume = 0;
      for (const q of rivalsOf[j]!) out[classes + q]! += 1;
      for (const c of this.order[j]!) {
        const isWorth = lambda[c]! - loss[c * providers + j]! > price[k]!;
        const room = (isWorth ? most[k]! : least[k]!) - volume;
        if (room <= 0) break;
        const part = Math.min(demand[c]!, room);
        out[c]! += part;
        volume += part;
      }
    }
  }

  private gainOfDemand(lambda: Float64Array): number {
    const { classes, reserves, volumes } = this.instance;
    let gain = 0;
    for (let c = 0; c < classes; c += 1) {
      const prices = reserves[c]!;
      for (let s = 0; s < prices.length && prices[s]! > lambda[c]!; s += 1)
        gain += (prices[s]! - lambda[c]!) * volumes[c]![s]!;
    }
    for (let at = classes; at < lambda.length; at += 1) gain += lambda[at]!;
    return gain;
  }

  /** Each choice takes the classes that pay most, as long as they pay its price or its least volume is not reached. */
  private weigh(j: number, lambda: Float64Array): void {
    const { classes, first, least, most, price, demand, rivalsOf } = this.instance;
    const order = this.sort(j, lambda);
    const { keys, gain } = this;
    const to = first[j + 1]!;
    let at = 0;
    let volume = 0;
    let worth = 0;
    for (const q of rivalsOf[j]!) worth -= lambda[classes + q]!;
    // Least and greatest volumes rise from choice to choice and prices fall, so whole classes taken stay taken.
    for (let k = first[j]! + 1; k < to; k += 1) {
      const [low, high, cost] = [least[k]!, most[k]!, price[k]!];
      let part = 0;
      for (; at < order.length; at += 1) {
        const c = order[at]!;
        const target = keys[c]! > cost ? high : low;
        const room = target - volume;
        if (room <= 0) break;
        if (demand[c]! > room) {
          part = room;
          break;
        }
        volume += demand[c]!;
        worth += keys[c]! * demand[c]!;
      }
      if (part > 0) gain[k] = worth + part * keys[order[at]!]! - cost * (volume + part);
      else gain[k] = volume < low ? -Infinity : worth - cost * volume;
    }
  }

  /** Classes by what a request of theirs pays at λ less its loss here. The last order is nearly right most times. */
  private sort(j: number, lambda: Float64Array): Int32Array {
    const { loss, providers } = this.instance;
    const order = this.order[j]!;
    const { keys } = this;
    for (let i = 0; i < order.length; i += 1) {
      const c = order[i]!;
      const key = lambda[c]! - loss[c * providers + j]!;
      keys[c] = key;
      let at = i;
      for (; at > 0; at -= 1) {
        const before = order[at - 1]!;
        if (keys[before]! > key || (keys[before] === key && before < c)) break;
        order[at] = before;
      }
      order[at] = c;
    }
    return order;
  }
}
