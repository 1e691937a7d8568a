/**
 * The relaxation of the winner determination: every class ships its demand to providers, whose cost is convex (their
 * hull), or gives it up at its reserve price, at least cost. Solved by shortest augmenting paths with potentials, and
 * taken up again from the last flow where hulls change. Potentials are floating-point: they only suggest duals.
 */
import { type Hull, hullOf } from './hull.ts';
import type { Instance } from './instance.ts';

/** Everything needed to go on from a flow later. */
export type Snapshot = {
  readonly arcs: Int32Array;
  readonly amounts: Float64Array;
  readonly volume: Float64Array;
  readonly refused: Float64Array;
  readonly potential: Float64Array;
  readonly open: Int32Array;
  readonly hulls: readonly Hull[];
};

/** Nodes of the network: classes, then providers, then the market's outside, where everything ends. */
export class Network {
  /** Requests of class c at provider j, at `j * classes + c`. */
  readonly flow: Float64Array;
  /** Requests each provider serves, within its hull. */
  readonly volume: Float64Array;
  /** Requests of each class that nobody serves. */
  readonly refused: Float64Array;
  readonly hulls: Hull[] = [];
  /** Paths augmented so far. */
  augmentations = 0;
  private readonly instance: Instance;
  private readonly open: Int32Array;
  private readonly potential: Float64Array;
  /** What has arrived at a node and not left it; below 0 it lacks that much. */
  private readonly excess: Float64Array;
  private readonly distance: Float64Array;
  private readonly before: Int32Array;
  private readonly settled: Uint8Array;
  private readonly outside: number;
  /** Nodes at the distance that the search has come to: they are next, without looking for them. */
  private readonly near: Int32Array;
  private nearCount = 0;
  private level = 0;

  /** Solves the relaxation over the choices given; `false` from {@link restrict} and {@link settle} means infeasible. */
  constructor(instance: Instance) {
    const [m, n] = [instance.classes, instance.providers];
    this.instance = instance;
    this.outside = m + n;
    this.flow = new Float64Array(m * n);
    this.volume = new Float64Array(n);
    this.refused = new Float64Array(m);
    this.open = new Int32Array(n);
    this.potential = new Float64Array(m + n + 1);
    this.excess = new Float64Array(m + n);
    this.distance = new Float64Array(m + n + 1);
    this.before = new Int32Array(m + n + 1);
    this.settled = new Uint8Array(m + n + 1);
    this.near = new Int32Array(2 * (m + n + 1));
    this.excess.set(instance.demand);
    for (let j = 0; j < n; j += 1) this.hulls.push({ volumes: [0], slopes: [], startCost: 0 });
    for (let j = 0; j < n; j += 1) {
      let nearest = Infinity;
      for (const c of instance.served[j]!) nearest = Math.min(nearest, instance.loss[c * n + j]!);
      this.potential[m + j] = Number.isFinite(nearest) ? nearest : 0;
    }
    this.potential[this.outside] = -4 * instance.largest;
  }

  /** Sets what is open; every open set must hold a choice. True where the relaxation over it has a solution. */
  solve(open: Int32Array): boolean {
    const { classes, providers } = this.instance;
    for (let j = 0; j < providers; j += 1) {
      if (open[j] === this.open[j]) continue;
      this.open[j] = open[j]!;
      this.changeHull(j, hullOf(this.instance, j, open[j]!));
    }
    for (let node = 0; node < classes + providers; node += 1) {
      while (this.excess[node]! > 0) this.augment(node, this.outside);
    }
    for (let j = 0; j < providers; j += 1) {
      while (this.excess[classes + j]! < 0) if (!this.augment(this.outside, classes + j)) return false;
    }
    return true;
  }

  /** Writes whole duals per class, from the potentials. */
  readDuals(lambda: Float64Array): void {
    const outside = this.potential[this.outside]!;
    for (let c = 0; c < this.instance.classes; c += 1) lambda[c] = Math.round(outside - this.potential[c]!);
  }

  /** After an infeasible solve: lowers the duals of all classes whose every request the unmet minimums have already taken. */
  lowerCut(lambda: Float64Array, amount: number): void {
    for (let c = 0; c < this.instance.classes; c += 1) if (this.settled[c] === 0) lambda[c]! -= amount;
  }

  save(): Snapshot {
    let count = 0;
    for (const amount of this.flow) if (amount > 0) count += 1;
    const arcs = new Int32Array(count);
    const amounts = new Float64Array(count);
    for (let arc = 0, at = 0; at < count; arc += 1) {
      if (this.flow[arc] === 0) continue;
      arcs[at] = arc;
      amounts[at] = this.flow[arc]!;
      at += 1;
    }
    return {
      arcs,
      amounts,
      volume: this.volume.slice(),
      refused: this.refused.slice(),
      potential: this.potential.slice(),
      open: this.open.slice(),
      hulls: this.hulls.slice(),
    };
  }

  /** Goes back to a solved flow. */
  load(saved: Snapshot): void {
    this.flow.fill(0);
    for (let at = 0; at < saved.arcs.length; at += 1) this.flow[saved.arcs[at]!] = saved.amounts[at]!;
    this.volume.set(saved.volume);
    this.refused.set(saved.refused);
    this.potential.set(saved.potential);
    this.open.set(saved.open);
    this.excess.fill(0);
    for (let j = 0; j < this.hulls.length; j += 1) this.hulls[j] = saved.hulls[j]!;
  }

  /** Brings a provider's volume to where its new hull agrees with the potentials; what that moves becomes excess or lack. */
  private changeHull(j: number, hull: Hull): void {
    const node = this.instance.classes + j;
    const price = this.potential[this.outside]! - this.potential[node]!;
    const { volumes, slopes } = hull;
    const last = volumes.length - 1;
    let low = 0;
    while (low < last && slopes[low]! < price) low += 1;
    let high = low;
    while (high < last && slopes[high]! <= price) high += 1;
    const volume = Math.min(Math.max(this.volume[j]!, volumes[low]!), volumes[high]!);
    this.excess[node]! += this.volume[j]! - volume;
    this.volume[j] = volume;
    this.hulls[j] = hull;
  }

  /** Sends what it can along a shortest path; false where there is none. */
  private augment(source: number, target: number): boolean {
    this.augmentations += 1;
    const reached = this.search(source, target);
    const { distance, potential, settled } = this;
    let end = distance[target]!;
    if (!reached) {
      end = 0;
      for (let node = 0; node <= this.outside; node += 1) if (settled[node] === 1) end = Math.max(end, distance[node]!);
    }
    for (let node = 0; node <= this.outside; node += 1)
      if (settled[node] === 1 && distance[node]! < end) potential[node]! += distance[node]! - end;
    if (reached) this.push(source, target);
    return reached;
  }

  /** Dijkstra over reduced costs, until the target is settled. */
  private search(source: number, target: number): boolean {
    const { distance, settled } = this;
    distance.fill(Infinity);
    settled.fill(0);
    distance[source] = 0;
    this.level = 0;
    this.nearCount = 0;
    let node = source;
    for (;;) {
      settled[node] = 1;
      if (node < this.instance.classes) this.leaveClass(node);
      else if (node < this.outside) this.leaveProvider(node);
      else this.leaveOutside();
      if (distance[target]! <= this.level) return true;
      node = this.nearest(target);
      if (node === -1) return distance[target]! < Infinity;
    }
  }

  /** An unsettled node of the least distance; −1 where none is nearer than the target. */
  private nearest(target: number): number {
    const { distance, settled } = this;
    while (this.nearCount > 0) {
      this.nearCount -= 1;
      const node = this.near[this.nearCount]!;
      if (settled[node] === 0) return node;
    }
    let node = -1;
    let least = distance[target]!;
    for (let each = 0; each <= this.outside; each += 1) {
      if (settled[each] === 1 || distance[each]! >= least) continue;
      least = distance[each]!;
      node = each;
    }
    this.level = least;
    return node;
  }

  private leaveClass(c: number): void {
    const { loss, classes, providers } = this.instance;
    const here = this.distance[c]!;
    const own = this.potential[c]!;
    const row = c * providers;
    for (let j = 0; j < providers; j += 1) {
      const step = loss[row + j]! + own - this.potential[classes + j]!;
      const distance = step > 0 ? here + step : here;
      if (distance >= this.distance[classes + j]!) continue;
      this.distance[classes + j] = distance;
      this.before[classes + j] = c;
      if (distance <= this.level) this.near[this.nearCount++] = classes + j;
    }
    const step = this.nextRefusal(c);
    if (step !== -1) this.offer(c, this.outside, this.instance.reserves[c]![step]!);
  }

  private leaveProvider(node: number): void {
    const { loss, classes, providers } = this.instance;
    const j = node - classes;
    const column = j * classes;
    for (let c = 0; c < classes; c += 1) if (this.flow[column + c]! > 0) this.offer(node, c, -loss[c * providers + j]!);
    const segment = this.nextSegment(j);
    if (segment !== -1) this.offer(node, this.outside, this.hulls[j]!.slopes[segment]!);
  }

  private leaveOutside(): void {
    const { classes, providers, reserves } = this.instance;
    for (let j = 0; j < providers; j += 1) {
      const segment = this.lastSegment(j);
      if (segment !== -1) this.offer(this.outside, classes + j, -this.hulls[j]!.slopes[segment]!);
    }
    for (let c = 0; c < classes; c += 1) {
      const step = this.lastRefusal(c);
      if (step !== -1) this.offer(this.outside, c, -reserves[c]![step]!);
    }
  }

  private offer(from: number, to: number, cost: number): void {
    const reduced = cost + this.potential[from]! - this.potential[to]!;
    const distance = this.distance[from]! + (reduced > 0 ? reduced : 0);
    if (distance >= this.distance[to]!) return;
    this.distance[to] = distance;
    this.before[to] = from;
    if (distance <= this.level) this.near[this.nearCount++] = to;
  }

  /** The hull's piece that a provider's next request falls in, −1 where it is full. */
  private nextSegment(j: number): number {
    const { volumes } = this.hulls[j]!;
    for (let k = 0; k + 1 < volumes.length; k += 1) if (this.volume[j]! < volumes[k + 1]!) return k;
    return -1;
  }

  /** The hull's piece that a provider's last request falls in, −1 where it serves its least volume. */
  private lastSegment(j: number): number {
    const { volumes } = this.hulls[j]!;
    for (let k = volumes.length - 2; k >= 0; k -= 1) if (this.volume[j]! > volumes[k]!) return k;
    return -1;
  }

  /** The demand step that the next refusal takes: the lowest reserve price goes first. */
  private nextRefusal(c: number): number {
    const volumes = this.instance.volumes[c]!;
    let refused = this.refused[c]!;
    for (let s = volumes.length - 1; s >= 0; s -= 1) {
      if (refused < volumes[s]!) return s;
      refused -= volumes[s]!;
    }
    return -1;
  }

  private lastRefusal(c: number): number {
    const volumes = this.instance.volumes[c]!;
    let refused = this.refused[c]!;
    for (let s = volumes.length - 1; s >= 0 && refused > 0; s -= 1) {
      if (refused <= volumes[s]!) return s;
      refused -= volumes[s]!;
    }
    return -1;
  }

  private push(source: number, target: number): void {
    const amount = this.bottleneck(source, target);
    if (source !== this.outside) this.excess[source]! -= amount;
    if (target !== this.outside) this.excess[target]! += amount;
    for (let to = target; to !== source; to = this.before[to]!) this.move(this.before[to]!, to, amount);
  }

  private bottleneck(source: number, target: number): number {
    let amount = source === this.outside ? -this.excess[target]! : this.excess[source]!;
    for (let to = target; to !== source; to = this.before[to]!)
      amount = Math.min(amount, this.room(this.before[to]!, to));
    return amount;
  }

  private room(from: number, to: number): number {
    const { classes, volumes } = this.instance;
    if (to === this.outside && from < classes) {
      let left = -this.refused[from]!;
      for (let s = volumes[from]!.length - 1, last = this.nextRefusal(from); s >= last; s -= 1)
        left += volumes[from]![s]!;
      return left;
    }
    if (to === this.outside)
      return this.hulls[from - classes]!.volumes[this.nextSegment(from - classes) + 1]! - this.volume[from - classes]!;
    if (from === this.outside && to < classes) {
      let taken = this.refused[to]!;
      for (let s = volumes[to]!.length - 1, last = this.lastRefusal(to); s > last; s -= 1) taken -= volumes[to]![s]!;
      return taken;
    }
    if (from === this.outside)
      return this.volume[to - classes]! - this.hulls[to - classes]!.volumes[this.lastSegment(to - classes)]!;
    return from < classes ? Infinity : this.flow[(from - classes) * classes + to]!;
  }

  private move(from: number, to: number, amount: number): void {
    const { classes } = this.instance;
    if (to === this.outside) {
      if (from < classes) this.refused[from]! += amount;
      else this.volume[from - classes]! += amount;
    } else if (from === this.outside) {
      if (to < classes) this.refused[to]! -= amount;
      else this.volume[to - classes]! -= amount;
    } else if (from < classes) this.flow[(to - classes) * classes + from]! += amount;
    else this.flow[(from - classes) * classes + to]! -= amount;
  }
}
