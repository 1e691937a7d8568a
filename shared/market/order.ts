/** The order of bidders, drawn from the round's seed, so that no answer depends on who came first. */

const encoder = new TextEncoder();

async function sha256Hex(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sorts bidders by SHA-256 of `seed|round|bidder`, ties by id. Whoever knows the published seed can repeat it. */
export async function orderBidders<Bidder extends { readonly id: string }>(
  seed: string,
  round: string,
  bidders: readonly Bidder[],
): Promise<Bidder[]> {
  const ranked = await Promise.all(
    bidders.map(async (bidder) => ({ bidder, hash: await sha256Hex(`${seed}|${round}|${bidder.id}`) })),
  );
  ranked.sort((a, b) => compareText(a.hash, b.hash) || compareText(a.bidder.id, b.bidder.id));
  return ranked.map((entry) => entry.bidder);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
