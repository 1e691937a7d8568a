/** What the form of a dispute sends. Pure. */
export type DisputeValues = {
  code: string;
  text: string;
  part: string;
  micros: number | null;
  wants: string;
};

export const NO_DISPUTE: DisputeValues = {
  code: 'not_resolved',
  text: '',
  part: 'whole',
  micros: null,
  wants: 'credit',
};

/** All of the charge, or a part of it as an amount. */
export const toDispute = ({ code, text, part, micros, wants }: DisputeValues) => ({
  reason: { code, text },
  share: part === 'whole' ? { bps: 10_000 } : { micros },
  wants,
});

/** What is claimed, in micro-units; null while a part is not typed yet. */
export const claimedOf = ({ part, micros }: Pick<DisputeValues, 'part' | 'micros'>, wholeMicros: number) =>
  part === 'whole' ? wholeMicros : micros;
