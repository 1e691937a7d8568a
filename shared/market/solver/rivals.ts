/** Providers of which at most one can serve at all, because there is not demand enough for the minimum awards of two. */

type Parts = {
  readonly demand: ArrayLike<number>;
  /** Classes that each provider may serve, rising. */
  readonly served: readonly ArrayLike<number>[];
  /** Least volume of each provider where it serves at all. */
  readonly minimum: ArrayLike<number>;
};

/**
 * Sets of providers, each two of which clash: with what only one of them may serve taken in full, the demand that both may
 * serve is less than what they still need. Every pair that clashes is in one set at least, and no set can be made larger.
 */
export function findRivals({ demand, served, minimum }: Parts): number[][] {
  const count = served.length;
  const clashes = findClashes({ demand, served, minimum });
  const covered = new Set<number>();
  const pair = (j: number, k: number): number => Math.min(j, k) * count + Math.max(j, k);
  const sets: number[][] = [];
  for (let j = 0; j < count; j += 1) {
    for (const k of clashes[j]!) {
      if (k < j || covered.has(pair(j, k))) continue;
      const set = [j, k];
      for (const l of clashes[j]!) if (set.every((each) => each === j || clashes[each]!.has(l))) set.push(l);
      for (const [at, each] of set.entries()) for (const other of set.slice(0, at)) covered.add(pair(each, other));
      sets.push(set.toSorted((a, b) => a - b));
    }
  }
  return sets;
}

function findClashes({ demand, served, minimum }: Parts): Set<number>[] {
  const clashes = served.map(() => new Set<number>());
  const takers: number[][] = Array.from(demand, () => []);
  const eligible = served.map((classes) => sum(classes, demand));
  for (let j = 0; j < served.length; j += 1)
    if (minimum[j]! > 0) for (let at = 0; at < served[j]!.length; at += 1) takers[served[j]![at]!]!.push(j);
  for (let j = 0; j < served.length; j += 1) {
    if (minimum[j]! === 0) continue;
    const shared = new Map<number, number>();
    for (let at = 0; at < served[j]!.length; at += 1) {
      const c = served[j]![at]!;
      for (const k of takers[c]!) if (k > j) shared.set(k, (shared.get(k) ?? 0) + demand[c]!);
    }
    for (const [k, both] of shared) {
      const need = (each: number): number => Math.max(0, minimum[each]! - (eligible[each]! - both));
      if (need(j) + need(k) <= both) continue;
      clashes[j]!.add(k);
      clashes[k]!.add(j);
    }
  }
  return clashes.map((each) => new Set([...each].sort((a, b) => a - b)));
}

function sum(classes: ArrayLike<number>, demand: ArrayLike<number>): number {
  let total = 0;
  for (let at = 0; at < classes.length; at += 1) total += demand[classes[at]!]!;
  return total;
}
