/**
 * The attacker spends every what-if on one rival. It knows all of the market but one figure of one rival, and which
 * worlds are possible; it keeps those worlds that answer all its questions as the true one does. What is left must be as
 * wide as what the published aggregates leave anybody.
 */
import { describe, expect, it } from 'vitest';
import { type ClearingInput, clear } from '../market/clearing.ts';
import { roundPrice, roundVolume } from './coarse.ts';
import { type Company, FOUR_BIDDERS, marketOf, type Provider, solver, TERMS, UNIT } from './market.oracle.ts';
import { drawOutline, type Outline } from './outline.ts';
import { MOST_PREVIEWS } from './provisional.store.ts';
import { previewCommitment } from './what-if-company.ts';
import { previewBid } from './what-if-provider.ts';

type Ask = (value: number) => Promise<string>;

/** Bisects for the values at which the answer changes, first over all of the range, then within every half. */
async function attack(low: number, high: number, ask: Ask): Promise<string> {
  const answers = new Map<number, string>();
  const open: [number, number][] = [[low, high]];
  let left = MOST_PREVIEWS;
  const at = async (value: number): Promise<string> => {
    const known = answers.get(value);
    if (known !== undefined || left === 0) return known ?? '';
    left -= 1;
    const answer = await ask(value);
    answers.set(value, answer);
    return answer;
  };
  for (let span = open.shift(); span !== undefined && left > 0; span = open.shift()) {
    const [from, to] = span;
    if (to - from < 2 || (await at(from)) === (await at(to))) continue;
    const middle = Math.floor((from + to) / 2);
    await at(middle);
    // The narrower question first: an attacker closes in on one change before it looks for others.
    open.unshift([from, middle], [middle, to]);
  }
  return JSON.stringify([...answers].sort(([a], [b]) => a - b));
}

const askCompany =
  (outline: Outline | null): Ask =>
  async (volume) =>
    JSON.stringify(previewCommitment(outline, { currency: 'USD', volume }, undefined, TERMS));
const askProvider =
  (outline: Outline | null): Ask =>
  async (priceMicros) => {
    const bid = { currency: 'USD' as const, capacity: 400, tiers: [{ minVolume: 0, priceMicros }] };
    return JSON.stringify(previewBid(outline, bid, { awarded: 0, qualityBps: 8_000 }, TERMS));
  };
/** What answers from the live market would be: exact, with the asker's commitment in it. */
const askExactly =
  (world: ClearingInput): Ask =>
  async (volume) => {
    const me = { ...world.companies[0]!, id: 'co_me', volume };
    const { companies } = await clear({ ...world, companies: [...world.companies, me] }, solver);
    return String(companies.find((company) => company.id === 'co_me')?.unitPriceMicros);
  };

/** The values a rival may have, in the attacker's eyes, after its attack on the world with the true one. */
async function leftOver(
  values: readonly number[],
  truth: number,
  attackOn: (value: number) => Promise<string>,
): Promise<number[]> {
  const seen = await attackOn(truth);
  const left: number[] = [];
  for (const value of values) if ((await attackOn(value)) === seen) left.push(value);
  return left;
}

const OTHERS: readonly Company[] = [
  { id: 'co_a', volume: 400, reserveMicros: 8 * UNIT },
  { id: 'co_b', volume: 400, reserveMicros: 8 * UNIT },
];
const withRival = (volume: number, reserveMicros = 8 * UNIT): Company[] => [
  ...OTHERS,
  { id: 'co_rival', volume, reserveMicros },
];
const steps = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => Math.round(from + ((to - from) * n) / (count - 1)));

describe('an attacker with all its what-ifs', () => {
  it('would read a rival’s volume from answers of the live market: this attack is no straw man', async () => {
    const values = steps(380, 420, 11);
    const left = await leftOver(values, 400, (volume) =>
      attack(1, 800, askExactly(marketOf(withRival(volume), FOUR_BIDDERS))),
    );
    expect(left).toEqual([400]);
  }, 60_000);

  it('learns no more of a rival’s volume than the pooled demand, to two digits, says', async () => {
    const values = steps(330, 470, 15);
    const published = (volume: number) => roundVolume(800 + volume);
    const drawn = new Map<number, Outline | null>();
    for (const volume of values)
      drawn.set(volume, await drawOutline(marketOf(withRival(volume), FOUR_BIDDERS), 1, solver));
    for (const truth of [350, 400, 460]) {
      const left = await leftOver(values, truth, (volume) => attack(1, 3_000, askCompany(drawn.get(volume) ?? null)));
      const allowed = values.filter((volume) => published(volume) === published(truth));
      expect(left).toEqual(expect.arrayContaining(allowed));
      expect(allowed.length).toBeGreaterThanOrEqual(3);
    }
  }, 60_000);

  it('learns no more of a rival’s reserve price than the mean of all, to 1 %, says, even where supply is scarce', async () => {
    const scarce = FOUR_BIDDERS.map((bid): Provider => ({ ...bid, capacity: 150, tiers: [[0, bid.tiers[0]![1]]] }));
    const values = steps(5 * UNIT, 8 * UNIT, 31);
    const published = (reserve: number) => roundPrice(Math.floor((16 * UNIT + reserve) / 3));
    const truth = 6_500_000;
    const drawn = new Map<number, Outline | null>();
    for (const reserve of values)
      drawn.set(reserve, await drawOutline(marketOf(withRival(400, reserve), scarce), 1, solver));
    for (const ask of [askCompany, askProvider]) {
      const high = ask === askCompany ? 3_000 : 9 * UNIT;
      const left = await leftOver(values, truth, (reserve) => attack(1, high, ask(drawn.get(reserve) ?? null)));
      const allowed = values.filter((reserve) => published(reserve) === published(truth));
      expect(left).toEqual(expect.arrayContaining(allowed));
      expect(Math.max(...left) - Math.min(...left)).toBeGreaterThanOrEqual(200_000);
    }
  }, 60_000);

  it('learns no more of a rival’s tier price than the grid of the price to win, and of its threshold two digits', async () => {
    const worldOf = (price: number, threshold: number) =>
      marketOf(withRival(400), [
        {
          id: 'pr_a',
          capacity: 5_000,
          tiers: [
            [0, 5 * UNIT],
            [threshold, price],
          ],
        },
        ...FOUR_BIDDERS.slice(1),
      ]);
    const prices = steps(4_400_000, 4_600_000, 11);
    const byPrice = new Map<number, Outline | null>();
    for (const price of prices) byPrice.set(price, await drawOutline(worldOf(price, 1_100), 1, solver));
    for (const ask of [askCompany, askProvider]) {
      const high = ask === askCompany ? 3_000 : 9 * UNIT;
      const left = await leftOver(prices, 4_500_000, (price) => attack(1, high, ask(byPrice.get(price) ?? null)));
      expect(left).toEqual(prices.filter((price) => roundPrice(price) === 4_500_000));
      expect(left.length).toBeGreaterThan(1);
    }
    const thresholds = steps(1_260, 1_340, 9);
    const left = await leftOver(thresholds, 1_300, async (threshold) =>
      attack(1, 3_000, askCompany(await drawOutline(worldOf(4 * UNIT, threshold), 1, solver))),
    );
    expect(left).toEqual(expect.arrayContaining(thresholds.filter((threshold) => roundVolume(threshold) === 1_300)));
  }, 60_000);

  it('is answered nothing where fewer than three others commit, or fewer than four bid', async () => {
    const [few, fewBids] = [
      await drawOutline(marketOf(OTHERS, FOUR_BIDDERS), 1, solver),
      await drawOutline(marketOf(withRival(400), FOUR_BIDDERS.slice(1)), 1, solver),
    ];
    const asked = { currency: 'USD' as const, volume: 10 };
    const bid = { currency: 'USD' as const, capacity: 10, tiers: [{ minVolume: 0, priceMicros: 1 }] };
    for (const outline of [null, few, fewBids]) {
      expect(previewCommitment(outline, asked, undefined, TERMS)).toMatchObject({ code: 'too_few_members' });
      expect(previewBid(outline, bid, { awarded: 0, qualityBps: 0 }, TERMS)).toMatchObject({ code: 'too_few_members' });
    }
    const three = await drawOutline(marketOf(withRival(400), FOUR_BIDDERS), 1, solver);
    const mine = {
      kind: 'company' as const,
      party: 'co_a',
      content: '',
      committed: 400,
      awarded: 400,
      priceMicros: 5,
      alonePriceMicros: 5,
    };
    expect(previewCommitment(three, asked, mine, TERMS)).toMatchObject({ code: 'too_few_members' });
    expect(previewCommitment(three, asked, undefined, TERMS)).toMatchObject({ ok: true });
  });
});
