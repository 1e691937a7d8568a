/**
 * What it costs each node of the network to send volume to the market's outside: a provider the lower convex hull of its
 * cost over the choices still open, a class the reserve prices it gives up, the lowest first. Convex, in pieces.
 */
import type { Instance } from './instance.ts';

export class Curves {
  /** Corners of each node's curve: `start[node] … end[node]`. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Volume at each corner, rising, and the cost per request from there to the next. */
  readonly volumes: Float64Array;
  readonly slopes: Float64Array;
  private readonly costs: Float64Array;
  private readonly instance: Instance;

  constructor(instance: Instance) {
    const { classes, providers, first, firstStep, stepVolume, reserve, arena } = instance;
    const before = firstStep[classes]! + classes;
    const corners = before + 2 * first[providers]!;
    this.instance = instance;
    this.start = arena.ints(classes + providers);
    this.end = arena.ints(classes + providers);
    this.volumes = arena.floats(corners);
    this.slopes = arena.floats(corners);
    this.costs = arena.floats(corners);
    for (let c = 0, at = 0; c < classes; c += 1, at += 1) {
      this.start[c] = at;
      for (let s = firstStep[c + 1]! - 1; s >= firstStep[c]!; s -= 1, at += 1) {
        this.slopes[at] = reserve[s]!;
        this.volumes[at + 1] = this.volumes[at]! + stepVolume[s]!;
      }
      this.end[c] = at;
    }
    // Until its choices are set, a provider serves nobody: one corner at volume 0.
    for (let j = 0; j < providers; j += 1) this.start[classes + j] = this.end[classes + j] = before + 2 * first[j]!;
  }

  /** Sets a provider's curve to the hull over its open choices, of which there is one at least. */
  span(j: number, open: number): void {
    const { classes, first, least, most, price } = this.instance;
    const { volumes, slopes, costs } = this;
    const start = this.start[classes + j]!;
    let last = start - 1;
    for (let k = first[j]!, bits = open; bits !== 0; bits >>>= 1, k += 1) {
      if ((bits & 1) === 0) continue;
      last = this.add(start, last, least[k]!, least[k]! * price[k]!);
      last = this.add(start, last, most[k]!, most[k]! * price[k]!);
    }
    for (let k = start; k < last; k += 1) slopes[k] = (costs[k + 1]! - costs[k]!) / (volumes[k + 1]! - volumes[k]!);
    this.end[classes + j] = last;
  }

  /** What a provider's curve costs at a volume on it. */
  costAt(j: number, volume: number): number {
    const node = this.instance.classes + j;
    const { volumes, slopes, costs } = this;
    let k = this.start[node]!;
    while (k + 1 < this.end[node]! && volume > volumes[k + 1]!) k += 1;
    return volume > volumes[k]! ? costs[k]! + slopes[k]! * (volume - volumes[k]!) : costs[k]!;
  }

  /** Adds a point to the right of the hull so far and drops the corners above it; the last corner that is left. */
  private add(start: number, end: number, volume: number, cost: number): number {
    const { volumes, costs } = this;
    let last = end;
    if (last >= start && volumes[last] === volume) {
      if (costs[last]! <= cost) return last;
      last -= 1;
    }
    for (; last > start; last -= 1) {
      const slope = (costs[last]! - costs[last - 1]!) / (volumes[last]! - volumes[last - 1]!);
      if ((cost - costs[last]!) / (volume - volumes[last]!) > slope) break;
    }
    volumes[last + 1] = volume;
    costs[last + 1] = cost;
    return last + 1;
  }
}
