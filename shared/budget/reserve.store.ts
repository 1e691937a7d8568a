/** Whether a request fits its company's budget: taken for it, refused, or held back. Costs nothing where there is no cap. */
import { highestPriceMicros, type Plan } from '../dispatch/plan.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import type { Head } from '../request/request.ts';
import { capOf, heldPartition, noteList, takeBudget } from './budget.store.ts';
import type { Budget } from './budget.ts';

/** What was taken for a request, or what becomes of it beyond the cap. */
export type Reserved = { budget: Budget; micros: number; beyond: null | 'refuse' | 'hold' };

/**
 * Takes the highest price that a request can get from the month's budget. Null where the company has no cap in the
 * queue's currency, or nobody would serve the request anyway.
 */
export async function reserve(
  call: Call,
  head: Pick<Head, 'company' | 'queue' | 'round'>,
  currency: Currency,
  plan: Plan,
): Promise<Reserved | null> {
  const budget = await capOf(call, head.company, currency);
  const micros = budget === undefined ? 0 : highestPriceMicros(plan);
  if (budget === undefined || micros === 0) return null;
  await noteList(call, head.company, head.queue, head.round);
  const isTaken = await takeBudget(call, budget, micros);
  return { budget, micros, beyond: isTaken ? null : budget.beyond };
}

/** The head as held back: in the work list of its company's cap, in order of acceptance. */
export const holdBack = (call: Call, head: Head, budget: Budget): Head => ({
  ...head,
  state: 'held_back',
  history: [['held_back', call.now, 'market']],
  wpk: heldPartition(budget.company, budget.currency),
  wsk: `${timeKey(head.acceptedAt)}#${head.id}`,
});
