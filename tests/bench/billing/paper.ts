/** How long a close takes at Stripe's published limits, computed from the calls that were counted; nothing is waited for. */

import { queues } from '../../../infra/topology.ts';
import { PER_SECOND } from '../../../shared/gateways/pace.ts';

/** A live account's limits: https://docs.stripe.com/rate-limits */
export const PUBLISHED = { all: 100, endpoint: 25 } as const;
const consumers = queues['stripe-out'].mostConsumers;
/** What the market's consumers of `stripe-out` allow themselves together. */
export const OWN_PACE = { all: PER_SECOND.all * consumers, endpoint: PER_SECOND.endpoint * consumers };

/**
 * Seconds that so many calls by endpoint take: no fewer than all of them at the limit for all, nor than the most of one
 * endpoint at its limit. Assumes that calls never wait for one another, and that nobody else uses the account.
 */
export function secondsAt(limits: { all: number; endpoint: number }, calls: ReadonlyMap<string, number>): number {
  const counts = [...calls.values()];
  const all = counts.reduce((sum, count) => sum + count, 0);
  return Math.max(all / limits.all, Math.max(0, ...counts) / limits.endpoint);
}

/** Making the customer and the products: only a company's first close, where its profile did not do it before. */
export const isFirstOnly = (endpoint: string): boolean => /\/v1\/(customers|products)\b/.test(endpoint);

/** The same close for so many times the companies, with and without what only a first one calls. */
export function onPaper(calls: ReadonlyMap<string, number>, companies: number, sizes: readonly number[]) {
  const later = [...calls].filter(([endpoint]) => !isFirstOnly(endpoint));
  return sizes.map((size) => {
    const scaled = (some: readonly [string, number][]) =>
      new Map(some.map(([endpoint, count]): [string, number] => [endpoint, (count * size) / companies]));
    const minutes = (limits: typeof PUBLISHED | typeof OWN_PACE, some: readonly [string, number][]) =>
      Number((secondsAt(limits, scaled(some)) / 60).toFixed(1));
    return {
      companies: size,
      firstMinutes: minutes(PUBLISHED, [...calls]),
      laterMinutes: minutes(PUBLISHED, later),
      ownPace: { firstMinutes: minutes(OWN_PACE, [...calls]), laterMinutes: minutes(OWN_PACE, later) },
    };
  });
}
