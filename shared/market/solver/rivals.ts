/** Providers of which at most one can serve at all, because there is not demand enough for the minimum awards of two. */

type Parts = {
  readonly demand: Float64Array;
  /** Classes that each provider may serve, rising, from `firstServed[j]` on, and their demand in all. */
  readonly firstServed: Int32Array;
  readonly served: Int32Array;
  readonly eligible: Float64Array;
  /** Least volume of each provider where it serves at all; never more than it may serve. */
  readonly minimum: Float64Array;
};

/**
 * Sets of providers, each two of which clash: the demand that one of them at least may serve is less than their minimum
 * awards together. Every pair that clashes is in one set at least, and no set can be made larger.
 */
export function findRivals(parts: Parts): number[][] {
  const clashes = findClashes(parts);
  if (clashes === undefined) return [];
  const covered = clashes.map(() => new Set<number>());
  const sets: number[][] = [];
  for (const [j, others] of clashes.entries()) {
    for (const k of others) {
      if (covered[j]!.has(k)) continue;
      const set = [j, k];
      for (const l of others) if (set.every((each) => clashes[each]!.has(l))) set.push(l);
      for (const each of set) for (const other of set) covered[each]!.add(other);
      sets.push(set.toSorted((a, b) => a - b));
    }
  }
  return sets;
}

/** For each provider those it clashes with, rising; undefined where none does. */
function findClashes(parts: Parts): Set<number>[] | undefined {
  const { eligible, minimum } = parts;
  let clashes: Set<number>[] | undefined;
  for (let j = 1; j < minimum.length; j += 1) {
    if (minimum[j] === 0) continue;
    for (let k = 0; k < j; k += 1) {
      // What both may serve counts once: there is at least as much demand as the one who may serve more can.
      const both = minimum[j]! + minimum[k]!;
      if (minimum[k] === 0 || both <= Math.max(eligible[j]!, eligible[k]!)) continue;
      if (both <= eligible[j]! + eligible[k]! - sharedDemand(parts, j, k)) continue;
      clashes ??= Array.from(minimum, () => new Set<number>());
      clashes[j]!.add(k);
      clashes[k]!.add(j);
    }
  }
  return clashes;
}

/** Demand of the classes that both may serve. */
function sharedDemand({ demand, firstServed, served }: Parts, j: number, k: number): number {
  let shared = 0;
  let at = firstServed[k]!;
  const end = firstServed[k + 1]!;
  for (let own = firstServed[j]!; own < firstServed[j + 1]!; own += 1) {
    const c = served[own]!;
    while (at < end && served[at]! < c) at += 1;
    if (at === end) break;
    if (served[at] === c) shared += demand[c]!;
  }
  return shared;
}
