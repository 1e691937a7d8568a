/** What the rounds that run come to together, currency by currency. */
import type { PublicQueue } from '../../../../shared/queue/queue.ts';

export type Total = {
  currency: string;
  queues: number;
  requests: number;
  paidMicros: number;
  aloneMicros: number;
  savedMicros: number;
  savedBps: number;
};

/** One total for each currency, the one with the most requests first. Queues whose figures are not shown are left out. */
export function totalsOf(queues: readonly PublicQueue[]): Total[] {
  const totals = new Map<string, Total>();
  for (const { currency, current } of queues) {
    if (current?.figures == null) continue;
    const { awarded, billingsMicros, standaloneMicros } = current.figures;
    const before = totals.get(currency);
    const paidMicros = (before?.paidMicros ?? 0) + billingsMicros;
    const aloneMicros = (before?.aloneMicros ?? 0) + standaloneMicros;
    const savedMicros = aloneMicros - paidMicros;
    totals.set(currency, {
      currency,
      queues: (before?.queues ?? 0) + 1,
      requests: (before?.requests ?? 0) + awarded,
      paidMicros,
      aloneMicros,
      savedMicros,
      savedBps: aloneMicros === 0 ? 0 : Math.floor((savedMicros / aloneMicros) * 10_000),
    });
  }
  return [...totals.values()].sort((a, b) => b.requests - a.requests || (a.currency < b.currency ? -1 : 1));
}

/** When the next open round closes for bids and commitments; null where none is open. */
export function nextClose(queues: readonly PublicQueue[], now: number): string | null {
  const times = queues.flatMap(({ open }) => (open === null ? [] : [open.closesAt]));
  return times.filter((iso) => Date.parse(iso) > now).sort()[0] ?? null;
}
