/** The thread of the stand-in for Stripe; `local-stripe.ts` starts it. */
import { type SharedTime, sharedClock } from './clock.ts';
import type { Destination } from './stripe/context.ts';
import { startStripe } from './stripe/stripe.ts';
import { given, serve } from './thread.ts';

export type StripeThreadData = {
  database: string;
  key: string;
  time: SharedTime;
  destinations: readonly Destination[];
};
export type StripeThread = {
  /** The port that it listens on. */
  port: () => Promise<number>;
  /** Where webhooks go from now on. */
  deliverTo: (destinations: readonly Destination[]) => Promise<void>;
  /** Works what is due by the clock and tries the webhooks that are due; false where that takes longer than `leftMs`. */
  tell: (leftMs: number) => Promise<boolean>;
  /** Whether a webhook is under way or due. */
  hasDue: () => Promise<boolean>;
  stop: () => Promise<void>;
};

const { database, key, time, destinations } = given<StripeThreadData>();
// Asked first of all, so that nobody waits in vain for what cannot start.
const started = startStripe({
  database,
  key,
  clock: sharedClock(time),
  destinations,
  log: (message, details) => void host.log.asEvent(message, details),
});
const host = serve<StripeThread>({
  port: async () => (await started).port,
  deliverTo: async (next) => (await started).deliverTo(next),
  tell: async (leftMs) => {
    const { switches } = await started;
    switches.tick();
    return !switches.hasDue() || inTime(switches.settled(), leftMs);
  },
  hasDue: async () => (await started).switches.hasDue(),
  stop: async () => (await started).stop(),
});

/** False where the time is up first. */
async function inTime(work: Promise<void>, leftMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, leftMs));
  });
  const isDone = await Promise.race([work.then(() => true as const), late]);
  clearTimeout(timer);
  return isDone;
}
