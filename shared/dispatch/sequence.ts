/**
 * Which provider serves a company's n-th slot. A pure function of the awards, so that intake needs no shared row.
 *
 * The order is Tijdeman's solution of the chairman assignment problem (Tijdeman, Discrete Mathematics 32, 1980): after
 * every n slots each provider has had its share of n to within 1 − 1/(2k−2), k providers; after all of them exactly its award.
 */
export type Share = { readonly provider: string; readonly volume: number };

/** Slot orders are remembered for this many companies' awards. */
const MOST_REMEMBERED = 2_000;
const remembered = new Map<string, Uint8Array | Uint16Array>();

/** The provider of slot `slot` (from 0). Throws beyond the awarded volume, which the slot counter never gives out. */
export function providerOfSlot(shares: readonly Share[], slot: number): string {
  const only = shares[0];
  const total = shares.reduce((sum, share) => sum + share.volume, 0);
  if (only === undefined || slot < 0 || slot >= total)
    throw new RangeError(`slot ${slot} is outside an award of ${total}`);
  if (shares.length === 1) return only.provider;
  const order = orderOf(shares, total);
  return shares[order[slot % order.length] as number]!.provider;
}

/** How many of the first `slots` slots each provider has. */
export function slotsByProvider(shares: readonly Share[], slots: number): Map<string, number> {
  const counts = new Map(shares.map((share) => [share.provider, 0]));
  for (let slot = 0; slot < slots; slot++) {
    const provider = providerOfSlot(shares, slot);
    counts.set(provider, counts.get(provider)! + 1);
  }
  return counts;
}

/** The order repeats after total / gcd slots, so only one period is worked out. */
function orderOf(shares: readonly Share[], total: number): Uint8Array | Uint16Array {
  const key = shares.map((share) => share.volume).join(',');
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const divisor = shares.reduce((gcd, share) => greatestCommonDivisor(gcd, share.volume), total);
  const order = chairmanOrder(
    shares.map((share) => share.volume / divisor),
    total / divisor,
  );
  remembered.set(key, order);
  if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value as string);
  return order;
}

/**
 * At slot n (from 1), of the providers j with n·v_j − V·given_j ≥ V/(2k−2) (those that may be served without getting too
 * far ahead), the one that must be served soonest: least (V·(1 − 1/(2k−2)) − (n·v_j − V·given_j)) / v_j. Whole numbers
 * throughout: everything is multiplied by 2k − 2. Ties go to the earlier provider.
 */
function chairmanOrder(volumes: readonly number[], total: number): Uint8Array | Uint16Array {
  const count = volumes.length;
  const scale = 2 * count - 2;
  const order = count <= 256 ? new Uint8Array(total) : new Uint16Array(total);
  const given = volumes.map(() => 0);
  for (let n = 1; n <= total; n++) {
    let chosen = -1;
    let bestSlack = 0;
    for (let j = 0; j < count; j++) {
      const volume = volumes[j]!;
      const lag = scale * (n * volume - total * given[j]!);
      if (volume === 0 || lag < total) continue;
      const slack = total * (scale - 1) - lag;
      if (chosen < 0 || slack * volumes[chosen]! < bestSlack * volume) {
        chosen = j;
        bestSlack = slack;
      }
    }
    if (chosen < 0) throw new Error('no provider was eligible for a slot: the order is broken');
    given[chosen]! += 1;
    order[n - 1] = chosen;
  }
  return order;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
