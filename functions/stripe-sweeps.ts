/** What looks at Stripe again and again; both end in the same handling as what came by itself. */
import { settleDue, settleSince } from '../shared/cash/transaction.store.ts';
import { DAY, dayOf, HOUR } from '../shared/kernel/time.ts';
import { beginReconciliation } from '../shared/reconciliation/reconciliation.store.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { dueSweeps, type Mark, sweepDone } from '../shared/stripe-event/stripe-event.store.ts';
import { keepSince, keepUndelivered } from '../shared/stripe-event/sweep.store.ts';
import type { Runtime } from './runtime.ts';
import { alarmUnknown, handlerOf } from './stripe-in.ts';

const isHandled = (type: string): boolean => handlerOf(type) !== undefined;

/** Runs the sweeps over Stripe that are due, in their order. */
export async function sweepStripe(call: StripeCall, runtime: Runtime): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await dueSweeps(call);
  const inOrder = ['undelivered', 'nightly', 'reconciliation'];
  for (const mark of due.sort((a, b) => inOrder.indexOf(a.sweep) - inOrder.indexOf(b.sweep))) {
    await sweepDone(call, mark, await run(call, runtime, mark));
  }
  return { nextAt };
}

/** Answers whether it found anything that was not known. */
async function run(call: StripeCall, runtime: Runtime, { sweep, through }: Mark): Promise<boolean> {
  if (sweep === 'reconciliation') {
    // Of the day that has ended. Where one runs just now, that one finds the same.
    await beginReconciliation(call, dayOf(call.now - DAY), null);
    return true;
  }
  const keep = sweep === 'undelivered' ? keepUndelivered : keepSince;
  const [found, booked] = await Promise.all([keep(call, through, isHandled), settleSince(call, through - HOUR)]);
  if (found > 0) runtime.log('info', 'events that did not come by themselves', { sweep, found });
  alarmUnknown(runtime, booked);
  return found > 0 || booked.some(({ isNew }) => isNew);
}

/** Posts what was left unfinished, and what has become available. */
export async function sweepTransactions(call: StripeCall, runtime: Runtime): Promise<{ nextAt: number | null }> {
  const { booked, nextAt } = await settleDue(call);
  alarmUnknown(runtime, booked);
  return { nextAt };
}
