import { expect, it } from 'vitest';
import { type ApprovalValues, approvalBody } from './approval.ts';

const EMPTY: ApprovalValues = { creditUnits: null, qualityPercent: null, calls: 'as_is', perSecond: null, burst: null };

it('leaves out what is left empty, and sends micro-units and basis points', () => {
  expect(approvalBody(EMPTY)).toEqual({});
  expect(approvalBody({ ...EMPTY, creditUnits: 2_500.5 })).toEqual({ creditLimitMicros: 2_500_500_000 });
  expect(approvalBody({ ...EMPTY, qualityPercent: 87.25 })).toEqual({ qualityBps: 8_725 });
});

it('says how many calls it may make, or that what is usual holds again', () => {
  expect(approvalBody({ ...EMPTY, calls: 'own', perSecond: 900, burst: 5_000 })).toEqual({
    calls: { perSecond: 900, burst: 5_000 },
  });
  expect(approvalBody({ ...EMPTY, calls: 'usual', perSecond: 900 })).toEqual({ calls: null });
});
