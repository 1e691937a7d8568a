/** What waits, put together by the day on which it is payable. Pure. */
import type { Payable } from '../../../../shared/payout/owed.ts';

type Waiting = Pick<Payable['waiting'][number], 'micros' | 'expectedAt'>;

/** In order of days (UTC); what has no date comes last, under null. */
export function byDate(waiting: readonly Waiting[]): { day: string | null; micros: number }[] {
  const sums = new Map<string | null, number>();
  for (const { micros, expectedAt } of waiting) {
    const day = expectedAt === null ? null : expectedAt.slice(0, 10);
    sums.set(day, (sums.get(day) ?? 0) + micros);
  }
  return [...sums].map(([day, micros]) => ({ day, micros })).sort((a, b) => ((a.day ?? '9') < (b.day ?? '9') ? -1 : 1));
}
