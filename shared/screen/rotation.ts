/** How likely it is by chance that winners take turns: exact counting of orders. */

export type Rotation = {
  /** Who wins after whom, from the first of the turns. */
  order: string[];
  /** How many wins, up to the newest, are such turns. */
  length: number;
  /** Of all orders in which these could have won as often as they did, so many in a million are turns, rounded up. */
  chancePpm: number;
};

/**
 * The longest run of turns that ends with the newest win: the first k wins are of k different providers (k ≥ 2), and from
 * then on everybody wins again exactly k wins later. Null where not even everybody has won twice: then there is no order.
 * Wins come oldest first.
 */
export function rotationOf(wins: readonly (string | null)[]): Rotation | null {
  for (let from = 0; from < wins.length; from++) {
    const run = wins.slice(from);
    const order = [...new Set(run)].filter((winner) => winner !== null);
    const isTurns = run.every((winner, i) => winner !== null && winner === order[i % order.length]);
    if (!isTurns || order.length < 2 || run.length < 2 * order.length) continue;
    return { order, length: run.length, chancePpm: chancePpm(run.length, order.length) };
  }
  return null;
}

/**
 * With n wins of k providers in turn, r = n mod k have one win more, and c_i is how often i won: of the n!/Πc_i! orders of
 * these wins, r!·(k − r)! are turns (whoever has more wins must come first).
 */
export function chancePpm(wins: number, winners: number): number {
  const more = wins % winners;
  const each = Math.floor(wins / winners);
  const turns = factorial(more) * factorial(winners - more);
  const repeats = factorial(each + 1) ** BigInt(more) * factorial(each) ** BigInt(winners - more);
  const [above, below] = [turns * repeats * 1_000_000n, factorial(wins)];
  return Number((above + below - 1n) / below);
}

function factorial(n: number): bigint {
  let product = 1n;
  for (let i = 2; i <= n; i++) product *= BigInt(i);
  return product;
}
