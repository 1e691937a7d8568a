/** Every five minutes: takes each piece of money's work that is due a step further, and measures how late the first is. */
import { newestClose } from '../../shared/close/close.store.ts';
import { unclosedSince } from '../../shared/close/close.ts';
import { firstFinanceDue } from '../../shared/dispatch/finance-due.store.ts';
import type { Call } from '../../shared/kernel/call.ts';
import { MARKET_ORGANISATION, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { oldestUnsent } from '../../shared/stripe-call/stripe-call.store.ts';
import { sweepFinance } from '../finance.ts';
import { type Gauges, writeGauges } from '../gauges.ts';
import { readyRuntime } from '../runtime.ts';

export const handler = async (): Promise<void> => {
  const runtime = await readyRuntime();
  const now = runtime.clock.now();
  try {
    await sweepFinance(runtime, now);
  } finally {
    writeGauges(runtime, await lateness({ tables: runtime.tables, now }));
  }
};

/** What is left when all was done that could be. */
async function lateness(call: Call): Promise<Gauges> {
  const [due, unsent, newest, market] = await Promise.all([
    firstFinanceDue(call),
    oldestUnsent(call),
    newestClose(call),
    readOrganisation(call.tables, MARKET_ORGANISATION),
  ]);
  const unclosed = market === undefined ? null : unclosedSince(newest, market.createdAt.slice(0, 7), call.now);
  const since = (at: number | null): number => (at === null ? 0 : call.now - at);
  return {
    LateFinanceSeconds: since(due),
    UnsentToStripeSeconds: since(unsent),
    UnclosedMonthSeconds: since(unclosed),
  };
}
