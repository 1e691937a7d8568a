/** Whether a request fits its company's budget: taken for it, refused, or held back, as is every request of a company that pauses. Costs nothing where there is no cap. */
import { highestPriceMicros, type Plan } from '../dispatch/plan.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import type { Head } from '../request/request.ts';
import { heldPartition, limitsOf, noteList, takeBudget } from './budget.store.ts';
import type { Budget } from './budget.ts';

/** What was taken for a request, or what becomes of it beyond the cap. */
export type Reserved = {
  budget: Pick<Budget, 'company' | 'currency'>;
  micros: number;
  beyond: null | 'refuse' | 'hold';
};

/**
 * Takes the highest price that a request can get from the month's budget. Null where the company has no cap in the
 * queue's currency and does not pause, or nobody would serve the request anyway.
 */
export async function reserve(
  call: Call,
  head: Pick<Head, 'company' | 'queue' | 'round'>,
  currency: Currency,
  plan: Plan,
): Promise<Reserved | null> {
  const { cap: budget, isPaused } = await limitsOf(call, head.company, currency);
  if (budget === undefined && !isPaused) return null;
  const micros = highestPriceMicros(plan);
  if (micros === 0) return null;
  if (isPaused) return { budget: { company: head.company, currency }, micros: 0, beyond: 'hold' };
  if (budget === undefined) return null;
  await noteList(call, head.company, head.queue, head.round);
  const isTaken = await takeBudget(call, budget, micros);
  return { budget, micros, beyond: isTaken ? null : budget.beyond };
}

/** The head as held back: in the work list of its company's cap, in order of acceptance. */
export const holdBack = (call: Call, head: Head, budget: Pick<Budget, 'company' | 'currency'>): Head => ({
  ...head,
  state: 'held_back',
  history: [['held_back', call.now, 'market']],
  wpk: heldPartition(budget.company, budget.currency),
  wsk: `${timeKey(head.acceptedAt)}#${head.id}`,
});
