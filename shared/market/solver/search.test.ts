/** The search itself, led by a guide that knows nothing: it goes where it should, and leaves open what it says. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import { Bound } from './bound.ts';
import { FlowGuide } from './flow-guide.ts';
import type { Instance } from './instance.ts';
import { anyProblem, lay, type Size, tryEveryChoice, worthOf } from './problems.oracle.ts';
import { Proof } from './proof.ts';
import { type Guide, Node, Search, type Split } from './search.ts';

const TINY: Size = { classes: 3, providers: 3, steps: 3, volume: 6, money: 20 };
const anyDuals = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 5, maxLength: 5 });
const isDecided = (bits: number): boolean => (bits & (bits - 1)) === 0;

function dualsFor({ classes, rivals }: Instance, drawn: readonly number[]): Float64Array {
  return Float64Array.from({ length: classes + rivals.length }, (_, at) => drawn[at % drawn.length]!);
}

/** What anything in a part can be worth at λ: the best choice of each provider, added up. */
function createBoundOf(instance: Instance, lambda: Float64Array): (open: Int32Array) => number {
  const bounds = new Bound(instance);
  bounds.at(lambda, instance.open);
  return (open) =>
    open.reduce((sum, bits, j) => {
      const gains = [...bounds.gain.subarray(instance.first[j], instance.first[j + 1])];
      return sum + Math.max(...gains.filter((_, k) => ((bits >> k) & 1) === 1));
    }, bounds.demandGain);
}

type Visit = { index: number; open: Int32Array; bound: number; isClosed: boolean; value: number };

/** The same duals everywhere, and the first provider that can be split; the worth of a decided part is looked up. */
class Plain implements Guide<number> {
  augmentations = 0;
  readonly visits: Visit[] = [];
  readonly loaded: number[] = [];
  private readonly lambda: Float64Array;
  private readonly worth: (open: Int32Array) => number;

  constructor(lambda: Float64Array, worth: (open: Int32Array) => number) {
    this.lambda = lambda;
    this.worth = worth;
  }

  tighten(node: Node): boolean {
    const { index, bound } = node;
    this.augmentations += 2;
    node.lambda.set(this.lambda);
    node.measure();
    node.record();
    if (node.open.every(isDecided)) node.best.offerChoices(node.open.map(Math.log2), this.worth(node.open));
    this.visits.push({ index, bound, open: node.open.slice(), isClosed: node.isClosed(), value: node.best.value });
    return node.isClosed();
  }

  chooseSplit(node: Node): Split | undefined {
    const provider = node.open.findIndex((bits) => !isDecided(bits));
    if (provider === -1) return undefined;
    const bits = node.open[provider]!;
    return { provider, at: Math.log2(bits & -bits) + 1 };
  }

  save(): number {
    return this.visits.at(-1)!.index;
  }

  load(state: number): void {
    this.loaded.push(state);
  }
}

test('it dives into the child of the higher bound, then takes the waiting node of the highest; what is left open bounds all', async () => {
  const budgets = fc.record({ nodes: fc.integer({ min: 1, max: 40 }), augmentations: fc.integer({ min: 1, max: 80 }) });
  const property = fc.property(anyProblem(TINY), anyDuals, budgets, (problem, drawn, budget) => {
    const instance = lay(problem);
    const lambda = dualsFor(instance, drawn);
    const boundOf = createBoundOf(instance, lambda);
    const stepsOf = (open: Int32Array) => Array.from(open, (bits) => (bits === 1 ? null : Math.log2(bits) - 1));
    const guide = new Plain(lambda, (open) => Number(worthOf(problem, stepsOf(open))));
    const search = new Search(instance, guide);
    const found = search.run(budget);
    const written = found.proof.write(instance.rivals).nodes;
    type Part = { index: number; open: Int32Array; bound: number; parent: number };
    let here: Part | undefined = { index: 0, open: instance.open, bound: Infinity, parent: -1 };
    const waiting: Part[] = [];
    const loaded: number[] = [];
    let leftOpen = -Infinity;
    for (const [at, visit] of guide.visits.entries()) {
      expect(visit).toMatchObject({ index: here?.index, open: here?.open, bound: here?.bound });
      const split = written[visit.index]!.split;
      if (visit.isClosed || split === null) {
        if (!visit.isClosed) leftOpen = Math.max(leftOpen, boundOf(visit.open));
        waiting.sort((a, b) => b.bound - a.bound || a.index - b.index);
        here = waiting.shift();
        if (here === undefined || here.bound <= visit.value) {
          expect(at).toBe(guide.visits.length - 1);
          here = undefined;
          break;
        }
        loaded.push(here.parent);
        continue;
      }
      const [provider, from, low, high] = split;
      const child = (index: number, isLow: boolean): Part => {
        const open = visit.open.slice();
        open[provider] = isLow ? open[provider]! & ((1 << from) - 1) : (open[provider]! >> from) << from;
        return { index, open, bound: boundOf(open), parent: visit.index };
      };
      const [below, above] = [child(low, true), child(high, false)];
      const other: Part = below.bound > above.bound ? above : below;
      here = other === above ? below : above;
      if (other.bound > visit.value) waiting.push(other);
    }
    const { visits } = guide;
    const most = Math.min(budget.nodes, Math.ceil(budget.augmentations / 2));
    expect(found.nodes).toBe(visits.length);
    expect(found.augmentations).toBe(2 * visits.length);
    if (here === undefined) expect(visits.length).toBeLessThanOrEqual(most);
    else expect(visits.length).toBe(most);
    expect(guide.loaded).toEqual(loaded);
    expect(found.value).toBe(visits.at(-1)!.value);
    expect(found.bound).toBe(Math.max(found.value, leftOpen, ...[here, ...waiting].map((part) => part?.bound ?? 0)));
    if (here === undefined) expect(BigInt(found.value)).toBe(tryEveryChoice(problem));
    const mayGain = instance.open.map((bits, j) =>
      Array.from(bits.toString(2))
        .reverse()
        .reduce((kept, bit, k) => {
          const alone = instance.open.slice();
          alone[j] = 1 << k;
          return bit === '1' && boundOf(alone) > found.value ? kept + (1 << k) : kept;
        }, 0),
    );
    // Where the root itself is closed, nothing is struck: there is nothing more to look for.
    expect(search.openAtRoot()).toEqual(boundOf(instance.open) > found.value ? mayGain : instance.open);
  });
  await holds('where the search goes', 600, property);
});

test('a choice is struck out exactly where nothing with it can be worth more', async () => {
  const property = fc.property(anyProblem(TINY), anyDuals, fc.nat(), fc.nat(), (problem, drawn, bits, draw) => {
    const instance = lay(problem);
    const lambda = dualsFor(instance, drawn);
    const boundOf = createBoundOf(instance, lambda);
    const node = new Node(instance, new Proof(instance.classes));
    for (let j = 0; j < instance.providers; j += 1)
      if ((node.open[j]! & bits) !== 0 && instance.open[j] !== 1) node.open[j]! &= bits;
    const open = node.open.slice();
    node.lambda.set(lambda);
    const bound = node.measure();
    expect(bound).toBe(boundOf(open));
    expect(node.bound).toBe(bound);
    if (!(bound > 0) || bound === Infinity) return;
    node.best.offerChoices(node.best.choices, draw % Math.ceil(bound));
    const { value } = node.best;
    const kept = open.map((all, j) => {
      let left = 0;
      for (let bit = 1; bit <= all; bit <<= 1) {
        if ((all & bit) === 0) continue;
        const alone = open.slice();
        alone[j] = bit;
        expect(node.boundWith(j, bit)).toBe(boundOf(alone));
        if (boundOf(alone) > value) left += bit;
      }
      expect(node.boundWith(j, all)).toBe(bound);
      return left;
    });
    expect(node.strike()).toBe(kept.some((each, j) => each !== open[j]));
    expect(node.open).toEqual(kept);
    expect(node.bound).toBe(boundOf(kept));
    expect(node.strike()).toBe(false);
  });
  await holds('choices struck out', 600, property);
});

test('a node is closed where nothing in it is worth more than the best at hand, and only there', () => {
  const instance = lay({
    classes: [{ providers: [0], lossMicros: [0], steps: [{ reserveMicros: 9, volume: 2 }] }],
    providers: [{ capacity: 2, steps: [{ minVolume: 0, allInMicros: 4 }] }],
  });
  const node = new Node(instance, new Proof(instance.classes));
  node.lambda.set([4]);
  expect(node.measure()).toBe(10);
  node.best.offerChoices(Int32Array.of(1), 9);
  expect(node.isClosed()).toBe(false);
  node.best.offerChoices(Int32Array.of(1), 10);
  expect(node.isClosed()).toBe(true);
});

test('of equally good choices the first found stays', () => {
  const instance = lay({
    classes: [{ providers: [0], lossMicros: [0], steps: [{ reserveMicros: 9, volume: 2 }] }],
    providers: [{ capacity: 2, steps: [{ minVolume: 0, allInMicros: 4 }] }],
  });
  const { best } = new Node(instance, new Proof(instance.classes));
  best.offerChoices(Int32Array.of(1), 0);
  expect([...best.choices]).toEqual([0]);
  best.offerChoices(Int32Array.of(1), 5);
  best.offerChoices(Int32Array.of(0), 5);
  expect([best.value, ...best.choices]).toEqual([5, 1]);
});

test('a provider may have 29 steps, and no more', () => {
  const stepped = (count: number) => ({
    classes: [{ providers: [0], lossMicros: [0], steps: [{ reserveMicros: 90, volume: 100 }] }],
    providers: [
      { capacity: 100, steps: Array.from({ length: count }, (_, t) => ({ minVolume: t, allInMicros: 60 - t })) },
    ],
  });
  // The last and lowest price is reached: 100 · (90 − 32).
  const instance = lay(stepped(29));
  const found = new Search(instance, new FlowGuide(instance)).run({ nodes: 9, augmentations: 99 });
  expect(found).toMatchObject({ value: 5_800, bound: 5_800 });
  expect(() => lay(stepped(30))).toThrow(new RangeError('provider 0 has more than 29 steps'));
});
