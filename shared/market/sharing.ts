/** How companies that are alike share what their group was awarded, in whole requests. */
import { splitByLargestRemainder } from '../kernel/money.ts';

export type Member = {
  /** D_i: requests committed. */
  readonly volume: number;
};

/**
 * Splits a group's requests among its members. `byProvider` is what each provider serves of the group, in the round's
 * order of providers; the answer is requests per member and provider, members in the order given (the round's).
 *
 * First each member's total X_i by largest remainder of its volume, ties to the earlier member. Then provider by
 * provider each request goes to the member with the least (2·given + 1)/X_i, so that dear and cheap providers are mixed
 * alike for all and every total comes out exactly.
 */
export function shareAmongAlike(byProvider: readonly number[], members: readonly Member[]): number[][] {
  const total = byProvider.reduce((sum, volume) => sum + volume, 0);
  const weights = new Map(members.map((member, index) => [String(index).padStart(9, '0'), member.volume]));
  const totals: number[] = [...splitByLargestRemainder(total, weights).values()];
  const shares = members.map(() => byProvider.map(() => 0));
  let handed = 0;
  let given = members.map(() => 0);
  for (const [j, volume] of byProvider.entries()) {
    handed += volume;
    const now = givenAfter(handed, totals);
    for (const [i, count] of now.entries()) shares[i]![j] = count - given[i]!;
    given = now;
  }
  return shares;
}

/**
 * How many requests each member holds after `handed` were given one by one to the least (2·given + 1)/X_i. All but the
 * last few follow from a threshold: at most (θX_i + 1)/2 of a member's keys lie below θ, so θ = (2·handed − n)/ΣX
 * never gives too many, and at most n are left to hand out one by one.
 */
function givenAfter(handed: number, totals: readonly number[]): number[] {
  const sum = totals.reduce((a, b) => a + b, 0);
  if (handed === sum) return [...totals];
  const above = BigInt(Math.max(0, 2 * handed - totals.length));
  const given = totals.map((total) => keysBelow(above, sum, total));
  let left = handed - given.reduce((a, b) => a + b, 0);
  const heap = totals.map((_, i) => i).filter((i) => totals[i]! > 0);
  heap.sort((a, b) => compareKeys(given, totals, a, b));
  for (; left > 0; left -= 1) {
    given[heap[0]!]! += 1;
    sinkFirst(heap, (a, b) => compareKeys(given, totals, a, b));
  }
  return given;
}

/** How many whole k ≥ 0 have (2k + 1)/total < above/sum. */
function keysBelow(above: bigint, sum: number, total: number): number {
  if (above === 0n || total === 0) return 0;
  const most = (above * BigInt(total) - 1n) / BigInt(sum); // the largest whole number below above·total/sum
  return Number((most + 1n) / 2n);
}

/** Orders members by their next key (2·given + 1)/X_i, ties to the earlier member; products stay safe integers. */
function compareKeys(given: readonly number[], totals: readonly number[], a: number, b: number): number {
  return (2 * given[a]! + 1) * totals[b]! - (2 * given[b]! + 1) * totals[a]! || a - b;
}

/** Restores the order of a sorted list whose first element has grown. */
function sinkFirst(sorted: number[], compare: (a: number, b: number) => number): void {
  for (let at = 0; at + 1 < sorted.length && compare(sorted[at]!, sorted[at + 1]!) > 0; at += 1) {
    [sorted[at], sorted[at + 1]] = [sorted[at + 1]!, sorted[at]!];
  }
}
