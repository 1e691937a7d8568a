/**
 * Whether a company's requests of the last hour are more than chance brings: what came in it against what came in like
 * hours before. Pure.
 *
 * Both are counts of arrivals that are taken as Poisson. If their rates were equal, then of all n + m requests (n in the one hour,
 * m in h like hours) each falls into the one hour with chance 1/(1 + h), so that n is binomial: the exact conditional test of
 * Przyborowski and Wilenski, 'Homogeneity of results in testing samples from Poisson series', Biometrika 31 (1940), 313–323. It
 * needs no guess at the usual rate, and counts how little a short past says.
 */
import * as z from 'zod';
import { spread } from '../kernel/hash.ts';
import { HOUR, Instant, iso, MINUTE } from '../kernel/time.ts';

/** Fewer requests in the hour are no spike, whatever was usual: people see them by themselves. */
export const LEAST_SEEN = 8;
/** The hour must bring so many times what is usual: arrivals bunch more than Poisson's, and a sure small change is no incident. */
export const LEAST_TIMES = 3;
/** The highest chance at which a spike is told: at four looks an hour, less than one false alarm of a company and queue in 28 years. */
export const MOST_CHANCE = 1e-6;
/** Shown where the chance is less than this: below it only its smallness means anything. */
const LEAST_CHANCE = 1e-300;

/** What came in `hours` like hours of the past. */
export type Usual = { requests: number; hours: number };

export const Spike = z
  .object({
    from: Instant,
    until: Instant,
    seen: z.int().meta({ description: 'Requests of this company and queue between the two' }),
    usual: z.object({ requests: z.int(), hours: z.int() }).meta({
      description:
        'What came in so many like hours before: the same hour of the week, or the last day if it was busier',
    }),
    chance: z
      .number()
      .meta({ description: 'Of so many or more in an hour, were it like the others: an exact binomial tail' }),
  })
  .meta({ id: 'Spike' });
export type Spike = z.infer<typeof Spike>;

/** The spike in the hour that ends at `until` (ms); null where so much can be chance, or is little, or nothing is known of the past. */
export function judgeSpike(seen: number, usual: Usual, until: number): Spike | null {
  if (seen < LEAST_SEEN || usual.hours < 1 || seen * usual.hours < LEAST_TIMES * usual.requests) return null;
  const chance = binomialTail(seen, seen + usual.requests, 1 / (1 + usual.hours));
  if (chance > MOST_CHANCE) return null;
  return { from: iso(until - HOUR), until: iso(until), seen, usual, chance };
}

/** Of two pasts the one with more requests an hour; one that is not known is no past. */
export function busier(one: Usual, other: Usual): Usual {
  if (one.hours === 0 || other.hours === 0) return one.hours === 0 ? other : one;
  return one.requests * other.hours >= other.requests * one.hours ? one : other;
}

/** P(X ≥ least) for X ~ Bin(tries, chance), summed term by term; at least 10⁻³⁰⁰. */
export function binomialTail(least: number, tries: number, chance: number): number {
  if (least <= 0) return 1;
  if (least > tries) return LEAST_CHANCE;
  let logFirst = least * Math.log(chance) + (tries - least) * Math.log1p(-chance);
  for (let i = 1; i <= least; i++) logFirst += Math.log((tries - least + i) / i);
  const odds = chance / (1 - chance);
  let [term, sum] = [1, 1];
  for (let k = least; k < tries; k++) {
    const grows = ((tries - k) / (k + 1)) * odds;
    term *= grows;
    sum += term;
    if (grows < 1 && term < sum * 1e-17) break;
  }
  return Math.min(1, Math.max(LEAST_CHANCE, Math.exp(logFirst + Math.log(sum))));
}

/** A queue is looked at so often; queues are spread over it. */
export const WATCH_EVERY_MS = 15 * MINUTE;

/** When a queue is looked at next, from an instant on. */
export function watchTime(queue: string, from: number): number {
  const offset = spread(queue) % WATCH_EVERY_MS;
  return Math.ceil((from - offset) / WATCH_EVERY_MS) * WATCH_EVERY_MS + offset;
}
