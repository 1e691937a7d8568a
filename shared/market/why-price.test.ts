/** What a company is told about its price, on markets of which every figure is worked out by hand. */
import { expect, test } from 'vitest';
import { clear } from './clearing.ts';
import { type Company, company, market } from './market.examples.ts';
import { createMarketSolver } from './market-solver.ts';
import { explainPrice, whyPrice } from './why-price.ts';

const solver = createMarketSolver();
const UNIT = 1_000_000;

/** Z serves cheaply; P is scarce and full, and its capacity is worth 70 a request: see `prices.examples.test.ts`. */
const companies: Company[] = [
  { id: 'new', reserveMicros: 10 * UNIT, volume: 10, eligibleProviders: ['Z'] },
  { id: 'old', reserveMicros: 90 * UNIT, volume: 10, chargesLastRound: 8, eligibleProviders: ['P'] },
  { id: 'out', reserveMicros: 80 * UNIT, volume: 10, chargesLastRound: 8, eligibleProviders: ['P'] },
  { id: 'phantom', reserveMicros: 2 * UNIT, volume: 10, eligibleProviders: ['P'] },
];
const scarce = clear(
  market(
    companies,
    [
      { id: 'P', capacity: 10, tiers: [{ minVolume: 0, priceMicros: 10 * UNIT }] },
      { id: 'Z', capacity: 20, tiers: [{ minVolume: 0, priceMicros: UNIT }] },
    ],
    { ceilingMicros: 100 * UNIT },
  ),
  solver,
);

test('a price is taken apart into the reference, what the balance adds, what pooling gains, and the standalone price', async () => {
  const result = company(await scarce, 'old');
  // Gains 445: reference 333⅓; alone a third of P would gain 266⅔; the award is worth 900 and costs 455.
  expect(whyPrice(result, 8)).toEqual({
    unitPriceMicros: 45_500_000,
    standalonePriceMicros: 63_333_333,
    surplusMicros: 445_000_000,
    floorMicros: 266_666_666,
    referenceMicros: 333_333_333,
    balanceMicros: 111_666_667,
    pooledMicros: 178_333_334,
    releaseCreditMicros: 0,
    limits: [],
  });
  expect(explainPrice(result, 8, 'EUR')).toBe(
    '10 of your 10 requests are served at EUR 45.50 per resolution: a gain of EUR 445.00. ' +
      'At the margin your requests and your share of capacity are worth EUR 333.333333; balancing the books adds EUR 111.666667. ' +
      'That is EUR 178.333334 more than buying alone with your share of capacity would gain. ' +
      'Your standalone price is EUR 63.333333.',
  );
});

test('a newcomer at its cap, a company whose share others use, and a phantom are each told so', async () => {
  const clearing = await scarce;
  expect(whyPrice(company(clearing, 'new'), 0)).toMatchObject({ limits: ['award'], surplusMicros: 100 * UNIT });
  expect(explainPrice(company(clearing, 'new'), 0, 'EUR')).toMatch(/You are at your cap/);
  expect(whyPrice(company(clearing, 'out'), 8)).toMatchObject({
    unitPriceMicros: null,
    standalonePriceMicros: null,
    releaseCreditMicros: 345 * UNIT,
    limits: [],
  });
  expect(explainPrice(company(clearing, 'out'), 8, 'EUR')).toMatch(
    /^0 of your 10 requests are served, and you are credited EUR 345.00 because others use your share/,
  );
  expect(whyPrice(company(clearing, 'phantom'), 0).limits).toEqual(['no_share']);
  expect(explainPrice(company(clearing, 'phantom'), 0, 'EUR')).toMatch(/^You are not served/);
});

test('a company at its floor, and one that its reserve price leaves no gain, are told which limit binds', async () => {
  const tiers = [
    { minVolume: 0, priceMicros: 20 },
    { minVolume: 5, priceMicros: 10 },
  ];
  const lifted = await clear(
    market(
      [
        { id: 'big', volume: 4, reserveMicros: 30, eligibleProviders: ['P'], chargesLastRound: 4 },
        { id: 'tiny', reserveMicros: 30, chargesLastRound: 1 },
      ],
      [
        { id: 'P', capacity: 5, tiers },
        { id: 'Q', capacity: 5, tiers: [{ minVolume: 0, priceMicros: 5 }] },
      ],
    ),
    solver,
  );
  expect(whyPrice(company(lifted, 'tiny'), 1)).toMatchObject({ limits: ['floor'], pooledMicros: 0 });
  expect(whyPrice(company(lifted, 'big'), 4).limits).toEqual([]);
  const exact = await clear(market([{ id: 'a', reserveMicros: 10 }], [{ id: 'P' }]), solver);
  expect(whyPrice(company(exact, 'a'), 0).limits).toEqual(['reserve']);
});
