/** What the close of a month needs of the market's other parts. */
import type { CloseParts } from '../shared/close/step.store.ts';
import { POSTING_DELAY_MS } from '../shared/dispatch/due.ts';
import type { Call } from '../shared/kernel/call.ts';
import { fromIso, iso, MINUTE, machineClock } from '../shared/kernel/time.ts';
import { viewSweeps } from '../shared/operations/sweep-view.store.ts';
import { reconcile } from './reconciliation.ts';
import type { Runtime } from './runtime.ts';
import { leasePartitionsNow } from './sweeps.ts';

/** No page of companies begins later than this after its sweep: the next sweep goes on. */
const BUDGET_MS = 2 * MINUTE;

/** Whether so much of the machine's time has not passed yet. */
export function within(ms: number): () => boolean {
  const until = machineClock.now() + ms;
  return () => machineClock.now() < until;
}

export function closeParts(runtime: Runtime): CloseParts {
  return {
    unpostedBefore,
    reconcile: (call, period) => reconcile(runtime, call, period, { mayGoOn: within(BUDGET_MS) }),
    mayGoOn: within(BUDGET_MS),
  };
}

/** Resolutions whose reopen window ended before an instant, and that are not posted yet. */
async function unpostedBefore(call: Call, cutOff: number): Promise<string | null> {
  if (call.now < cutOff + POSTING_DELAY_MS)
    return `Resolutions of the month are posted until ${iso(cutOff + POSTING_DELAY_MS)}.`;
  const passes = await viewSweeps(call, await leasePartitionsNow(call));
  const late = passes.find(({ nextDueAt }) => nextDueAt !== null && fromIso(nextDueAt) <= cutOff + POSTING_DELAY_MS);
  if (late === undefined) return null;
  return `The sweep '${late.pass}' of ${late.partition} has come to ${late.through ?? 'nothing'}: it goes on by itself.`;
}
