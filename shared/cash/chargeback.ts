/** Chargebacks: which of a dispute's transactions take money away and which bring it back. */

export type Moved = { id: string; amountCents: number; createdAt: number };

/**
 * A dispute's transactions in order of time, ties by id: each that takes money away, with the one that answers it, the
 * first reinstatement the first withdrawal. A reinstatement that answers nothing is `unmatched`.
 */
export function pairTransactions<T extends Moved>(
  transactions: readonly T[],
): { pairs: { withdrawn: T; reinstated: T | null }[]; unmatched: T[] } {
  const inOrder = [...transactions].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const back = inOrder.filter(({ amountCents }) => amountCents >= 0);
  const pairs = inOrder
    .filter(({ amountCents }) => amountCents < 0)
    .map((withdrawn, place) => ({ withdrawn, reinstated: back[place] ?? null }));
  return { pairs, unmatched: back.slice(pairs.length) };
}

/** The states in which the bank has decided against the market; an appeal can still change it. */
export const isLost = (status: string): boolean => status === 'lost';
