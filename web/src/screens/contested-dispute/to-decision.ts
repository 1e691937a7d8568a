/** What the form of a decision sends. Pure. */

/** A part is typed in percent of the charge and sent in basis points. */
export function toDecision({
  outcome,
  percent,
  reason,
}: {
  outcome: string;
  percent: number | string;
  reason: string;
}) {
  if (outcome === 'part') return { outcome: 'accept', share: { bps: Math.round(Number(percent) * 100) }, reason };
  return { outcome, reason };
}
