/** How many calls an organisation's people and programs may make together. Limits are data; the clock is the machine's. */
import * as z from 'zod';

export const CallLimit = z
  .strictObject({
    perSecond: z.int().min(1).max(100_000).meta({ description: 'Calls a second, on average' }),
    burst: z.int().min(1).max(1_000_000).meta({ description: 'Calls at once after a pause' }),
  })
  .meta({ id: 'CallLimit' });
export type CallLimit = z.infer<typeof CallLimit>;

/** Whose calls are counted together: an organisation by its kind, its sandbox, or a person who acts for none. */
export type Counted = 'company' | 'provider' | 'market' | 'sandbox' | 'person';
export type CallLimits = Readonly<Record<Counted, CallLimit>>;

/** What holds where an organisation has no limit of its own. */
export const USUAL_LIMITS: CallLimits = {
  company: { perSecond: 500, burst: 1_000 },
  provider: { perSecond: 500, burst: 1_000 },
  market: { perSecond: 100, burst: 500 },
  sandbox: { perSecond: 20, burst: 100 },
  person: { perSecond: 5, burst: 50 },
};

/** A process takes so much of a second's calls at once, and spends them by itself. */
const BLOCKS_A_SECOND = 10;
const LARGEST_BLOCK = 500;
/** Calls of one process that are not counted, so that whoever calls now and then costs nothing. */
export const UNCOUNTED = { calls: 5, everyMs: 10_000 };
/** A block that is not spent by then is lost, in milliseconds. */
export const BLOCK_KEPT_MS = 60_000;

/** How many calls a process takes at once. */
export const blockOf = ({ perSecond, burst }: CallLimit): number =>
  Math.min(LARGEST_BLOCK, burst, Math.ceil(perSecond / BLOCKS_A_SECOND));

/** What one process knows of an organisation's calls; times in milliseconds of the machine. */
export type Allowance = {
  /** The beginning of the span in which some calls are not counted, and how many were made in it. */
  since: number;
  uncounted: number;
  /** Calls of the last block that are left, and until when. */
  left: number;
  leftUntil: number;
  /** Until when nothing is left for anybody. */
  refusedUntil: number;
};
export const noAllowance = (): Allowance => ({
  since: Number.NEGATIVE_INFINITY,
  uncounted: 0,
  left: 0,
  leftUntil: 0,
  refusedUntil: 0,
});

/** Spends a call of what the process has: done, refused for so many milliseconds, or there must be another block first. */
export function spend(
  allowance: Allowance,
  now: number,
): { is: 'spent' } | { is: 'refused'; waitMs: number } | { is: 'empty' } {
  if (now < allowance.refusedUntil) return { is: 'refused', waitMs: allowance.refusedUntil - now };
  if (now - allowance.since >= UNCOUNTED.everyMs) Object.assign(allowance, { since: now, uncounted: 0 });
  if (allowance.uncounted < UNCOUNTED.calls) {
    allowance.uncounted += 1;
    return { is: 'spent' };
  }
  if (allowance.left === 0 || now >= allowance.leftUntil) return { is: 'empty' };
  allowance.left -= 1;
  return { is: 'spent' };
}
