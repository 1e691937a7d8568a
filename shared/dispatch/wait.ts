/** How long requests of a queue lately waited until somebody took them up: the range that a customer is told. */
import * as z from 'zod';
import { DAY, MINUTE, SECOND } from '../kernel/time.ts';

/** One request's wait: when it was taken up, how long after its acceptance (both ms), and a few letters of its id. */
export const WaitSample = z.tuple([z.number(), z.number().min(0), z.string()]);
export type WaitSample = z.infer<typeof WaitSample>;

/** So many of the newest samples are kept of a queue. */
const MOST_SAMPLES = 64;
/** Below so many nothing is told. */
export const FEWEST_SAMPLES = 20;
/** What is older is no longer 'lately'. */
const OLDEST_MS = 7 * DAY;
/** New samples are kept so often at the most, and so many at a time: a bounded cost, whatever the traffic. */
export const SAMPLE_EVERY_MS = 10 * MINUTE;
export const SAMPLES_AT_ONCE = 12;

export const WaitRange = z
  .object({
    fromSeconds: z.int().meta({ description: 'One in ten was taken up sooner' }),
    toSeconds: z.int().meta({ description: 'One in ten waited longer' }),
    measuredOn: z.int().meta({ description: 'Requests of this queue in the last seven days that were looked at' }),
  })
  .meta({ id: 'WaitRange', description: 'From acceptance until somebody takes it up' });
export type WaitRange = z.infer<typeof WaitRange>;

/** The waits of requests that were taken up at `now`, and never before. */
export function waitsOf(
  heads: readonly { id: string; acceptedAt: number; history: readonly (readonly [string, number, string])[] }[],
  now: number,
): WaitSample[] {
  return heads.flatMap(({ id, acceptedAt, history }): WaitSample[] => {
    const first = history.find(([event]) => event === 'leased');
    return first?.[1] === now ? [[now, Math.max(0, now - acceptedAt), id.slice(-8)]] : [];
  });
}

/** The samples with new ones, each request once, the newest kept. */
export function withSamples(kept: readonly WaitSample[], more: readonly WaitSample[]): WaitSample[] {
  const known = new Map([...kept, ...more].map((sample) => [sample[2], sample]));
  return [...known.values()].sort((a, b) => b[0] - a[0] || (a[2] < b[2] ? -1 : 1)).slice(0, MOST_SAMPLES);
}

/** The tenth and ninetieth percentile (nearest rank) of recent waits; null where there are too few to say. */
export function waitRange(samples: readonly WaitSample[], now: number): WaitRange | null {
  const waits = samples
    .filter(([at]) => at > now - OLDEST_MS)
    .map(([, wait]) => wait)
    .sort((a, b) => a - b);
  if (waits.length < FEWEST_SAMPLES) return null;
  const rank = (tenths: number): number => waits[Math.ceil((waits.length * tenths) / 10) - 1] ?? 0;
  return {
    fromSeconds: Math.floor(rank(1) / SECOND),
    toSeconds: Math.ceil(rank(9) / SECOND),
    measuredOn: waits.length,
  };
}
