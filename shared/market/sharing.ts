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
  const shares = members.map((): number[] => []);
  let handed = 0;
  let given = members.map(() => 0);
  for (const volume of byProvider) {
    handed += volume;
    const now = givenAfter(handed, totals);
    for (const [i, count] of now.entries()) shares[i]!.push(count - given[i]!);
    given = now;
  }
  return shares;
}

/**
 * How many requests each member holds after `handed` were given one by one to the least (2·given + 1)/X_i. All but the
 * last few follow from a threshold: at most (θX_i + 1)/2 of a member's keys are up to θ, so θ = (2·handed − n)/ΣX
 * never gives too many, and at most n are left to hand out one by one.
 */
function givenAfter(handed: number, totals: readonly number[]): number[] {
  const sum = totals.reduce((a, b) => a + b, 0);
  if (handed === sum) return [...totals];
  const threshold = BigInt(Math.max(0, 2 * handed - totals.length));
  // Whole k ≥ 0 with (2k + 1)/X_i ≤ threshold/ΣX.
  const given = totals.map((total) => Number(((threshold * BigInt(total)) / BigInt(sum) + 1n) / 2n));
  for (let left = handed - given.reduce((a, b) => a + b, 0); left > 0; left -= 1) {
    let next = 0;
    for (let i = 1; i < totals.length; i += 1) if (isBefore(given, totals, i, next)) next = i;
    given[next]! += 1;
  }
  return given;
}

/** Whether a member's next key (2·given + 1)/X_i is less than another's; products stay safe integers. */
function isBefore(given: readonly number[], totals: readonly number[], a: number, b: number): boolean {
  return (2 * given[a]! + 1) * totals[b]! < (2 * given[b]! + 1) * totals[a]!;
}
