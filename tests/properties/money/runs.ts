/**
 * How long the properties of money are tried: a few draws in `npm test`, as many as one likes by
 * `npm run test:properties -- --runs 1000 --seed 7`. A property that fails prints its seed, which replays it.
 */
import fc from 'fast-check';

const given = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
export const SEED = given('MONEY_SEED', 20_260_101);
const RUNS = given('MONEY_RUNS', 60);
/** Histories that are posted through the engine, each by a seed of its own. */
export const ENGINE_SEEDS = Array.from({ length: given('MONEY_ENGINE_SEEDS', 2) }, (_, i) => SEED + i);

/** How a property is checked. */
export const check = { seed: SEED, numRuns: RUNS };

/** Holds for every draw. */
export function always<T>(draws: fc.Arbitrary<T>, holds: (draw: T) => void): void {
  fc.assert(fc.property(draws, holds), check);
}

/** One draw of a seed. */
export const drawOf = <T>(draws: fc.Arbitrary<T>, seed: number): T => fc.sample(draws, { seed, numRuns: 1 })[0] as T;
