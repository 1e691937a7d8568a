/** Runs reconciliations: every night, when people ask, and before a month is closed. Breaks are alarms. */
import { financeDue } from '../shared/dispatch/finance-due.store.ts';
import { fromIso } from '../shared/kernel/time.ts';
import { holdPayouts } from '../shared/payout/hold.store.ts';
import { type Chunks, compareMoney, type Found, type Place } from '../shared/reconciliation/compare.store.ts';
import type { CreditOf } from '../shared/reconciliation/credit-side.store.ts';
import {
  endReconciliation,
  forgetProgress,
  foundInAll,
  keepProgress,
  leaveReconciliation,
  RECONCILIATION_DUE,
  readProgress,
  takeReconciliation,
} from '../shared/reconciliation/reconciliation.store.ts';
import { type Break, isSerious, reasonAgainstClose } from '../shared/reconciliation/reconciliation.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import type { Runtime } from './runtime.ts';
import { alarmUnknown } from './stripe-in.ts';

/** How long one call compares, and how much at a time. */
export type Pace = { mayGoOn: () => boolean; chunks?: Chunks };

/** Runs what was ordered, by people and by the sweep of every night, as long as there is time: the next sweep goes on. */
export async function sweepReconciliations(
  call: StripeCall,
  runtime: Runtime,
  pace: Pace,
): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, RECONCILIATION_DUE);
  for (const { pk } of due) if (!(await run(runtime, call, pk.slice('RC#'.length), pace))) return { nextAt: call.now };
  return { nextAt };
}

/** Answers whether it has ended, or is not this call's to go on with. */
async function run(runtime: Runtime, call: StripeCall, id: string, pace: Pace): Promise<boolean> {
  const taken = await takeReconciliation(call, id);
  if (taken === undefined) return true;
  const { ordered, place } = taken;
  const creditOf = ordered.askedBy === null ? 'changed' : 'all';
  const terms = { since: fromIso(`${ordered.day}T00:00:00Z`), creditOf, place } as const;
  const found = await compare(runtime, call, id, terms, pace);
  if (found === null) {
    await leaveReconciliation(call, id);
    return false;
  }
  await alarmBreaks(runtime, call, id, found.breaks);
  const ended = await endReconciliation(call, id, found);
  runtime.log('info', 'a reconciliation', { id, breaks: ended.breaks, serious: ended.serious });
  return true;
}

/**
 * What stands against closing a month: both sides are compared from its first day on. Null where nothing does; a sentence
 * too where there was no time to compare all: asked again, it goes on where it stopped.
 */
export async function reconcile(
  runtime: Runtime,
  call: StripeCall,
  period: string,
  pace: Pace,
): Promise<string | null> {
  const id = `close.${period}`;
  const place = (await readProgress(call, id))?.place;
  const terms = { since: fromIso(`${period}-01T00:00:00Z`), creditOf: 'all', place } as const;
  const found = await compare(runtime, call, id, terms, pace);
  if (found === null) return 'The ledger and Stripe are being compared: it goes on by itself.';
  await forgetProgress(call, id);
  await alarmBreaks(runtime, call, period, found.breaks);
  return reasonAgainstClose(found.breaks);
}

/** Compares from where it stopped; null where there is more to compare than time. */
async function compare(
  runtime: Runtime,
  call: StripeCall,
  id: string,
  { place, ...terms }: { since: number; creditOf: CreditOf; place: Place | undefined },
  pace: Pace,
): Promise<Found | null> {
  let isKept = place !== undefined;
  const keep = async (next: Place, found: Found): Promise<boolean> => {
    await keepProgress(call, id, next, found);
    isKept = true;
    return pace.mayGoOn();
  };
  const from = place === undefined ? {} : { place };
  const { booked, isDone, ...found } = await compareMoney(call, { ...terms, ...from, keep }, pace.chunks);
  alarmUnknown(runtime, booked);
  if (!isDone) return null;
  return isKept ? foundInAll(call, id, found) : found;
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
