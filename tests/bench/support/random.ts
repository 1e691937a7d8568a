/** Seeded draws for instances: the same seed gives the same numbers on every machine. Not for anything secret. */

export type Random = {
  /** From 0 up to but not including 1. */
  readonly next: () => number;
  /** A whole number from `min` to `max`, both included. */
  readonly whole: (min: number, max: number) => number;
  readonly between: (min: number, max: number) => number;
  readonly chance: (share: number) => boolean;
  /** exp(N(0, sigma)): median 1. */
  readonly lognormal: (sigma: number) => number;
  /** `count` different ones of `items`, in their order. */
  readonly some: <T>(items: readonly T[], count: number) => T[];
};

/** A generator for a name such as `seed|family|size|index`: Mulberry32, started from the name's FNV-1a hash. */
export function createRandom(name: string): Random {
  let state = 0x811c9dc5;
  for (const char of name) state = Math.imul(state ^ char.codePointAt(0)!, 0x01000193);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number): number => min + (max - min) * next();
  const whole = (min: number, max: number): number => min + Math.floor((max - min + 1) * next());
  return {
    next,
    between,
    whole,
    chance: (share) => next() < share,
    // Box–Muller; 1 − next() is never 0.
    lognormal: (sigma) => Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
    some: (items, count) => {
      let left = Math.min(count, items.length);
      return items.filter((_, at) => {
        if (next() * (items.length - at) >= left) return false;
        left -= 1;
        return true;
      });
    },
  };
}
