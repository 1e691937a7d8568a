/** What a month will come to, from what it has come to so far and from the months before it: an estimate with its range. */
import * as z from 'zod';
import { amountText } from '../invoice/lines.ts';
import { Currency, wholeCents } from '../kernel/money.ts';
import { DAY, dayOf } from '../kernel/time.ts';

export const Forecast = z
  .object({
    period: z.string(),
    currency: Currency,
    soFarMicros: z.int().meta({ description: 'Posted this month by now' }),
    expectedMicros: z.int().meta({ description: 'An estimate of the whole month' }),
    fromMicros: z.int().meta({ description: 'The lowest of the rates that the estimate looks at' }),
    toMicros: z.int().meta({ description: 'The highest of them' }),
    basis: z.array(z.object({ period: z.string(), microsPerDay: z.int() })).meta({
      description: 'What a day came to: this month so far, and in each month before it that was looked at',
    }),
    sentence: z.string(),
  })
  .meta({ id: 'Forecast' });
export type Forecast = z.infer<typeof Forecast>;

/** The forecast in words, in whole cents; `now` in milliseconds. */
export function sentenceOf(
  of: Pick<Forecast, 'period' | 'currency' | 'soFarMicros' | 'expectedMicros' | 'fromMicros' | 'toMicros'>,
  what: 'charged' | 'earned',
  now: number,
): string {
  const text = (micros: number): string => amountText(wholeCents(micros), of.currency);
  return `An estimate: ${text(of.soFarMicros)} ${what} in ${of.period} by ${dayOf(now)} (UTC), and about ${text(of.expectedMicros)} by its end, between ${text(of.fromMicros)} and ${text(of.toMicros)}.`;
}

export type Month = { period: string; micros: number; days: number };

/**
 * The month's total if its remaining days come to what days came to: this month so far, weighed by its days over all its
 * days, against the mean day of the months before. Range: the lowest and highest daily rate of all of them. Null without
 * any day to go by. Amounts in micro-units, rounded half up.
 */
export function forecast(
  current: Month & { daysInMonth: number },
  before: readonly Month[],
): Pick<Forecast, 'soFarMicros' | 'expectedMicros' | 'fromMicros' | 'toMicros' | 'basis'> | null {
  const months = before.filter(({ days }) => days > 0);
  const own = current.days >= 1 ? [rateOf(current)] : [];
  const rates = [...own, ...months.map(rateOf)];
  if (rates.length === 0) return null;
  const earlier = months.length === 0 ? null : mean(months.map(rateOf));
  const weight = earlier === null ? 1 : own.length === 0 ? 0 : current.days / current.daysInMonth;
  const rate = weight * (own[0] ?? 0) + (1 - weight) * (earlier ?? 0);
  const left = Math.max(0, current.daysInMonth - current.days);
  const total = (perDay: number): number => current.micros + Math.round(perDay * left);
  return {
    soFarMicros: current.micros,
    expectedMicros: total(rate),
    fromMicros: total(Math.min(...rates)),
    toMicros: total(Math.max(...rates)),
    basis: [...(own.length === 0 ? [] : [current]), ...months].map((month) => ({
      period: month.period,
      microsPerDay: Math.round(rateOf(month)),
    })),
  };
}

const rateOf = ({ micros, days }: Month): number => micros / days;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The days of a month that have passed at an instant, with fractions; all of an earlier month. */
export const daysPassed = (start: number, end: number, now: number): number =>
  Math.max(0, Math.min(now, end) - start) / DAY;
