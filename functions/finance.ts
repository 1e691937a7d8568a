/** What falls due of money, for the schedule on AWS and the scheduler on one machine: each noun finds its own by key. */

import { ACCOUNT_END_DUE, sweepAccountEnds } from '../shared/account-end/account-end.store.ts';
import { TRANSACTION_DUE } from '../shared/cash/booking.store.ts';
import { ORDER_DUE, sweepOrders } from '../shared/cash/order.store.ts';
import { CLOSE_DUE } from '../shared/close/close.store.ts';
import { sweepCloses } from '../shared/close/step.store.ts';
import { sweepDunning } from '../shared/credit/dunning.store.ts';
import { CREDIT_DUE, sweepCredit } from '../shared/credit/night.store.ts';
import { financeKindsDue, forgetReading } from '../shared/dispatch/finance-due.store.ts';
import { DUE_KIND as DISPUTE_DUE } from '../shared/dispute/dispute.store.ts';
import { sweepDisputes } from '../shared/dispute/sweep.store.ts';
import { DUNNING } from '../shared/invoice/due.store.ts';
import { REISSUE_DUE, sweepReissues } from '../shared/invoice/reissue.store.ts';
import { sweepCorrections } from '../shared/invoice/shortfall-correction.store.ts';
import { DUE_KIND as SLA_CREDIT_DUE } from '../shared/invoice/sla-credit.store.ts';
import { sweepSlaCredits } from '../shared/invoice/sla-credit-sweep.store.ts';
import type { Call } from '../shared/kernel/call.ts';
import { MINUTE } from '../shared/kernel/time.ts';
import { CORRECTION_DUE } from '../shared/ledger/adjustment.store.ts';
import { keepBalances } from '../shared/ledger/trial-balance.store.ts';
import { NOTICE_DUE } from '../shared/payout/notice.store.ts';
import { RUN_DUE, sweepRuns } from '../shared/payout/run.store.ts';
import { SCHEDULE_DUE, sweepSchedule } from '../shared/payout/schedule.store.ts';
import { RECONCILIATION_DUE } from '../shared/reconciliation/reconciliation.store.ts';
import { sweepRefunds } from '../shared/refund/pay.store.ts';
import { DUE_KIND as REFUND_DUE } from '../shared/refund/refund.store.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { EVENT_DUE, SWEEP_DUE, sweepEvents } from '../shared/stripe-event/stripe-event.store.ts';
import { WITNESS_DUE } from '../shared/witness/mark.store.ts';
import { sweepWitness } from '../shared/witness/witness.store.ts';
import { closeParts, within } from './close.ts';
import { noticeBy, sweepProviderNotices } from './notices.ts';
import { sweepReconciliations } from './reconciliation.ts';
import { hurrier, type Runtime } from './runtime.ts';
import { stripeOf } from './stripe.ts';
import { HANDLED_TYPES } from './stripe-in.ts';
import { detailUrlBy } from './stripe-out.ts';
import { sweepStripe, sweepTransactions } from './stripe-sweeps.ts';

/** The types of Stripe's events that set something off: all that its destinations need to be told. */
export const STRIPE_EVENTS = HANDLED_TYPES;

/** Does what is due by now. Answers when it is next due; null where nothing waits. Doing it again does nothing twice. */
export type FinanceSweep = (call: StripeCall, runtime: Runtime) => Promise<{ nextAt: number | null }>;

type Sweep = readonly [kind: string, sweep: FinanceSweep];
/**
 * In this order, so that what one stage brings is there for the next; those of a stage need nothing of each other, and run side
 * by side. Each with the kind of what is listed as due for it.
 */
const STAGES: readonly (readonly Sweep[])[] = [
  [
    [SWEEP_DUE, sweepStripe],
    [WITNESS_DUE, sweepWitness],
  ],
  [
    [EVENT_DUE, sweepEvents],
    [TRANSACTION_DUE, sweepTransactions],
  ],
  [
    [ORDER_DUE, sweepOrders],
    [DISPUTE_DUE, sweepDisputes],
    [SLA_CREDIT_DUE, sweepSlaCredits],
    [CORRECTION_DUE, sweepCorrections],
    [ACCOUNT_END_DUE, sweepAccountEnds],
    [REFUND_DUE, sweepRefunds],
  ],
  // What moves money between us and Stripe waits until both sides were compared.
  [
    [RECONCILIATION_DUE, (call, runtime) => sweepReconciliations(call, runtime, { mayGoOn: within(2 * MINUTE) })],
    [SCHEDULE_DUE, sweepSchedule],
    [NOTICE_DUE, sweepProviderNotices],
    [CREDIT_DUE, (call) => sweepCredit(call, within(2 * MINUTE))],
  ],
  [
    [RUN_DUE, sweepRuns],
    [REISSUE_DUE, (call, runtime) => sweepReissues(call, detailUrlBy(runtime))],
    [CLOSE_DUE, (call, runtime) => sweepCloses(call, closeParts(runtime))],
    [DUNNING, (call, runtime) => sweepDunning(call, noticeBy(runtime))],
  ],
];

/**
 * Runs the sweeps for which something is listed as due, and those for which they make something due; nobody asks Stripe
 * else. One that fails holds up no other: what failed is thrown together at the end, and stays due.
 */
export async function sweepFinance(runtime: Runtime, now: number): Promise<{ nextAt: number | null }> {
  const failures: unknown[] = [];
  const [times] = await Promise.all([
    runSweeps(runtime, now, failures),
    addUp(runtime, now).catch((error: unknown) => failures.push(error)),
  ]);
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} parts of finance failed: ${String(failures[0])}`);
  return { nextAt: times.length === 0 ? null : Math.min(...times) };
}

/** Each sweep runs once at the most, with its stage. Answers when the parts are due next. */
async function runSweeps(runtime: Runtime, now: number, failures: unknown[]): Promise<number[]> {
  const shared = new Map<string, Promise<unknown>>();
  const due: Call = { tables: runtime.tables.metered(), now, shared };
  const times: number[] = [];
  const done = new Set<string>();
  const run = async ([kind, sweep]: Sweep): Promise<void> => {
    done.add(kind);
    const call = {
      tables: runtime.tables.metered(),
      now,
      hurry: hurrier(runtime),
      stripe: await stripeOf(runtime),
      shared,
    };
    try {
      const { nextAt } = await sweep(call, runtime);
      if (nextAt !== null) times.push(nextAt);
    } catch (error) {
      failures.push(error);
    } finally {
      runtime.recordConsumption(`finance:${kind}`, call.tables.consumed);
    }
  };
  let isOver = false;
  while (!isOver) {
    isOver = true;
    for (const stage of STAGES) {
      const { kinds } = await financeKindsDue(due);
      const some = stage.filter(([kind]) => kinds.has(kind) && !done.has(kind));
      if (some.length === 0) continue;
      await Promise.all(some.map(run));
      // What it did may have made more due, for those that follow and for those before.
      forgetReading(due);
      isOver = false;
    }
  }
  const { nextAt } = await financeKindsDue(due);
  if (nextAt !== null) times.push(nextAt);
  runtime.recordConsumption('finance:due', due.tables.consumed);
  return times;
}

/** Balances need no Stripe, and are kept though it does not answer. They wait for nobody: whoever reads adds up the rest. */
async function addUp(runtime: Runtime, now: number): Promise<void> {
  const call: Call = { tables: runtime.tables.metered(), now };
  await keepBalances(call).finally(() => runtime.recordConsumption('finance:balances', call.tables.consumed));
}
