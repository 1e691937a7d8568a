/** A company's hard monthly cap in one currency: what it is, what beyond it, and what a month has left of it. */
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { DAY, dayOf, Instant, MINUTE, monthOf } from '../kernel/time.ts';

const CapMicros = z
  .int()
  .min(0)
  .max(1_000_000_000_000_000)
  .meta({ description: 'The most that a UTC month’s requests may cost, all-in, in micro-units' });

export const Beyond = z.enum(['refuse', 'hold']).meta({
  id: 'BudgetBeyond',
  description:
    'What becomes of a request beyond the cap: refused with `budget_reached`, or held back until the month turns or the cap is raised',
});

export const BudgetInput = z
  .strictObject({
    currency: Currency.meta({ description: 'Each currency has a cap of its own; one without is not capped' }),
    capMicros: CapMicros.nullable().meta({ description: 'Null lifts the cap' }),
    beyond: Beyond.default('refuse'),
  })
  .meta({ id: 'BudgetInput' });
export type BudgetInput = z.infer<typeof BudgetInput>;

/** The cap as stored. `dueAt` is when what it holds back is looked at next; `version` counts changes. */
export const Budget = z.object({
  company: z.string(),
  currency: Currency,
  capMicros: CapMicros.nullable(),
  beyond: Beyond,
  dueAt: z.number(),
  version: z.int(),
});
export type Budget = z.infer<typeof Budget>;

/**
 * One month of a cap. What its requests take is summed by the UTC day on which they became ready (`d01` … `d31`), so that
 * days gone by can be counted again from the list of requests.
 */
export const BudgetMonth = z
  .object({
    capMicros: CapMicros,
    leftMicros: z.int(),
    since: z.number(),
    /** Every day up to this one holds only requests that are final: it is not counted again. */
    finalThrough: z.string().optional(),
  })
  .loose();
export type BudgetMonth = z.infer<typeof BudgetMonth>;

export const usedMicros = (month: Pick<BudgetMonth, 'capMicros' | 'leftMicros'>): number =>
  month.capMicros - month.leftMicros;

/** The attribute that sums a day, `d03` of 2026-02-03. */
export const dayAttribute = (day: string): string => `d${day.slice(8)}`;
/** What a month's item says of a day. */
export const takenOn = (month: BudgetMonth, day: string): number => Number(month[dayAttribute(day)] ?? 0);

/** Days of a month before `now`'s own that may still change, in order. */
export function daysToCount(month: string, finalThrough: string | undefined, now: number): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${month}-01`); dayOf(at).slice(0, 7) === month && dayOf(at) < dayOf(now); at += DAY) {
    if (finalThrough === undefined || dayOf(at) > finalThrough) days.push(dayOf(at));
  }
  return days;
}

/** The recount follows midnight by this long, so that the lists show all of the day before. */
const RECOUNT_DELAY_MS = 10 * MINUTE;

/** When a cap is looked at next: as the month turns, and shortly after each midnight (UTC) before. */
export function nextLook(now: number): number {
  const midnight = (Math.floor(now / DAY) + 1) * DAY;
  return monthOf(midnight) === monthOf(now) ? midnight + RECOUNT_DELAY_MS : midnight;
}

/** Shares of the cap at which the company is told, in percent. */
export const ALERT_PERCENTS = [50, 80, 100] as const;
export type AlertPercent = (typeof ALERT_PERCENTS)[number];

/** The alerts that a used amount has reached; a cap of nothing is reached at once. */
export const alertsReached = (used: number, capMicros: number): AlertPercent[] =>
  ALERT_PERCENTS.filter((percent) => BigInt(used) * 100n >= BigInt(percent) * BigInt(capMicros));

export const BudgetAlert = z
  .object({
    percent: z.int(),
    capMicros: z.int().meta({ description: 'The cap at that time: a raised one is alerted anew' }),
    at: Instant,
  })
  .meta({ id: 'BudgetAlert' });
export type BudgetAlert = z.infer<typeof BudgetAlert>;

export const BudgetView = z
  .object({
    currency: Currency,
    capMicros: z.int().nullable(),
    beyond: Beyond,
    month: z.string().meta({ description: 'The UTC month, such as 2026-02' }),
    usedMicros: z.int().meta({
      description:
        'What this month’s requests take: at the highest price they can get on their first day, then at their own; what ends uncharged or cheaper is given back by the next night',
    }),
    leftMicros: z.int().nullable(),
    countedSince: Instant.nullable().meta({ description: 'Requests from before the cap was set are not counted' }),
    heldBack: z.object({ count: z.int(), isAtLeast: z.boolean() }),
    alertPercents: z.array(z.int()).meta({
      description: 'Shares of the cap at which the company is told, by webhook and by mail to its billing contact',
    }),
    alerts: z.array(BudgetAlert),
  })
  .meta({ id: 'Budget' });
export type BudgetView = z.infer<typeof BudgetView>;
