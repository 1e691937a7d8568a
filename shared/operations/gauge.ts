/**
 * What the market measures of itself, each minute or each five: how late its work is, in seconds. 0: nothing is late. Read by
 * the alarms of `infra/alarms.ts`; a measure that stays away is an alarm too, since whatever takes it does not run.
 */
export const GAUGES = [
  /** By how much the deadline of a request that nobody resolved has passed, the latest of all lanes. */
  'LateRequestSeconds',
  /** For how long the round that waits longest has been due to step: close its bids, be cleared, begin, settle. */
  'LateRoundSeconds',
  /** For how long the first piece of money's work has been due. */
  'LateFinanceSeconds',
  /** Since when something is meant for Stripe that Stripe has not answered. */
  'UnsentToStripeSeconds',
  /** Since when the first month is over that is not closed. */
  'UnclosedMonthSeconds',
] as const;
export type Gauge = (typeof GAUGES)[number];
