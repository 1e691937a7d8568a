/**
 * A model test of money: random business, lived once as it should go and once with everything that goes wrong. Both end in the
 * same trial balance, by account and owner, and in all that must hold. `npm run test:money` lives more of them.
 */
import { describe, expect, it } from 'vitest';
import { holds } from './checks.ts';
import { BRIEF, live, monthsOf } from './life.ts';

const given = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const SEED = given('MONEY_MODEL_SEED', 1);
const RUNS = given('MONEY_MODEL_RUNS', 1);
const EVENTS = given('MONEY_MODEL_EVENTS', 12);
const BUSY = given('MONEY_MODEL_MONTHS', 0);
const MONTHS = BUSY === 0 ? BRIEF : monthsOf(BUSY);
const LIFE = { months: MONTHS, events: EVENTS };

describe('money', () => {
  it.each(Array.from({ length: RUNS }, (_, place) => SEED + place))(
    'ends in the same trial balance, and as it must, whatever goes wrong (seed %i)',
    async (seed) => {
      const longest = new Map<string, number>();
      const started = performance.now();
      const clean = await live(seed, { ...LIFE, isFaulty: false }, longest);
      try {
        expect(clean.happened.get('close')).toBe(MONTHS.filter(({ closes }) => closes).length);
        await holds(clean);
      } finally {
        await clean.world.stop();
      }
      const between = performance.now();
      const faulty = await live(seed, { ...LIFE, isFaulty: true }, longest, clean.points);
      try {
        await holds(faulty);
        expect(faulty.points.at(-1)).toEqual(clean.points.at(-1));
      } finally {
        await faulty.world.stop();
      }
      if (process.env.MONEY_MODEL_TELL !== undefined) {
        const ended = performance.now();
        const { struck } = faulty.world.weather;
        console.log(
          JSON.stringify({
            seed,
            entries: clean.standing.entries.length,
            happened: Object.fromEntries(clean.happened),
            struck,
            ms: [Math.round(between - started), Math.round(ended - between)],
          }),
        );
      }
    },
    600_000,
  );
});
