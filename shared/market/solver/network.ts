/**
 * The relaxation of the winner determination: every class ships its demand to providers, whose cost is convex (their
 * hull), or gives it up at its reserve price, at least cost. Solved by shortest augmenting paths with potentials, and
 * taken up again from the last flow where hulls change. Potentials are floating-point: they only suggest duals.
 */
import { Curves } from './hull.ts';
import type { Instance } from './instance.ts';
import { Simplex } from './simplex.ts';

/** Everything needed to go on from a solved flow later. */
export type Snapshot = {
  /** Potentials, what each node sends outside, and the amounts on the arcs in use. */
  readonly numbers: Float64Array;
  readonly arcs: Int32Array;
  readonly open: Int32Array;
};

/** Nodes of the network: classes, then providers, then the market's outside, where everything ends. */
export class Network {
  /** Requests of class c at provider j, at `j * classes + c`. */
  readonly flow: Float64Array;
  /** What each node sends outside: requests of a class that nobody serves, then requests that a provider serves. */
  readonly sent: Float64Array;
  readonly curves: Curves;
  /** Paths augmented so far. */
  augmentations = 0;
  private readonly instance: Instance;
  private readonly open: Int32Array;
  readonly potential: Float64Array;
  /** What has arrived at a node and not left it; below 0 it lacks that much. */
  private readonly excess: Float64Array;
  private readonly outside: number;
  /** Per node, what the next request sent outside costs and how many cost that: ∞ and 0 where none can be. */
  private readonly next: Float64Array;
  private readonly nextRoom: Float64Array;
  /** Per node, what the last request sent outside cost and how many cost that: −∞ and 0 where none may come back. */
  private readonly last: Float64Array;
  private readonly lastRoom: Float64Array;
  /** Of the path search: distances so far, ∞ where a node is not reached or further than the target; the node before. */
  private readonly distance: Float64Array;
  private readonly before: Int32Array;
  /** Nodes that are reached and still to be left. */
  private readonly reached: Int32Array;
  private reachedCount = 0;

  /** Solves the relaxation over all choices, of which everybody has one to serve nobody. */
  constructor(instance: Instance) {
    const { classes, providers, arena } = instance;
    const nodes = classes + providers;
    this.instance = instance;
    this.outside = nodes;
    this.curves = new Curves(instance);
    this.flow = arena.floats(classes * providers);
    this.sent = arena.floats(nodes);
    this.open = arena.ints(providers);
    this.potential = arena.floats(nodes + 1);
    this.excess = arena.floats(nodes);
    this.next = arena.floats(nodes);
    this.nextRoom = arena.floats(nodes);
    this.last = arena.floats(nodes);
    this.lastRoom = arena.floats(nodes);
    this.distance = arena.floats(nodes + 1);
    this.before = arena.ints(nodes + 1);
    this.reached = arena.ints(nodes + 1);
    this.open.set(instance.open);
    for (let j = 0; j < providers; j += 1) this.curves.span(j, instance.open[j]!);
    this.augmentations = new Simplex(instance, this.curves, this).pivots;
    for (let node = 0; node < nodes; node += 1) this.place(node);
  }

  /** Sets what is open; every open set must hold a choice. True where the relaxation over it has a solution. */
  solve(open: Int32Array): boolean {
    const { classes, providers } = this.instance;
    const { excess, outside } = this;
    for (let j = 0; j < providers; j += 1) if (open[j] !== this.open[j]) this.changeHull(j, open[j]!);
    for (let node = 0; node < outside; node += 1) while (excess[node]! > 0) this.augment(node, outside);
    for (let node = classes; node < outside; node += 1)
      while (excess[node]! < 0) if (!this.augment(outside, node)) return false;
    return true;
  }

  /** Writes whole duals per class, from the potentials. */
  readDuals(lambda: Float64Array): void {
    const outside = this.potential[this.outside]!;
    for (let c = 0; c < this.instance.classes; c += 1) lambda[c] = Math.round(outside - this.potential[c]!);
  }

  /** After an infeasible solve: lowers the duals of all classes whose every request the unmet minimums have already taken. */
  lowerCut(lambda: Float64Array, amount: number): void {
    for (let c = 0; c < this.instance.classes; c += 1) if (this.distance[c] === Infinity) lambda[c]! -= amount;
  }

  save(): Snapshot {
    const { classes, providers, arena } = this.instance;
    const { flow, sent, potential, outside } = this;
    let count = 0;
    for (let j = 0; j < providers; j += 1) {
      if (sent[classes + j] === 0) continue;
      for (let arc = j * classes; arc < (j + 1) * classes; arc += 1) if (flow[arc]! > 0) count += 1;
    }
    const numbers = arena.floats(2 * outside + 1 + count);
    const arcs = arena.ints(count);
    numbers.set(potential);
    numbers.set(sent, outside + 1);
    for (let j = 0, at = 0; j < providers; j += 1) {
      if (sent[classes + j] === 0) continue;
      for (let arc = j * classes; arc < (j + 1) * classes; arc += 1) {
        if (flow[arc] === 0) continue;
        arcs[at] = arc;
        numbers[2 * outside + 1 + at] = flow[arc]!;
        at += 1;
      }
    }
    const open = arena.ints(providers);
    open.set(this.open);
    return { numbers, arcs, open };
  }

  /** Goes back to a solved flow. */
  load({ numbers, arcs, open }: Snapshot): void {
    const { flow, sent, potential, outside } = this;
    for (let node = 0; node <= outside; node += 1) potential[node] = numbers[node]!;
    for (let node = 0; node < outside; node += 1) sent[node] = numbers[outside + 1 + node]!;
    flow.fill(0);
    for (let at = 0; at < arcs.length; at += 1) flow[arcs[at]!] = numbers[2 * outside + 1 + at]!;
    this.excess.fill(0);
    for (let j = 0; j < open.length; j += 1) {
      if (open[j] === this.open[j]) continue;
      this.open[j] = open[j]!;
      this.curves.span(j, open[j]!);
    }
    for (let node = 0; node < outside; node += 1) this.place(node);
  }

  /** Brings a provider's volume to where its new hull agrees with the potentials; what that moves becomes excess or lack. */
  private changeHull(j: number, open: number): void {
    const node = this.instance.classes + j;
    const price = this.potential[this.outside]! - this.potential[node]!;
    this.open[j] = open;
    this.curves.span(j, open);
    const { volumes, slopes } = this.curves;
    const end = this.curves.end[node]!;
    let low = this.curves.start[node]!;
    while (low < end && slopes[low]! < price) low += 1;
    let high = low;
    while (high < end && slopes[high]! <= price) high += 1;
    const volume = Math.min(Math.max(this.sent[node]!, volumes[low]!), volumes[high]!);
    this.excess[node]! += this.sent[node]! - volume;
    this.sent[node] = volume;
    this.place(node);
  }

  /** Finds the pieces of a node's curve that its next and its last request fall in. */
  private place(node: number): void {
    const { volumes, slopes } = this.curves;
    const sent = this.sent[node]!;
    const start = this.curves.start[node]!;
    const end = this.curves.end[node]!;
    let up = start;
    while (up < end && volumes[up + 1]! <= sent) up += 1;
    this.next[node] = up < end ? slopes[up]! : Infinity;
    this.nextRoom[node] = up < end ? volumes[up + 1]! - sent : 0;
    let down = Math.min(up, end - 1);
    while (down >= start && volumes[down]! >= sent) down -= 1;
    this.last[node] = down >= start ? slopes[down]! : -Infinity;
    this.lastRoom[node] = down >= start ? sent - volumes[down]! : 0;
  }

  /** Sends what it can along a shortest path; false where there is none. */
  private augment(source: number, target: number): boolean {
    this.augmentations += 1;
    this.search(source, target);
    const { distance, potential, outside } = this;
    const end = distance[target]!;
    if (end === Infinity) return false;
    for (let node = 0; node <= outside; node += 1) if (distance[node]! < end) potential[node]! += distance[node]! - end;
    this.push(source, target);
    return true;
  }

  /**
   * Dijkstra over reduced costs, until nothing is nearer than the target. Whoever has nowhere to go but outside is never
   * left: how far the outside is from there is seen on arrival.
   */
  private search(source: number, target: number): void {
    const { distance, outside } = this;
    const { classes } = this.instance;
    distance.fill(Infinity);
    distance[source] = 0;
    this.reachedCount = 0;
    let node = source;
    do {
      if (node < classes) this.leaveClass(node, target);
      else if (node < outside) this.leaveProvider(node, target);
      else this.leaveOutside(target);
      node = this.nearest(distance[node]!, distance[target]!);
    } while (node !== -1);
  }

  /** The nearest node still to be left, one at the distance just left if there is one; −1 where none is within the limit. */
  private nearest(level: number, limit: number): number {
    const { reached, distance, reachedCount } = this;
    let found = -1;
    let least = limit;
    for (let at = 0; at < reachedCount; at += 1) {
      const each = distance[reached[at]!]!;
      if (each >= least) continue;
      least = each;
      found = at;
      if (each <= level) break;
    }
    if (found === -1) return -1;
    const node = reached[found]!;
    this.reachedCount -= 1;
    reached[found] = reached[this.reachedCount]!;
    return node;
  }

  private leaveClass(c: number, target: number): void {
    const { classes, firstPair, pairProvider, pairLoss } = this.instance;
    const { distance, potential, before, next, sent, excess, reached, outside } = this;
    const here = distance[c]!;
    const own = potential[c]!;
    const out = potential[outside]!;
    this.offerOutside(c, here);
    let limit = distance[target]!;
    for (let at = firstPair[c]!, end = firstPair[c + 1]!; at < end; at += 1) {
      const node = classes + pairProvider[at]!;
      const step = pairLoss[at]! + own - potential[node]!;
      const far = step > 0 ? here + step : here;
      const old = distance[node]!;
      if (far >= old || far >= limit) continue;
      distance[node] = far;
      before[node] = c;
      if (node === target) limit = far;
      else {
        const leave = next[node]! + potential[node]! - out;
        const away = leave > 0 ? far + leave : far;
        if (away < distance[outside]!) {
          distance[outside] = away;
          before[outside] = node;
          limit = distance[target]!;
        }
        if (old === Infinity && sent[node]! + excess[node]! > 0) reached[this.reachedCount++] = node;
      }
    }
  }

  /** A provider sends outside, or sends back what a class has at it. */
  private leaveProvider(node: number, target: number): void {
    const { classes, loss } = this.instance;
    const { distance, potential, before, flow, reached } = this;
    const here = distance[node]!;
    this.offerOutside(node, here);
    const limit = distance[target]!;
    const own = potential[node]!;
    for (let c = 0, arc = (node - classes) * classes; c < classes; c += 1, arc += 1) {
      if (flow[arc] === 0) continue;
      const step = own - loss[arc]! - potential[c]!;
      const far = step > 0 ? here + step : here;
      const old = distance[c]!;
      if (far >= old || far >= limit) continue;
      distance[c] = far;
      before[c] = node;
      if (old === Infinity) reached[this.reachedCount++] = c;
    }
  }

  private offerOutside(node: number, here: number): void {
    const step = this.next[node]! + this.potential[node]! - this.potential[this.outside]!;
    const far = step > 0 ? here + step : here;
    if (far >= this.distance[this.outside]!) return;
    this.distance[this.outside] = far;
    this.before[this.outside] = node;
  }

  /** From outside, the last requests sent there come back. */
  private leaveOutside(target: number): void {
    const { classes } = this.instance;
    const { distance, potential, before, last, sent, excess, reached, outside } = this;
    for (let node = 0; node < outside; node += 1) {
      if (last[node] === -Infinity) continue;
      const step = potential[outside]! - last[node]! - potential[node]!;
      const far = step > 0 ? step : 0;
      if (far >= distance[node]! || far >= distance[target]!) continue;
      distance[node] = far;
      before[node] = outside;
      if (node < classes || sent[node]! + excess[node]! > 0) reached[this.reachedCount++] = node;
    }
  }

  private push(source: number, target: number): void {
    const { before, outside, excess } = this;
    let amount = source === outside ? -excess[target]! : excess[source]!;
    for (let to = target; to !== source; to = before[to]!) amount = Math.min(amount, this.room(before[to]!, to));
    if (source !== outside) excess[source]! -= amount;
    if (target !== outside) excess[target]! += amount;
    for (let to = target; to !== source; to = before[to]!) this.move(before[to]!, to, amount);
  }

  private room(from: number, to: number): number {
    const { classes } = this.instance;
    if (to === this.outside) return this.nextRoom[from]!;
    if (from === this.outside) return this.lastRoom[to]!;
    return from < classes ? Infinity : this.flow[(from - classes) * classes + to]!;
  }

  private move(from: number, to: number, amount: number): void {
    const { classes } = this.instance;
    if (to === this.outside) {
      this.sent[from]! += amount;
      this.place(from);
    } else if (from === this.outside) {
      this.sent[to]! -= amount;
      this.place(to);
    } else if (from < classes) this.flow[(to - classes) * classes + from]! += amount;
    else this.flow[(from - classes) * classes + to]! -= amount;
  }
}
