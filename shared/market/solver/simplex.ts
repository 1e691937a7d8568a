/**
 * The relaxation solved from nothing, by the network simplex method: a tree holds the arcs whose flow is free, and an arc
 * that would lower the cost enters it for the one that is exhausted first. Far sooner done than by paths where most
 * providers end up full; from there on {@link Network} takes over.
 *
 * The tree stays strongly feasible (Cunningham 1976): each node could send a little more to the outside along it. So the
 * method ends, though most exchanges move nothing.
 */
import type { Curves } from './hull.ts';
import type { Instance } from './instance.ts';

/** What is filled in; everything is 0 before. Arrays as in {@link Network}. */
type Flow = { readonly flow: Float64Array; readonly sent: Float64Array; readonly potential: Float64Array };

/** Costs are whole numbers as long as no sum loses digits: whatever is less than one is noise. */
const LEAST_GAIN = 0.5;

export class Simplex {
  /** How often an arc has entered the tree, or gone from empty to full. */
  pivots = 0;
  private readonly instance: Instance;
  private readonly curves: Curves;
  private readonly flow: Float64Array;
  private readonly potential: Float64Array;
  private readonly outside: number;
  /** What is sent on each piece of a curve, and how much may be. */
  private readonly used: Float64Array;
  private readonly room: Float64Array;
  /** The tree: each node's parent, the arc to it (a pair, or ~piece), its depth, its children as a list. */
  private readonly parent: Int32Array;
  private readonly arc: Int32Array;
  private readonly depth: Int32Array;
  private readonly child: Int32Array;
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  private readonly stack: Int32Array;
  /** Where the flow of each pair is. */
  private readonly slot: Int32Array;
  /** The arc that enters: it sends from one node to another, or takes back where it is full. */
  private entering = 0;
  private from = 0;
  private to = 0;
  private reduced = 0;

  /** Every curve must begin at volume 0. */
  constructor(instance: Instance, curves: Curves, { flow, sent, potential }: Flow) {
    const { classes, providers, arena } = instance;
    const nodes = classes + providers;
    this.instance = instance;
    this.curves = curves;
    this.flow = flow;
    this.potential = potential;
    this.outside = nodes;
    this.used = arena.floats(curves.volumes.length);
    this.room = arena.floats(curves.volumes.length);
    this.parent = arena.ints(nodes + 1);
    this.arc = arena.ints(nodes + 1);
    this.depth = arena.ints(nodes + 1);
    this.child = arena.ints(nodes + 1).fill(NONE);
    this.left = arena.ints(nodes + 1).fill(NONE);
    this.right = arena.ints(nodes + 1).fill(NONE);
    this.stack = arena.ints(nodes + 1);
    this.slot = arena.ints(instance.pairProvider.length);
    for (let c = 0, pair = 0; c < classes; c += 1)
      for (; pair < instance.firstPair[c + 1]!; pair += 1) this.slot[pair] = instance.pairProvider[pair]! * classes + c;
    for (let node = 0; node < nodes; node += 1) this.plant(node);
    this.run();
    for (let node = 0; node < nodes; node += 1)
      for (let k = curves.start[node]!; k < curves.end[node]!; k += 1) sent[node]! += this.used[k]!;
  }

  /** Everybody is tied to the outside: classes give up all their demand, providers serve nobody. Who can serve nobody stays out. */
  private plant(node: number): void {
    const { classes } = this.instance;
    const { volumes, slopes, start, end } = this.curves;
    const first = start[node]!;
    const last = end[node]! - 1;
    if (last < first) return;
    for (let k = first; k <= last; k += 1) {
      this.room[k] = volumes[k + 1]! - volumes[k]!;
      if (node < classes) this.used[k] = this.room[k]!;
    }
    // A class never gives up more than it has: its dearest piece needs no limit.
    if (node < classes) this.room[last] = Infinity;
    const piece = node < classes ? last : first;
    this.potential[node] = -slopes[piece]!;
    this.depth[node] = 1;
    this.link(node, this.outside, ~piece);
  }

  /** Takes the best arc of one node after the other, until none has any that lowers the cost. */
  private run(): void {
    const { outside } = this;
    for (let node = 0, idle = 0; idle < outside; node = node + 1 === outside ? 0 : node + 1) {
      if (!this.price(node)) idle += 1;
      else {
        idle = 0;
        this.pivot();
      }
    }
  }

  /** Finds the arc out of a node that lowers the cost most per request. */
  private price(node: number): boolean {
    const { classes, firstPair, pairProvider, pairLoss } = this.instance;
    const { potential, used, room } = this;
    const { slopes, start, end } = this.curves;
    const own = potential[node]!;
    let most = LEAST_GAIN;
    let found = false;
    for (let k = start[node]!, last = end[node]!; k < last; k += 1) {
      const reduced = slopes[k]! + own;
      const isFull = used[k] === room[k];
      if ((isFull ? reduced : -reduced) <= most || room[k] === 0 || this.arc[node] === ~k) continue;
      most = Math.abs(reduced);
      found = true;
      this.entering = ~k;
      this.reduced = reduced;
      this.from = isFull ? this.outside : node;
      this.to = isFull ? node : this.outside;
    }
    if (node >= classes) return found;
    for (let pair = firstPair[node]!, last = firstPair[node + 1]!; pair < last; pair += 1) {
      const to = classes + pairProvider[pair]!;
      const reduced = pairLoss[pair]! + own - potential[to]!;
      if (-reduced <= most || this.depth[to] === 0) continue;
      most = -reduced;
      found = true;
      this.entering = pair;
      this.reduced = reduced;
      this.from = node;
      this.to = to;
    }
    return found;
  }

  /** Sends what it can around the cycle that the entering arc closes, and exchanges it for the arc that gave out. */
  private pivot(): void {
    this.pivots += 1;
    const { parent, depth, from, to, entering } = this;
    // Of arcs that give out together the last leaves, going around from where both ends' ways to the outside meet.
    let amount = entering >= 0 ? Infinity : this.room[~entering]!;
    let [above, below] = [NONE, NONE];
    let [source, sink] = [from, to];
    let least = Infinity;
    while (source !== sink) {
      if (depth[source]! >= depth[sink]!) {
        const room = this.roomDown(source);
        if (room < least) {
          least = room;
          above = source;
        }
        source = parent[source]!;
      } else {
        const room = this.roomUp(sink);
        if (room <= amount) {
          amount = room;
          below = sink;
        }
        sink = parent[sink]!;
      }
    }
    const isAbove = least < amount;
    if (isAbove) amount = least;
    if (amount > 0) {
      this.add(entering, from === this.outside ? -amount : amount);
      for (let node = from; node !== source; node = parent[node]!)
        this.add(this.arc[node]!, this.isUp(node) ? -amount : amount);
      for (let node = to; node !== source; node = parent[node]!)
        this.add(this.arc[node]!, this.isUp(node) ? amount : -amount);
    }
    if (isAbove) this.rehang(from, above, to);
    else if (below !== NONE) this.rehang(to, below, from);
  }

  /** Whether the arc to a node's parent leads there: only what a class sends to a provider below it comes from above. */
  private isUp(node: number): boolean {
    return node < this.instance.classes || this.arc[node]! < 0;
  }

  /** How much more a node can send to its parent. */
  private roomUp(node: number): number {
    const arc = this.arc[node]!;
    if (arc < 0) return this.room[~arc]! - this.used[~arc]!;
    return node < this.instance.classes ? Infinity : this.flow[this.slot[arc]!]!;
  }

  /** How much more its parent can send to a node. */
  private roomDown(node: number): number {
    const arc = this.arc[node]!;
    if (arc < 0) return this.used[~arc]!;
    return node < this.instance.classes ? this.flow[this.slot[arc]!]! : Infinity;
  }

  private add(arc: number, amount: number): void {
    if (arc < 0) this.used[~arc]! += amount;
    else this.flow[this.slot[arc]!]! += amount;
  }

  /** Cuts the tree above `cut` and hangs that part up by `top`, one of its nodes, at a new parent, on the arc that enters. */
  private rehang(top: number, cut: number, newParent: number): void {
    // The part's potentials move so that the entering arc costs nothing more: a class is its tail, a provider its head.
    const shift = this.entering < 0 || top < this.instance.classes ? -this.reduced : this.reduced;
    let parent = newParent;
    let arc = this.entering;
    for (let node = top; ; ) {
      const above = this.parent[node]!;
      const old = this.arc[node]!;
      this.unlink(node);
      this.link(node, parent, arc);
      if (node === cut) break;
      parent = node;
      arc = old;
      node = above;
    }
    const { stack, depth, potential, child, right } = this;
    stack[0] = top;
    for (let count = 1; count > 0; ) {
      count -= 1;
      const node = stack[count]!;
      depth[node] = depth[this.parent[node]!]! + 1;
      potential[node]! += shift;
      for (let each = child[node]!; each !== NONE; each = right[each]!) {
        stack[count] = each;
        count += 1;
      }
    }
  }

  private link(node: number, parent: number, arc: number): void {
    const next = this.child[parent]!;
    this.parent[node] = parent;
    this.arc[node] = arc;
    this.left[node] = NONE;
    this.right[node] = next;
    if (next !== NONE) this.left[next] = node;
    this.child[parent] = node;
  }

  private unlink(node: number): void {
    const [left, right] = [this.left[node]!, this.right[node]!];
    if (left === NONE) this.child[this.parent[node]!] = right;
    else this.right[left] = right;
    if (right !== NONE) this.left[right] = left;
  }
}

const NONE = -1;
