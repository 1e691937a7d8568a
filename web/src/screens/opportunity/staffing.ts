/** The staffing calculator's form: what is sent, and what a resolution costs by its answer. Pure; money in micro-units. */
import type { StaffingInput } from '../../../../shared/staffing/staffing.ts';

export type StaffingValues = {
  answer: StaffingInput['answer'];
  volume: number | null;
  handleMinutes: number | null;
  hours: number | null;
  concurrency: number;
  shrinkagePercent: number;
  levelPercent: number;
  withinSeconds: number;
  /** Null: nobody gives up. */
  patienceSeconds: number | null;
  hourMicros: number | null;
};

const PERCENT_BPS = 100;
const NAME = 'Your share';

/** What to ask; `slaHours` is the deadline of the queue's terms. */
export function toInput(values: StaffingValues, slaHours: number): unknown {
  const { answer, volume, handleMinutes, hours, concurrency, shrinkagePercent, levelPercent, withinSeconds } = values;
  const patience = values.patienceSeconds === null ? {} : { patienceSeconds: values.patienceSeconds };
  const perHour = volume === null || hours === null || hours <= 0 ? null : volume / hours;
  const common = {
    handleSeconds: handleMinutes === null ? null : handleMinutes * 60,
    concurrency,
    shrinkageBps: Math.round(shrinkagePercent * PERCENT_BPS),
    levelBps: Math.round(levelPercent * PERCENT_BPS),
  };
  return answer === 'at_once'
    ? { answer, companies: [{ name: NAME, requestsPerHour: perHour }], ...common, withinSeconds, ...patience }
    : { answer, companies: [{ name: NAME, requestsByHour: [perHour] }], ...common, deadlineHours: slaHours };
}

/** What a resolution costs where so many are paid for all open hours; null without volume or wage. */
export function unitCostMicros(
  values: Pick<StaffingValues, 'volume' | 'hours' | 'hourMicros'>,
  scheduled: number,
): number | null {
  const { volume, hours, hourMicros } = values;
  if (volume === null || volume <= 0 || hours === null || hourMicros === null) return null;
  return Math.round((scheduled * hours * hourMicros) / volume);
}
