/** The close of a month, a checklist: each step in its order, who and when, how far it is, and what it waits for. */
import * as z from 'zod';
import { Variance } from '../invoice/variance.ts';
import { Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { Instant } from '../kernel/time.ts';
import { endOf, monthAfter } from '../ledger/period.ts';

/**
 * `sweep`: what was due before the month's end is posted. `reconcile`: ledger and Stripe say the same. `period`: the month
 * takes no more entries. `plan`: each company's amount is fixed. `approve`: a second person has seen the invoices.
 * `invoice`: they are final.
 */
export const CLOSE_STEPS = ['sweep', 'reconcile', 'period', 'plan', 'approve', 'invoice'] as const;
export const CloseStep = z.enum(CLOSE_STEPS).meta({ id: 'CloseStep' });
export type CloseStep = z.infer<typeof CloseStep>;
export const CloseState = z.enum([...CLOSE_STEPS, 'done']).meta({ id: 'CloseState' });
export type CloseState = z.infer<typeof CloseState>;

const Noted = z.object({
  startedAt: Instant.nullable(),
  doneAt: Instant.nullable(),
  by: z.string().nullable().meta({ description: 'Who did it; null where the market did' }),
  waitsFor: z.string().nullable().meta({ description: 'Why it does not go on' }),
});
export type Noted = z.infer<typeof Noted>;

export const PlanCounts = z.object({
  companies: z.int().meta({ description: 'Companies looked at' }),
  invoices: z.int(),
  belowFloor: z.int().meta({ description: 'Carried over: not worth an invoice' }),
  creditBalance: z.int().meta({ description: 'In credit' }),
  nothing: z.int().meta({ description: 'Less than a cent' }),
  invoicedMicros: z.partialRecord(Currency, z.int()).meta({ description: 'To be invoiced, without tax, by currency' }),
  carriedMicros: z.partialRecord(Currency, z.int()).meta({ description: 'Carried over, by currency' }),
  variance: z
    .partialRecord(Currency, Variance)
    .default({})
    .meta({ description: 'Why all companies’ months together differ from the ones before, by currency' }),
});
export type PlanCounts = z.infer<typeof PlanCounts>;
export const NO_COUNTS: PlanCounts = {
  companies: 0,
  invoices: 0,
  belowFloor: 0,
  creditBalance: 0,
  nothing: 0,
  invoicedMicros: {},
  carriedMicros: {},
  variance: {},
};

export const Close = z
  .object({
    period: z.string(),
    state: CloseState,
    maker: z.string(),
    approver: z.string().nullable(),
    steps: z.record(CloseStep, Noted),
    counts: PlanCounts,
    invoicesLeft: z.int().nullable().meta({ description: 'Planned invoices that are not final yet' }),
    invoicesHeld: z.int().meta({ description: 'Of them, those that wait for a person; their `held` says why' }),
    startedAt: Instant,
    doneAt: Instant.nullable(),
  })
  .meta({ id: 'Close' });
export type Close = z.infer<typeof Close>;

/** Whether a month's close may begin: the month is over, and the close before it is done. */
export function mayClose(
  period: string,
  newest: Pick<Close, 'period' | 'state'> | undefined,
  now: number,
): Result<null, 'period_not_over' | 'close_out_of_order'> {
  if (now < endOf(period))
    return refuse(
      'period_not_over',
      `${period} ends at ${new Date(endOf(period)).toISOString()}: close it after that.`,
    );
  if (newest === undefined || (newest.state === 'done' && monthAfter(newest.period) === period)) return ok(null);
  const sentence =
    newest.state === 'done'
      ? `Months are closed in order: ${monthAfter(newest.period)} is the next.`
      : `The close of ${newest.period} is at '${newest.state}': finish it first.`;
  return refuse('close_out_of_order', sentence);
}

/** Since when the first month is over that is not closed; null where none is. `first` is the month in which the market began. */
export function unclosedSince(
  newest: Pick<Close, 'period' | 'state'> | undefined,
  first: string,
  now: number,
): number | null {
  const open = newest === undefined ? first : newest.state === 'done' ? monthAfter(newest.period) : newest.period;
  return endOf(open) <= now ? endOf(open) : null;
}

/** The step after one. */
export const stepAfter = (step: CloseStep): CloseState => CLOSE_STEPS[CLOSE_STEPS.indexOf(step) + 1] ?? 'done';
