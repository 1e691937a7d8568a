/** The order of bidders, drawn from the round's seed, so that no answer depends on who came first. */

import { sha256Hex } from '../kernel/hash.ts';

/** Sorts bidders by SHA-256 of `seed|round|bidder`. Whoever knows the published seed can repeat it. */
export async function orderBidders<Bidder extends { readonly id: string }>(
  seed: string,
  round: string,
  bidders: readonly Bidder[],
): Promise<Bidder[]> {
  const ranked = await Promise.all(
    bidders.map(async (bidder) => ({ bidder, hash: await sha256Hex(`${seed}|${round}|${bidder.id}`) })),
  );
  ranked.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return ranked.map((entry) => entry.bidder);
}
