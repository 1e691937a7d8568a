import { expect, it } from 'vitest';
import { StaffingInput } from '../../../../shared/staffing/staffing.ts';
import { type StaffingValues, toInput, unitCostMicros } from './staffing.ts';

const VALUES: StaffingValues = {
  answer: 'by_deadline',
  volume: 400,
  handleMinutes: 12,
  hours: 40,
  concurrency: 1,
  shrinkagePercent: 25,
  levelPercent: 95,
  withinSeconds: 20,
  patienceSeconds: null,
  hourMicros: 30_000_000,
};

it('asks for a share of the demand as the market takes it', () => {
  expect(StaffingInput.parse(toInput(VALUES, 48))).toMatchObject({
    answer: 'by_deadline',
    companies: [{ requestsByHour: [10] }],
    handleSeconds: 720,
    shrinkageBps: 2_500,
    levelBps: 9_500,
    deadlineHours: 48,
  });
  expect(StaffingInput.parse(toInput({ ...VALUES, answer: 'at_once' }, 48))).toMatchObject({
    companies: [{ requestsPerHour: 10 }],
    withinSeconds: 20,
  });
  const patient = { ...VALUES, answer: 'at_once', patienceSeconds: 90 } as const;
  expect(StaffingInput.parse(toInput(patient, 48))).toMatchObject({ patienceSeconds: 90 });
  expect(StaffingInput.safeParse(toInput({ ...VALUES, volume: null }, 48)).success).toBe(false);
});

it('costs all paid hours over the requests', () => {
  // Three people for forty hours at 30 are 3,600, over 400 requests 9 each.
  expect(unitCostMicros(VALUES, 3)).toBe(9_000_000);
  expect(unitCostMicros({ ...VALUES, hourMicros: null }, 3)).toBeNull();
});
