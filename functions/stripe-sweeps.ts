/** What looks at Stripe again and again; both end in the same handling as what came by itself. */
import { settleDue, settleSince } from '../shared/cash/transaction.store.ts';
import { DAY, dayOf, HOUR } from '../shared/kernel/time.ts';
import { beginReconciliation } from '../shared/reconciliation/reconciliation.store.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { dueSweeps, type Mark, sweepsDone } from '../shared/stripe-event/stripe-event.store.ts';
import { keepSince, keepUndelivered } from '../shared/stripe-event/sweep.store.ts';
import type { Runtime } from './runtime.ts';
import { alarmUnknown, handlerOf } from './stripe-in.ts';

const isHandled = (type: string): boolean => handlerOf(type) !== undefined;

/** Runs the sweeps over Stripe that are due. The night's look at all events is one at the undelivered ones too. */
export async function sweepStripe(call: StripeCall, runtime: Runtime): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await dueSweeps(call);
  const looks = due.filter(({ sweep }) => sweep !== 'reconciliation');
  if (looks.length > 0) {
    const hasFound = await lookAtStripe(call, runtime, looks);
    await sweepsDone(call, looks, hasFound);
  }
  const ordered = due.find(({ sweep }) => sweep === 'reconciliation');
  if (ordered !== undefined) {
    // Of the day that has ended. Where one runs just now, that one finds the same.
    await beginReconciliation(call, dayOf(call.now - DAY), null);
    await sweepsDone(call, [ordered], true);
  }
  return { nextAt };
}

/** Answers whether it found anything that was not known. */
async function lookAtStripe(call: StripeCall, runtime: Runtime, looks: readonly Mark[]): Promise<boolean> {
  const since = Math.min(...looks.map(({ through }) => through));
  const keep = looks.some(({ sweep }) => sweep === 'nightly') ? keepSince : keepUndelivered;
  const [found, booked] = await Promise.all([keep(call, since, isHandled), settleSince(call, since - HOUR)]);
  if (found > 0) runtime.log('info', 'events that did not come by themselves', { sweep: looks[0]?.sweep, found });
  alarmUnknown(runtime, booked);
  return found > 0 || booked.some(({ isNew }) => isNew);
}

/** Posts what was left unfinished, and what has become available. */
export async function sweepTransactions(call: StripeCall, runtime: Runtime): Promise<{ nextAt: number | null }> {
  const { booked, nextAt } = await settleDue(call);
  alarmUnknown(runtime, booked);
  return { nextAt };
}
