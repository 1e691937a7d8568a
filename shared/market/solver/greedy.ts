/** Allocations from duals: providers are taken in order of what they gain at λ, as long as enough demand is left. */

import { NOTHING } from './bound.ts';
import type { Instance } from './instance.ts';
import type { Node } from './search.ts';

export class Greedy {
  private readonly instance: Instance;
  private readonly left: Float64Array;
  private readonly order: Int32Array;
  private readonly choices: Int32Array;
  private readonly flow: Float64Array;
  private readonly keys: Float64Array;

  constructor(instance: Instance) {
    this.instance = instance;
    const { arena, classes, providers } = instance;
    this.left = arena.floats(classes);
    this.order = arena.ints(providers);
    for (let j = 0; j < providers; j += 1) this.order[j] = j;
    this.choices = arena.ints(providers);
    this.keys = arena.floats(providers);
    this.flow = arena.floats(classes);
  }

  /** Offers one allocation at the λ last measured. */
  offer(node: Node): void {
    const { instance, left, order, choices } = this;
    const { gain, best } = node.bounds;
    left.set(instance.demand);
    choices.fill(0);
    this.sort(node);
    let value = 0;
    for (let at = 0; at < order.length; at += 1) {
      const j = order[at]!;
      if (node.open[j] === NOTHING) continue;
      let k = best[j]!;
      if (k === instance.first[j]!) {
        // Not worth it at λ, though it may be where demand is left: its best other choice.
        let most = -Infinity;
        for (let each = k + 1, bits = node.open[j]! >>> 1; bits !== 0; bits >>>= 1, each += 1)
          if ((bits & 1) !== 0 && gain[each]! > most) {
            most = gain[each]!;
            k = each;
          }
        if (k === instance.first[j]!) continue;
      }
      const cost = this.take(j, k, node);
      if (cost === undefined) continue;
      value -= cost;
      choices[j] = k - instance.first[j]!;
    }
    node.best.offerChoices(choices, value + node.best.worthServed(left));
  }

  private sort(node: Node): void {
    const { order, instance } = this;
    const { gain } = node.bounds;
    const key = (j: number): number => {
      let most = -Infinity;
      for (let k = instance.first[j]! + 1, bits = node.open[j]! >>> 1; bits !== 0; bits >>>= 1, k += 1)
        if ((bits & 1) !== 0 && gain[k]! > most) most = gain[k]!;
      return (node.open[j]! & 1) === 0 ? Infinity : most;
    };
    const { keys } = this;
    for (let j = 0; j < keys.length; j += 1) keys[j] = key(j);
    for (let i = 1; i < order.length; i += 1) {
      const j = order[i]!;
      let at = i;
      for (; at > 0; at -= 1) {
        const before = order[at - 1]!;
        if (keys[before]! > keys[j]! || (keys[before] === keys[j] && before < j)) break;
        order[at] = before;
      }
      order[at] = j;
    }
  }

  /** Fills a choice from what is left; undefined, and nothing taken, where its least volume is not there or it gains nothing. */
  private take(j: number, k: number, node: Node): number | undefined {
    const { least, most, price, loss, classes, firstServed, firstStep, reserve } = this.instance;
    const { left, flow } = this;
    const { order } = node.bounds;
    const from = firstServed[j]!;
    const end = firstServed[j + 1]!;
    let volume = 0;
    let cost = 0;
    let worth = 0;
    let taken = from;
    for (; taken < end; taken += 1) {
      const c = order[taken]!;
      const pair = loss[j * classes + c]!;
      const isWorth = node.lambda[c]! - pair > price[k]!;
      const room = (isWorth ? most[k]! : least[k]!) - volume;
      if (room <= 0) break;
      const part = Math.min(left[c]!, room);
      flow[c] = part;
      volume += part;
      cost += part * (pair + price[k]!);
      worth += part * reserve[firstStep[c]!]!;
    }
    if (volume < least[k]! || volume === 0 || worth <= cost) return undefined;
    for (let at = from; at < taken; at += 1) left[order[at]!]! -= flow[order[at]!]!;
    return cost;
  }
}
