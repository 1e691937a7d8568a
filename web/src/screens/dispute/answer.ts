/** What the form of an answer sends. Pure. */

/** A part is typed in percent and sent in basis points; only what belongs to the kind of answer is sent. */
export function toAnswer({ answer, bps, statement }: { answer: string; bps: number | string; statement: string }) {
  if (answer === 'accept') return { answer };
  if (answer === 'contest') return { answer, statement };
  return { answer, bps: Math.round(Number(bps) * 100), statement };
}
