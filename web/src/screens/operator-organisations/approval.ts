/** What is typed to approve somebody, as it is sent: what is left empty is left out. Pure. */
export type ApprovalValues = { creditUnits: number | null; qualityPercent: number | null };

const MICROS = 1_000_000;
const PERCENT_BPS = 100;

export const approvalBody = ({ creditUnits, qualityPercent }: ApprovalValues): unknown => ({
  ...(creditUnits === null ? {} : { creditLimitMicros: Math.round(creditUnits * MICROS) }),
  ...(qualityPercent === null ? {} : { qualityBps: Math.round(qualityPercent * PERCENT_BPS) }),
});
