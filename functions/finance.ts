/** What falls due of money, for the schedule on AWS and the scheduler on one machine: each noun finds its own by key. */

import { sweepCloses } from '../shared/close/step.store.ts';
import { financeWaits } from '../shared/dispatch/finance-due.store.ts';
import { sweepRuns } from '../shared/payout/run.store.ts';
import { sweepSchedule } from '../shared/payout/schedule.store.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { sweepEvents } from '../shared/stripe-event/stripe-event.store.ts';
import { closeParts } from './close.ts';
import { hurrier, type Runtime } from './runtime.ts';
import { stripeOf } from './stripe.ts';
import { sweepStripe, sweepTransactions } from './stripe-sweeps.ts';

/** Does what is due by now. Answers when it is next due; null where nothing waits. Doing it again does nothing twice. */
export type FinanceSweep = (call: StripeCall, runtime: Runtime) => Promise<{ nextAt: number | null }>;

/** In this order, so that what one part brings is there for the next. */
const SWEEPS: readonly (readonly [name: string, sweep: FinanceSweep])[] = [
  ['stripe', sweepStripe],
  ['stripe-events', sweepEvents],
  ['transactions', sweepTransactions],
  ['payout-schedule', sweepSchedule],
  ['payout-runs', sweepRuns],
  ['close', (call, runtime) => sweepCloses(call, closeParts(runtime))],
];

/**
 * Runs every part's sweep, where anything at all is listed as due; nobody asks Stripe else. One that fails holds up no other: what failed is
 * thrown together at the end, and stays due.
 */
export async function sweepFinance(runtime: Runtime, now: number): Promise<{ nextAt: number | null }> {
  const waiting = await financeWaits({ tables: runtime.tables, now });
  if (waiting === null || waiting > now) return { nextAt: waiting };
  const stripe = await stripeOf(runtime);
  const failures: unknown[] = [];
  const times: number[] = [];
  for (const [name, sweep] of SWEEPS) {
    const call: StripeCall = { tables: runtime.tables.metered(), now, hurry: hurrier(runtime), stripe };
    try {
      const { nextAt } = await sweep(call, runtime);
      if (nextAt !== null) times.push(nextAt);
    } catch (error) {
      failures.push(error);
    } finally {
      runtime.recordConsumption(`finance:${name}`, call.tables.consumed);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} parts of finance failed: ${String(failures[0])}`);
  return { nextAt: times.length === 0 ? null : Math.min(...times) };
}
