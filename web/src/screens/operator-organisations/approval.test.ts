import { expect, it } from 'vitest';
import { approvalBody } from './approval.ts';

it('leaves out what is left empty, and sends micro-units and basis points', () => {
  expect(approvalBody({ creditUnits: null, qualityPercent: null })).toEqual({});
  expect(approvalBody({ creditUnits: 2_500.5, qualityPercent: null })).toEqual({ creditLimitMicros: 2_500_500_000 });
  expect(approvalBody({ creditUnits: null, qualityPercent: 87.25 })).toEqual({ qualityBps: 8_725 });
});
