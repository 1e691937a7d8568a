/** What falls due of money, for the schedule on AWS and the scheduler on one machine: each noun finds its own by key. */

import { sweepAccountEnds } from '../shared/account-end/account-end.store.ts';
import { sweepOrders } from '../shared/cash/order.store.ts';
import { sweepCloses } from '../shared/close/step.store.ts';
import { sweepCredit } from '../shared/credit/credit.store.ts';
import { sweepDunning } from '../shared/credit/dunning.store.ts';
import { financeWaits } from '../shared/dispatch/finance-due.store.ts';
import { sweepDisputes } from '../shared/dispute/sweep.store.ts';
import { sweepReissues } from '../shared/invoice/reissue.store.ts';
import { sweepCorrections } from '../shared/invoice/shortfall-correction.store.ts';
import { sweepSlaCredits } from '../shared/invoice/sla-credit-sweep.store.ts';
import type { Call } from '../shared/kernel/call.ts';
import { MINUTE } from '../shared/kernel/time.ts';
import { keepBalances } from '../shared/ledger/trial-balance.store.ts';
import { sweepRuns } from '../shared/payout/run.store.ts';
import { sweepSchedule } from '../shared/payout/schedule.store.ts';
import { sweepRefunds } from '../shared/refund/pay.store.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { sweepEvents } from '../shared/stripe-event/stripe-event.store.ts';
import { sweepWitness } from '../shared/witness/witness.store.ts';
import { closeParts, within } from './close.ts';
import { noticeBy, sweepProviderNotices } from './notices.ts';
import { sweepReconciliations } from './reconciliation.ts';
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
  ['cash-orders', sweepOrders],
  ['disputes', sweepDisputes],
  ['sla-credits', sweepSlaCredits],
  ['corrections', sweepCorrections],
  ['account-ends', sweepAccountEnds],
  ['refunds', sweepRefunds],
  ['witness', sweepWitness],
  ['reconciliations', sweepReconciliations],
  ['payout-schedule', sweepSchedule],
  ['payout-runs', sweepRuns],
  ['provider-notices', sweepProviderNotices],
  ['reissues', sweepReissues],
  ['close', (call, runtime) => sweepCloses(call, closeParts(runtime))],
  ['dunning', (call, runtime) => sweepDunning(call, noticeBy(runtime))],
  ['credit', (call) => sweepCredit(call, within(2 * MINUTE))],
];

/**
 * Runs every part's sweep, where anything at all is listed as due; nobody asks Stripe else. One that fails holds up no
 * other: what failed is thrown together at the end, and stays due.
 */
export async function sweepFinance(runtime: Runtime, now: number): Promise<{ nextAt: number | null }> {
  const failures: unknown[] = [];
  await addUp(runtime, now).catch((error: unknown) => failures.push(error));
  const waiting = await financeWaits({ tables: runtime.tables, now });
  const times: number[] = [];
  if (waiting !== null && waiting > now) times.push(waiting);
  else if (waiting !== null) await runSweeps(runtime, now, { times, failures });
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} parts of finance failed: ${String(failures[0])}`);
  return { nextAt: times.length === 0 ? null : Math.min(...times) };
}

async function runSweeps(
  runtime: Runtime,
  now: number,
  { times, failures }: { times: number[]; failures: unknown[] },
): Promise<void> {
  const stripe = await stripeOf(runtime);
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
}

/** Balances need no Stripe, and are kept though it does not answer. They wait for nobody: whoever reads adds up the rest. */
async function addUp(runtime: Runtime, now: number): Promise<void> {
  const call: Call = { tables: runtime.tables.metered(), now };
  await keepBalances(call).finally(() => runtime.recordConsumption('finance:balances', call.tables.consumed));
}
