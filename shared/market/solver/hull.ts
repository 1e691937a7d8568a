/** The lower convex hull of a provider's cost over the choices still open: the cheapest convex cost below the true one. */
import type { Instance } from './instance.ts';

/** Corners (volume, cost) with volumes rising; the cost is convex between them. */
export type Hull = { readonly volumes: number[]; readonly slopes: number[]; readonly startCost: number };

/** `slopes[k]` is the cost per request between corners k and k + 1. At least one choice must be open. */
export function hullOf(instance: Instance, j: number, open: number): Hull {
  const { first, least, most, price } = instance;
  const volumes: number[] = [];
  const costs: number[] = [];
  const add = (volume: number, cost: number): void => {
    if (volumes.length > 0 && volumes.at(-1) === volume) {
      if (costs.at(-1)! <= cost) return;
      volumes.pop();
      costs.pop();
    }
    for (let last = volumes.length - 1; last >= 1; last -= 1) {
      const slope = (costs[last]! - costs[last - 1]!) / (volumes[last]! - volumes[last - 1]!);
      if ((cost - costs[last]!) / (volume - volumes[last]!) > slope) break;
      volumes.pop();
      costs.pop();
    }
    volumes.push(volume);
    costs.push(cost);
  };
  for (let k = first[j]!, bits = open; bits !== 0; bits >>>= 1, k += 1) {
    if ((bits & 1) === 0) continue;
    add(least[k]!, least[k]! * price[k]!);
    add(most[k]!, most[k]! * price[k]!);
  }
  const slopes: number[] = [];
  for (let k = 0; k + 1 < volumes.length; k += 1)
    slopes.push((costs[k + 1]! - costs[k]!) / (volumes[k + 1]! - volumes[k]!));
  return { volumes, slopes, startCost: costs[0]! };
}
