/** What groups gain by leaving, and how the best is looked for, on games worked out by hand. */
import { describe, expect, test } from 'vitest';
import { gainOfLeaving, isReached, type LeavingGame, type LeavingGroup, searchGroups } from './leaving.ts';
import { type Company, market, type Provider } from './market.examples.ts';
import { createMarketSolver } from './market-solver.ts';
import { openMarket } from './reach.ts';
import type { Solver } from './solver.ts';

const solver = createMarketSolver();
const MANY = { most: 1_000, boundMicros: Number.MAX_SAFE_INTEGER };

/** A company as leaving sees it: what it takes along of every capacity, and what it gains if it stays. */
type Member = Omit<Company, 'id'> & { readonly share: number; readonly gains: number };

/** Failures cost nothing unless said otherwise: a request is worth its reserve price, which is at most the ceiling. */
function gameOf(members: readonly Member[], providers: readonly Provider[], ceilingMicros = 100): LeavingGame {
  const companies = members.map((member, i) => ({ id: `${i}`, ...member }));
  return {
    market: openMarket(market(companies, [...providers], { ceilingMicros })),
    shareBases: members.map(({ share }) => share),
    surplusMicros: members.map(({ gains }) => gains),
  };
}

const flat = (capacity: number, priceMicros: number): Provider => ({
  id: 'P',
  capacity,
  tiers: [{ minVolume: 0, priceMicros }],
});

describe('the gain of a group', () => {
  const gainOf = async (game: LeavingGame, group: readonly number[]) =>
    (await gainOfLeaving(game, group, solver)).gainMicros;

  test('it takes its share of capacity along, in fractions, at the same thresholds; what it gains now is left behind', async () => {
    // Ten requests at 4, or at 3 from four on. A third is 3⅓: 5 · 3⅓ = 16⅔. Two thirds are 6⅔, of which five are wanted.
    const tiers = [
      { minVolume: 0, priceMicros: 4 },
      { minVolume: 4, priceMicros: 3 },
    ];
    const game = gameOf(
      [
        { volume: 5, reserveMicros: 9, share: 1, gains: 15 },
        { volume: 5, reserveMicros: 10, share: 2, gains: 40 },
        { volume: 5, reserveMicros: 10, share: 0, gains: 0 },
      ],
      [{ id: 'P', capacity: 10, tiers }],
    );
    expect(await gainOf(game, [0])).toBe(16n - 15n);
    expect(await gainOf(game, [1])).toBe(35n - 40n);
    expect(await gainOf(game, [0, 1])).toBe(5n * 6n + 5n * 7n - 55n);
    expect(await gainOfLeaving(game, [1], solver)).toEqual({ companies: [1], gainMicros: -5n });
  });

  test('a share reaches no threshold that the group’s own demand, or its part of the capacity, is below', async () => {
    // Half of eight is four, but only three of them are wanted by who leaves; the other wants nine, and gets four.
    const tiers = [
      { minVolume: 0, priceMicros: 6 },
      { minVolume: 4, priceMicros: 2 },
    ];
    const game = gameOf(
      [
        { volume: 3, reserveMicros: 10, share: 1, gains: 0 },
        { volume: 9, reserveMicros: 10, share: 1, gains: 0 },
      ],
      [{ id: 'P', capacity: 8, tiers }],
    );
    expect(await gainOf(game, [0])).toBe(3n * 4n);
    expect(await gainOf(game, [1])).toBe(4n * 8n);
  });

  test('whom nobody may serve gains nothing, and loses what it gains now', async () => {
    const game = gameOf(
      [
        { volume: 5, reserveMicros: 10, eligibleProviders: [], share: 1, gains: 7 },
        { volume: 5, reserveMicros: 10, share: 1, gains: 0 },
      ],
      [flat(10, 4)],
    );
    expect(await gainOf(game, [0])).toBe(-7n);
    expect(await gainOf(game, [0, 1])).toBe(5n * 6n - 7n);
  });

  test('parts of a request are no finer than sums of money allow: a share that does not divide is rounded down', async () => {
    // A third of eleven is eleven thirds, seven halves, or three. A part is worth 3 · 10¹³, 5 · 10¹³ or 10¹⁴, of ten requests.
    const of = (reserveMicros: number, shares = [1, 2]) =>
      gameOf(
        [
          { volume: 10, reserveMicros, share: shares[0]!, gains: 0 },
          { volume: 10, reserveMicros: 10, share: shares[1]!, gains: 0 },
        ],
        [flat(11, 4)],
        reserveMicros,
      );
    expect(await gainOf(of(30_000_000_000_000), [0])).toBe(110_000_000_000_000n - 15n);
    // Four parts would be as coarse as money allows here: thirds are enough, whatever shares are counted in.
    expect(await gainOf(of(25_000_000_000_000, [2, 4]), [0])).toBe((11n * 24_999_999_999_996n) / 3n);
    expect(await gainOf(of(50_000_000_000_000), [0])).toBe(175_000_000_000_000n - 14n);
    expect(await gainOf(of(100_000_000_000_000), [0])).toBe(300_000_000_000_000n - 12n);
  });

  test('what failures cost at a provider nobody uses counts among these sums, and so does a price nobody pays', async () => {
    const large = 100_000_000_000_000;
    const members = (failureCostMicros: number): Member[] => [
      { volume: 10, reserveMicros: 10, failureCostMicros, share: 1, gains: 0 },
      { volume: 10, reserveMicros: 10, share: 2, gains: 0 },
    ];
    const bad: Provider = { id: 'Q', capacity: 5, qualityBps: 0 };
    expect(await gainOf(gameOf(members(0), [flat(11, 4), bad]), [0])).toBe(22n);
    expect(await gainOf(gameOf(members(large), [flat(11, 4), bad]), [0])).toBe(18n);
    const tiers = [
      { minVolume: 0, priceMicros: large },
      { minVolume: 2, priceMicros: 4 },
    ];
    expect(await gainOf(gameOf(members(0), [{ id: 'P', capacity: 11, tiers }]), [0])).toBe(18n);
  });
});

describe('the search', () => {
  /** Twelve requests at 4 for companies that want any number at 10: each third is worth 24. The last has no share. */
  const THIRDS = gameOf(
    [
      { volume: 100, reserveMicros: 10, share: 1, gains: 20 },
      { volume: 100, reserveMicros: 10, share: 1, gains: 24 },
      { volume: 100, reserveMicros: 10, share: 1, gains: 30 },
      { volume: 100, reserveMicros: 10, share: 0, gains: 0 },
    ],
    [flat(12, 4)],
  );

  test('it tells of every better group and how many were tried until then, and tries none twice', async () => {
    const told: [LeavingGroup, number][] = [];
    const tell = (group: LeavingGroup, tried: number) => void told.push([group, tried]);
    // Everyone loses 2; the first alone gains 4; with another it gains no more; the others alone gain nothing.
    let solved = 0;
    const counted: Solver = (problem) => {
      solved += 1;
      return solver(problem);
    };
    const found = await searchGroups(THIRDS, counted, { ...MANY, tell });
    expect(solved).toBe(6);
    expect(found).toEqual({ best: { companies: [0], gainMicros: 4n }, tried: 6 });
    expect(told).toEqual([[{ companies: [0], gainMicros: 4n }, 2]]);
  });

  test('it ends after as many groups as it may try, and as soon as a gain is within a micro-unit of the bound', async () => {
    const none = { companies: [], gainMicros: 0n };
    expect(await searchGroups(THIRDS, solver, { ...MANY, most: 1 })).toEqual({ best: none, tried: 1 });
    expect((await searchGroups(THIRDS, solver, { ...MANY, most: 2 })).tried).toBe(2);
    expect((await searchGroups(THIRDS, solver, { ...MANY, most: 5 })).tried).toBe(5);
    expect((await searchGroups(THIRDS, solver, { ...MANY, boundMicros: 5 })).tried).toBe(2);
    expect((await searchGroups(THIRDS, solver, { ...MANY, boundMicros: 6 })).tried).toBe(6);
    // Where no group can gain anything, none is tried.
    expect(await searchGroups(THIRDS, solver, { ...MANY, boundMicros: 1 })).toEqual({ best: none, tried: 0 });
    expect([4, 5, 6].map((bound) => isReached({ companies: [], gainMicros: 4n }, bound))).toEqual([true, true, false]);
  });

  test('one company too many is dropped', async () => {
    // Four requests each, at 4 from eight on: two gain 48 together, one alone 4. Of three, the last gains most as it is.
    const tiers = [
      { minVolume: 0, priceMicros: 9 },
      { minVolume: 8, priceMicros: 4 },
    ];
    const member = (gains: number): Member => ({ volume: 4, reserveMicros: 10, share: 1, gains });
    const game = gameOf([member(10), member(25), member(40)], [{ id: 'P', capacity: 24, tiers }]);
    expect((await searchGroups(game, solver, MANY)).best).toEqual({ companies: [0, 1], gainMicros: 48n - 35n });
  });

  test('one whose share of capacity is worth more than what it gains now is added', async () => {
    // The first wants ten requests and has a share of one; the second wants none and has a share of five.
    const game = gameOf(
      [
        { volume: 10, reserveMicros: 10, share: 1, gains: 10 },
        { volume: 0, reserveMicros: 10, share: 5, gains: 1 },
        { volume: 0, reserveMicros: 10, share: 6, gains: 100 },
      ],
      [flat(12, 4)],
    );
    expect((await searchGroups(game, solver, MANY)).best).toEqual({ companies: [0, 1], gainMicros: 36n - 11n });
  });

  test('of two alike the later is dropped', async () => {
    // Either of the others brings the five requests that the first lacks.
    const game = gameOf(
      [
        { volume: 6, reserveMicros: 10, share: 1, gains: 10 },
        { volume: 0, reserveMicros: 10, share: 5, gains: 1 },
        { volume: 0, reserveMicros: 10, share: 5, gains: 1 },
        { volume: 0, reserveMicros: 10, share: 6, gains: 100 },
      ],
      [flat(17, 4)],
    );
    expect((await searchGroups(game, solver, MANY)).best).toEqual({ companies: [0, 1], gainMicros: 36n - 11n });
  });

  test('one is swapped for another that brings less, as long as it is enough', async () => {
    // Nine beside its own one are what the first company wants; fifteen seem to be worth more before anyone has brought any.
    const game = gameOf(
      [
        { volume: 10, reserveMicros: 10, share: 1, gains: 10 },
        { volume: 0, reserveMicros: 10, share: 9, gains: 5 },
        { volume: 0, reserveMicros: 10, share: 15, gains: 20 },
        { volume: 0, reserveMicros: 10, share: 25, gains: 100 },
      ],
      [flat(50, 4)],
    );
    expect((await searchGroups(game, solver, MANY)).best).toEqual({ companies: [0, 1], gainMicros: 60n - 15n });
  });

  /** Hears of every group that is looked at, by its reserve prices, and has it served by nobody unless told. */
  function watching(served: ReadonlyMap<string, readonly (number | null)[]> = new Map()) {
    const looked: string[] = [];
    const stub: Solver = async ({ classes, providers }) => {
      const group = classes.flatMap(({ steps }) => steps.map((step) => step.reserveMicros));
      looked.push(group.toSorted((a, b) => a - b).join());
      const steps = served.get(looked.at(-1)!) ?? providers.map(() => null);
      return { steps, boundMicros: 0, method: 'as told', certificate: null };
    };
    return { looked, stub };
  }

  test('who gains most as it is is dropped first, and who gains least is added first', async () => {
    const member = (reserveMicros: number, gains: number): Member => ({ volume: 1, reserveMicros, share: 1, gains });
    const { looked, stub } = watching();
    const game = gameOf([member(10, 3), member(11, 1), member(12, 2)], [flat(9, 4)]);
    expect((await searchGroups(game, stub, MANY)).best.companies).toEqual([]);
    expect(looked).toEqual(['10,11,12', '11,12', '11', '10,11', '12', '10']);
  });

  test('no more than six are tried each way: the most promising to add, the least to keep', async () => {
    // Eight who gain nothing, all alike; one provider is for the first alone. Nothing changes anything.
    const game = gameOf(
      [10, 11, 12, 13, 14, 15, 16, 17].map((reserveMicros, i) => ({
        volume: 1,
        reserveMicros,
        share: 1,
        gains: 0,
        eligibleProviders: i === 0 ? ['P', 'Q'] : ['P'],
      })),
      [flat(9, 4), { ...flat(9, 4), id: 'Q' }],
    );
    const { looked, stub } = watching();
    // Everyone, and without each of the last six; the first alone, with each of the next six, and each of these instead.
    expect((await searchGroups(game, stub, MANY)).tried).toBe(1 + 6 + 1 + 6 + 6);
    expect(looked.filter((group) => group.length === 2)).toEqual(['10', '11', '12', '13', '14', '15', '16']);
    expect(looked[1]).toBe('10,11,12,13,14,15,16');
  });

  test('who has no share is in no group, though it would be served', async () => {
    const member = (share: number): Member => ({ volume: 5, reserveMicros: 10, share, gains: 1 });
    const { best } = await searchGroups(gameOf([member(1), member(0), member(1)], [flat(15, 4)]), solver, MANY);
    expect(best).toEqual({ companies: [0, 2], gainMicros: 60n - 2n });
  });

  test('it starts from everyone, from those open to each provider, and from those of them who would gain there', async () => {
    // The first, second and fourth may be served by P, the third by Q. The fourth gains as it is what P could give it.
    const on = (id: string, volume: number, reserveMicros: number, gains: number): Member => ({
      volume,
      reserveMicros,
      eligibleProviders: [id],
      share: 1,
      gains,
    });
    const game = gameOf(
      [on('P', 10, 10, 20), on('P', 10, 11, 1), on('Q', 10, 13, 5), on('P', 1, 12, 8)],
      [flat(100, 4), { ...flat(100, 3), id: 'Q' }],
    );
    // Anything but what is listed is served by nobody: everyone and the third get 100 of Q, the first two 60 and 70 of P.
    const served = new Map([
      ['10,11,12,13', [null, 0]],
      ['13', [null, 0]],
      ['10,11', [0, null]],
    ]);
    const { looked, stub } = watching(served);
    const found = await searchGroups(game, stub, { ...MANY, boundMicros: 110 });
    expect(found).toEqual({ best: { companies: [0, 1], gainMicros: 130n - 21n }, tried: 10 });
    expect(looked).toEqual([
      // Everyone gains 66, the third alone 95, as it is the only one who pays: nobody else beside it or instead of it, of whom
      // who gains least as it is comes first.
      '10,11,12,13',
      '13',
      '11,13',
      '12,13',
      '10,13',
      '11',
      '12',
      '10',
      // All of P’s: another more is everyone, and leads to the third again. Those who would gain at P gain 109.
      '10,11,12',
      '10,11',
    ]);
  });
});
