/** Runs reconciliations: every night, when people ask, and before a month is closed. Breaks are alarms. */
import { financeDue } from '../shared/dispatch/finance-due.store.ts';
import { fromIso } from '../shared/kernel/time.ts';
import { holdPayouts } from '../shared/payout/hold.store.ts';
import { compareMoney } from '../shared/reconciliation/compare.store.ts';
import {
  endReconciliation,
  RECONCILIATION_DUE,
  takeReconciliation,
} from '../shared/reconciliation/reconciliation.store.ts';
import { type Break, isSerious, reasonAgainstClose } from '../shared/reconciliation/reconciliation.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import type { Runtime } from './runtime.ts';
import { alarmUnknown } from './stripe-in.ts';

/** Runs what was ordered: by people, and by the sweep of every night. */
export async function sweepReconciliations(call: StripeCall, runtime: Runtime): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, RECONCILIATION_DUE);
  for (const { pk } of due) await run(runtime, call, pk.slice('RC#'.length));
  return { nextAt };
}

async function run(runtime: Runtime, call: StripeCall, id: string): Promise<void> {
  const ordered = await takeReconciliation(call, id);
  if (ordered === undefined) return;
  const { breaks, subjects, booked } = await compareMoney(
    call,
    fromIso(`${ordered.day}T00:00:00Z`),
    ordered.askedBy === null ? 'changed' : 'all',
  );
  alarmUnknown(runtime, booked);
  await alarmBreaks(runtime, call, id, breaks);
  const compared = [...subjects].map(([comparison, count]) => ({ comparison, subjects: count }));
  const ended = await endReconciliation(call, id, { breaks, compared });
  runtime.log('info', 'a reconciliation', { id, breaks: ended.breaks, serious: ended.serious });
}

/** What stands against closing a month: both sides are compared from its first day on. Null where nothing does. */
export async function reconcile(runtime: Runtime, call: StripeCall, period: string): Promise<string | null> {
  const { breaks, booked } = await compareMoney(call, fromIso(`${period}-01T00:00:00Z`));
  alarmUnknown(runtime, booked);
  await alarmBreaks(runtime, call, period, breaks);
  return reasonAgainstClose(breaks);
}

/** Whoever is on duty hears of each; a provider of whom Stripe and the ledger differ is not paid until people have looked. */
async function alarmBreaks(runtime: Runtime, call: StripeCall, id: string, breaks: readonly Break[]): Promise<void> {
  for (const { comparison, kind, subject, currency, ledger, stripe, party, done } of breaks.filter(isSerious)) {
    runtime.log('error', 'the ledger and Stripe differ', {
      alarm: 'reconciliation_break',
      reconciliation: id,
      comparison,
      kind,
      subject,
      currency,
      ledger,
      stripe,
    });
    if (done.includes('payout_held') && party !== null)
      await holdPayouts(
        call,
        party,
        `${subject}: the ledger says ${ledger ?? 'nothing'}, Stripe ${stripe ?? 'nothing'}`,
      );
  }
}
