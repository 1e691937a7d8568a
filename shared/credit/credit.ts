/** How much a company may owe: unpaid + unbilled + the worst case of its open and active rounds, at most its limit. */
import * as z from 'zod';
import { formatMicros } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';

export const Exposure = z
  .object({
    limitMicros: z.int().meta({ description: 'What the market has approved' }),
    unpaidMicros: z.int().meta({ description: 'Left to pay on final invoices' }),
    unbilledMicros: z.int().meta({ description: 'Charged, and not invoiced yet' }),
    worstCaseMicros: z.int().meta({
      description: 'The most that commitments in open rounds, and what is left of awards in active ones, can come to',
    }),
  })
  .meta({
    id: 'Exposure',
    description: 'Amounts of several currencies are added as they are: the market knows no rate',
  });
export type Exposure = z.infer<typeof Exposure>;

export const owedAtWorst = (exposure: Exposure): number =>
  exposure.unpaidMicros + exposure.unbilledMicros + exposure.worstCaseMicros;
export const isWithinLimit = (exposure: Exposure): boolean => owedAtWorst(exposure) <= exposure.limitMicros;

/** The most that a commitment can come to: every request sent, at the reserve price or the ceiling, fee and all. */
export const worstCaseOf = (
  commitment: { volume: number; reserveMicros?: number | undefined },
  ceilingMicros: number,
): number => commitment.volume * Math.min(commitment.reserveMicros ?? ceilingMicros, ceilingMicros);

/** The worst-case bill in one sentence. */
export function creditSentence(exposure: Exposure): string {
  const { limitMicros, unpaidMicros, unbilledMicros, worstCaseMicros } = exposure;
  const most = formatMicros(owedAtWorst(exposure));
  return `If every request committed in open rounds or awarded in active ones is sent and resolved at its highest price, ${formatMicros(worstCaseMicros)} are added to ${formatMicros(unpaidMicros)} unpaid and ${formatMicros(unbilledMicros)} unbilled: ${most} at most before tax, of ${formatMicros(limitMicros)} that may be owed.`;
}

/** Refuses a commitment that would take the company over its limit, with every amount. */
export function checkCredit(exposure: Exposure): Result<null, 'credit_limit'> {
  if (isWithinLimit(exposure)) return ok(null);
  const { limitMicros, unpaidMicros, unbilledMicros, worstCaseMicros } = exposure;
  return refuse(
    'credit_limit',
    `With this commitment you could owe ${formatMicros(owedAtWorst(exposure))}: ${formatMicros(unpaidMicros)} unpaid, ${formatMicros(unbilledMicros)} unbilled and ${formatMicros(worstCaseMicros)} at worst in open and active rounds. Your limit is ${formatMicros(limitMicros)}: commit less, pay what is open, or ask the market for a higher limit.`,
    { extra: exposure },
  );
}
