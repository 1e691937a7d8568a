import { describe, expect, it } from 'vitest';
import { dice } from '../../tests/support/dice.ts';
import { chancePpm, rotationOf } from './rotation.ts';
import { RULES, SCREEN_RULES, ScreenRule } from './screen.ts';
import { offerOf, type ScreenedBid, type ScreenedRound, screenRounds } from './screens.ts';

const bid = (provider: string, price: number, awarded = 0, more: Partial<ScreenedBid> = {}): ScreenedBid => ({
  provider: `pr_${provider}`,
  kind: 'agent_pool',
  capacity: 1_000,
  tiers: [{ minVolume: 0, priceMicros: price }],
  awarded,
  ...more,
});
const found = (rounds: readonly ScreenedRound[]): string[] => screenRounds(rounds).map((finding) => finding.screen);
const one = (...bids: ScreenedBid[]): ScreenedRound[] => [{ round: 1, bids }];
const repeated = (count: number, bidsOf: (round: number) => ScreenedBid[]): ScreenedRound[] =>
  Array.from({ length: count }, (_, i) => ({ round: i + 1, bids: bidsOf(i + 1) }));

const letters = (text: string): string[] => text.split('');

describe('low variation', () => {
  it('flags 100, 101, 102 (s = 1, mean 101: 0.99 %) and not 100, 102, 106 (s = √(28/3), mean 102.67: 2.98 %)', () => {
    const [finding] = screenRounds(one(bid('a', 100), bid('b', 101), bid('c', 102)));
    expect(finding).toMatchObject({
      screen: 'low_variation',
      subject: 'agent_pool',
      rounds: [1],
      providers: ['pr_a', 'pr_b', 'pr_c'],
      figures: { bids: 3, variationBps: 99, meanMicros: 101 },
    });
    expect(finding?.sentence).toContain('0.99 %');
    expect(found(one(bid('a', 100), bid('b', 102), bid('c', 106)))).toEqual([]);
  });

  it('needs three bids of one kind: a person’s and a program’s prices are not compared', () => {
    expect(found(one(bid('a', 100), bid('b', 100)))).toEqual([]);
    expect(found(one(bid('a', 100), bid('b', 100), bid('c', 100, 0, { kind: 'automation' })))).toEqual([]);
  });

  it('begins exactly below the threshold: 98, 100, 102 has 2.00 %', () => {
    expect(found(one(bid('a', 98), bid('b', 100), bid('c', 102)))).toEqual([]);
    expect(found(one(bid('a', 98_001), bid('b', 100_000), bid('c', 102_000)))).toEqual(['low_variation']);
  });

  it('compares the best price within capacity, and free offers are no prices', () => {
    const tiers = [
      { minVolume: 0, priceMicros: 9 },
      { minVolume: 500, priceMicros: 7 },
      { minVolume: 2_000, priceMicros: 5 },
    ];
    expect(offerOf({ capacity: 1_000, tiers })).toBe(7);
    expect(offerOf({ capacity: 2_000, tiers })).toBe(5);
    expect(found(one(bid('a', 0), bid('b', 0), bid('c', 0)))).toEqual([]);
  });
});

describe('identical grids', () => {
  const grid = (first: number, ...discountsBps: number[]) =>
    [0, ...discountsBps].map((bps, i) => ({ minVolume: i * 100, priceMicros: (first * (10_000 - bps)) / 10_000 }));
  const with_ = (provider: string, tiers: ScreenedBid['tiers']) => bid(provider, 0, 0, { tiers });

  it('flags the same prices in two tiers, once for all who share them', () => {
    const findings = screenRounds(
      one(with_('a', grid(50_000, 700)), with_('b', grid(70_000, 900)), with_('c', grid(50_000, 700))),
    );
    expect(findings).toMatchObject([{ screen: 'identical_grids', providers: ['pr_a', 'pr_c'], figures: { tiers: 2 } }]);
  });

  it('flags the same discounts only from four tiers on, for two round discounts are a custom', () => {
    const three = one(with_('a', grid(50_000, 500, 1_000)), with_('b', grid(70_000, 500, 1_000)));
    expect(found(three)).toEqual([]);
    const four = screenRounds(
      one(with_('a', grid(50_000, 310, 770, 1_230)), with_('b', grid(70_000, 310, 770, 1_230))),
    );
    expect(four).toMatchObject([{ screen: 'identical_grids', providers: ['pr_a', 'pr_b'], figures: { tiers: 4 } }]);
    expect(four[0]?.sentence).toContain('discounts');
    expect(found(one(with_('a', grid(50_000, 310, 770, 1_230)), with_('b', grid(70_000, 310, 770, 1_290))))).toEqual(
      [],
    );
  });
});

describe('rotating winners', () => {
  /** All orders of these wins, counted one by one. */
  function countOrders(wins: readonly string[]): { all: number; turns: number } {
    const orders = new Set<string>();
    const grow = (so: string, left: readonly string[]): void => {
      if (left.length === 0) orders.add(so);
      for (const [i, next] of left.entries()) grow(so + next, left.toSpliced(i, 1));
    };
    grow('', wins);
    const k = new Set(wins).size;
    const isTurns = (order: string) =>
      new Set(order.slice(0, k)).size === k && letters(order).every((winner, i) => i < k || winner === order[i - k]);
    return { all: orders.size, turns: [...orders].filter(isTurns).length };
  }

  it.each(['ABAB', 'ABABA', 'ABCABC', 'ABCABCA', 'ABABAB'])(
    'counts the chance of %s as listing all orders does',
    (wins) => {
      const { all, turns } = countOrders(letters(wins));
      expect(chancePpm(wins.length, new Set(wins).size)).toBe(Math.ceil((turns / all) * 1_000_000 - 1e-9));
    },
  );

  it('finds the turns that last to the newest round, whatever was before', () => {
    expect(rotationOf(letters('CCABABAB'))).toMatchObject({ order: ['A', 'B'], length: 6 });
    expect(rotationOf(letters('ABABC'))).toBeNull();
    expect(rotationOf(letters('AAAA'))).toBeNull();
    expect(rotationOf([])).toBeNull();
  });

  const turns = (count: number, winnerOf: (round: number) => number) =>
    repeated(count, (round) =>
      [90, 104, 123].map((price, i) => bid('abc'[i]!, price, winnerOf(round) === i ? 100 : 0)),
    );

  it('flags three who take turns for nine rounds (6 of 1,680 orders: 0.36 %) and not for six (6 of 90)', () => {
    const nine = screenRounds(turns(9, (round) => round % 3)).filter((f) => f.screen === 'rotating_winners');
    expect(nine).toMatchObject([{ figures: { turns: 9, winners: 3, chancePpm: 3_572 }, subject: 'queue' }]);
    expect(nine[0]?.rounds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(found(turns(6, (round) => round % 3))).not.toContain('rotating_winners');
  });

  it('is silent where one wins always, where somebody breaks the order, and where two share the largest award', () => {
    expect(found(turns(12, () => 0))).not.toContain('rotating_winners');
    expect(found(turns(12, (round) => (round === 10 ? 0 : round % 3)))).not.toContain('rotating_winners');
    const shared = repeated(12, () => [bid('a', 90, 50), bid('b', 110, 50)]);
    expect(found(shared)).toEqual([]);
  });
});

describe('losers never near', () => {
  const show = (rounds: number, losers: readonly number[]) =>
    repeated(rounds, () => [bid('a', 100, 50), ...losers.map((price, i) => bid(`l${i}`, price))]);

  it('flags losers at 120, 121, 122 over a winner at 100 in four rounds on end, and not in three', () => {
    const [finding] = screenRounds(show(4, [120, 121, 122]));
    expect(finding).toMatchObject({
      screen: 'losers_never_near',
      rounds: [1, 2, 3, 4],
      providers: ['pr_l0', 'pr_l1', 'pr_l2'],
      figures: { rounds: 4, leastGapBps: 2_000, widestSpreadMicros: 1 },
    });
    expect(found(show(3, [120, 121, 122]))).toEqual([]);
  });

  it('is silent where losers are spread (120, 130, 150), near (102), or too few', () => {
    expect(found(show(6, [120, 130, 150]))).toEqual([]);
    expect(found(show(6, [102, 102]))).not.toContain('losers_never_near');
    expect(found(show(6, [120]))).toEqual([]);
  });

  it('is silent in a round without losers, though the rounds before were flagged', () => {
    const rounds = [...show(4, [120, 121, 122]), { round: 5, bids: [bid('a', 100, 50), bid('l0', 110, 5)] }];
    expect(found(rounds)).toEqual([]);
  });
});

describe('markets of many rounds', () => {
  const ROUNDS = 24;
  type Make = (
    random: () => number,
    round: number,
    providers: readonly { cost: number; capacity: number }[],
  ) => number[];

  /** A queue with 3–8 providers whose lasting costs differ by ± 15 % or so; the cheapest win until demand is served. */
  function market(seed: number, pricesOf: Make, capacity?: number): { rounds: number; flagged: Map<string, number> } {
    const random = dice(seed);
    const providers = Array.from({ length: 3 + Math.floor(random() * 6) }, () => ({
      cost: 4_000_000 * (0.85 + 0.3 * random()),
      capacity: capacity ?? 200 + Math.floor(random() * 800),
    }));
    const history: ScreenedRound[] = [];
    const flagged = new Map<string, number>();
    for (let round = 1; round <= ROUNDS; round++) {
      const demand = Math.min(...providers.map((p) => p.capacity)) * 0.9;
      const share = 0.3 + 0.3 * random();
      let left = Math.round(
        capacity === undefined ? providers.reduce((sum, p) => sum + p.capacity, 0) * share : demand,
      );
      const prices = pricesOf(random, round, providers);
      const order = prices.map((_, i) => i).sort((a, b) => prices[a]! - prices[b]! || a - b);
      const awards = new Map<number, number>();
      for (const i of order) {
        const awarded = Math.min(left, providers[i]!.capacity);
        awards.set(i, awarded);
        left -= awarded;
      }
      const bids = prices.map((price, i) =>
        bid(String(i), 0, awards.get(i), {
          capacity: providers[i]!.capacity,
          tiers: [0, 100].map((minVolume, t) => ({ minVolume, priceMicros: Math.round(price * (1.05 - 0.05 * t)) })),
        }),
      );
      history.push({ round, bids });
      for (const screen of new Set(found(history))) flagged.set(screen, (flagged.get(screen) ?? 0) + 1);
    }
    return { rounds: ROUNDS, flagged };
  }

  const competitive: Make = (random, _round, providers) =>
    providers.map(({ cost }) => cost * (1.05 + 0.1 * random()) * (0.97 + 0.06 * random()));

  function rates(make: Make, markets: number, capacity?: number): Map<string, number> {
    const rate = new Map<string, number>(SCREEN_RULES.map(({ screen }) => [screen, 0]));
    for (let seed = 1; seed <= markets; seed++)
      for (const [screen, times] of market(seed, make, capacity).flagged)
        rate.set(screen, rate.get(screen)! + times / (ROUNDS * markets));
    return rate;
  }
  const shown = (rate: Map<string, number>) =>
    [...rate].map(([screen, share]) => `${screen} ${(100 * share).toFixed(2)} %`).join(', ');

  it('that compete are flagged rarely: each screen in less than 2 % of rounds', () => {
    const rate = rates(competitive, 300);
    console.log(`false alarms per round in 300 seeded competitive markets (seeds 1–300): ${shown(rate)}`);
    for (const [screen, share] of rate) expect(share, screen).toBeLessThan(0.02);
  });

  it('with a cartel that can serve all demand by one member are flagged often by the screen for its kind of agreement', () => {
    const price = 5_000_000;
    const fixed: Make = (random, _round, providers) => providers.map(() => price * (0.995 + 0.01 * random()));
    const cover: Make = (random, _round, providers) =>
      providers.map((_, i) => (i === 0 ? price : price * (1.25 + 0.005 * random())));
    const turns: Make = (random, round, providers) =>
      providers.map((_, i) => (round % providers.length === i ? price : price * (1.05 + 0.4 * random())));
    const [a, b, c] = [rates(fixed, 50), rates(cover, 50, 1_000), rates(turns, 50, 1_000)];
    console.log(
      `flagged per round, 50 seeded cartels each: prices agreed: ${shown(a)}; cover bids: ${shown(b)}; turns: ${shown(c)}`,
    );
    expect(a.get('low_variation')).toBeGreaterThan(0.9);
    expect(b.get('losers_never_near')).toBeGreaterThan(0.5);
    expect(c.get('rotating_winners')).toBeGreaterThan(0.3);
  });

  it('give the same findings in whatever order the bids come', () => {
    const bids = [bid('a', 100, 5), bid('b', 101), bid('c', 102)];
    expect(screenRounds(one(...bids.toReversed()))).toEqual(screenRounds(one(...bids)));
  });
});

it('the published rules name every screen with its numbers, and fit their schema', () => {
  expect(SCREEN_RULES.map((rule) => ScreenRule.parse(rule).screen)).toEqual(Object.keys(RULES));
});
