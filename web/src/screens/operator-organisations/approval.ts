/** What is typed to approve somebody, as it is sent: what is left empty is left out. Pure. */
export type ApprovalValues = {
  creditUnits: number | null;
  qualityPercent: number | null;
  /** What is usual, what holds, or a limit of its own. */
  calls: 'as_is' | 'usual' | 'own';
  perSecond: number | null;
  burst: number | null;
};

const MICROS = 1_000_000;
const PERCENT_BPS = 100;

export const approvalBody = ({ creditUnits, qualityPercent, calls, perSecond, burst }: ApprovalValues): unknown => ({
  ...(creditUnits === null ? {} : { creditLimitMicros: Math.round(creditUnits * MICROS) }),
  ...(calls === 'as_is' ? {} : { calls: calls === 'usual' ? null : { perSecond, burst } }),
  ...(qualityPercent === null ? {} : { qualityBps: Math.round(qualityPercent * PERCENT_BPS) }),
});
