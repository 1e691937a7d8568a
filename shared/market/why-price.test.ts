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

/** Ten of twelve requests at 3.00, worth 5.00 each: everything as a round's file keeps it. */
const PLAIN = {
  committed: 12,
  awarded: 10,
  capacityShareBase: 10,
  totalMicros: 30 * UNIT,
  unitPriceMicros: 3 * UNIT,
  dearerRequests: 0,
  releaseCreditMicros: 0,
  surplusMicros: 20 * UNIT,
  floorMicros: 15 * UNIT,
  standaloneMicros: 15 * UNIT,
  referenceMicros: 20 * UNIT,
  standalonePriceMicros: 3_500_000,
};
const SERVED = '10 of your 12 requests are served at EUR 3.00 per resolution: a gain of EUR 20.00.';
const AT_MARGIN = 'At the margin your requests and your share of capacity are worth EUR 20.00; you gain exactly that.';
const MORE = 'That is EUR 5.00 more than buying alone with your share of capacity would gain.';
const ALONE = 'Your standalone price is EUR 3.50.';

test.each<[string, Partial<typeof PLAIN>, number, string[]]>([
  ['who gains what it is worth at the margin', {}, 8, [SERVED, AT_MARGIN, MORE, ALONE]],
  [
    'who pays a little more for the first of its requests',
    { dearerRequests: 4, totalMicros: 30_000_004 },
    8,
    [
      '10 of your 12 requests are served at EUR 3.00 per resolution (the first 4 a millionth more): a gain of EUR 20.00.',
      AT_MARGIN,
      MORE,
      ALONE,
    ],
  ],
  [
    'whom balancing the books takes something',
    { referenceMicros: 21_500_000 },
    8,
    [
      SERVED,
      'At the margin your requests and your share of capacity are worth EUR 21.50; balancing the books takes EUR 1.50.',
      MORE,
      ALONE,
    ],
  ],
  [
    'who is lifted to its floor',
    { standaloneMicros: 20 * UNIT, floorMicros: 20 * UNIT, referenceMicros: 18 * UNIT },
    8,
    [
      SERVED,
      'At the margin your requests and your share of capacity are worth EUR 18.00; balancing the books adds EUR 2.00.',
      'You are at your floor: nobody gains less than alone, so you are lifted to that.',
      'That is EUR 0.00 more than buying alone with your share of capacity would gain.',
      ALONE,
    ],
  ],
  [
    'who is served for nothing and credited beside it',
    { totalMicros: -5 * UNIT, unitPriceMicros: 0, releaseCreditMicros: 5 * UNIT, surplusMicros: 55 * UNIT },
    8,
    [
      '10 of your 12 requests are served at a price of 0, and you are credited EUR 5.00 because others use your share of capacity.',
      'At the margin your requests and your share of capacity are worth EUR 20.00; balancing the books adds EUR 35.00.',
      'That is EUR 40.00 more than buying alone with your share of capacity would gain.',
      ALONE,
    ],
  ],
  [
    'a newcomer that would gain more alone than its award is worth',
    {
      totalMicros: 0,
      unitPriceMicros: 0,
      surplusMicros: 50 * UNIT,
      floorMicros: 50 * UNIT,
      standaloneMicros: 52 * UNIT,
      referenceMicros: 50 * UNIT,
      standalonePriceMicros: -200_000,
    },
    0,
    [
      '10 of your 12 requests are served at EUR 0.00 per resolution: a gain of EUR 50.00.',
      'At the margin your requests and your share of capacity are worth EUR 50.00; you gain exactly that.',
      'You are at your floor: nobody gains less than alone, so you are lifted to that.',
      'You are at your cap: without a record from the last round nobody gains more than the award is worth, so you pay nothing.',
      'Buying alone with your share of capacity would gain EUR 2.00 more: without a record from the last round there is no credit below a price of 0.',
      'Your standalone price is EUR -0.20.',
    ],
  ],
  [
    'whose reserve price leaves no gain',
    {
      totalMicros: 50 * UNIT,
      unitPriceMicros: 5 * UNIT,
      surplusMicros: 0,
      floorMicros: 0,
      standaloneMicros: 0,
      referenceMicros: 0,
    },
    8,
    [
      '10 of your 12 requests are served at EUR 5.00 per resolution: a gain of EUR 0.00.',
      'At the margin your requests and your share of capacity are worth EUR 0.00; you gain exactly that.',
      'You pay all that the award is worth to you, after what failures cost: your reserve price leaves no gain.',
      'That is EUR 0.00 more than buying alone with your share of capacity would gain.',
      ALONE,
    ],
  ],
  [
    'who has a share of capacity that is worth nothing to anybody',
    {
      awarded: 0,
      totalMicros: 0,
      unitPriceMicros: 0,
      surplusMicros: 0,
      floorMicros: 0,
      standaloneMicros: 0,
      referenceMicros: 0,
      standalonePriceMicros: null as never,
    },
    8,
    [
      '0 of your 12 requests are served: you pay nothing.',
      'At the margin your requests and your share of capacity are worth EUR 0.00; you gain exactly that.',
      'That is EUR 0.00 more than buying alone with your share of capacity would gain.',
    ],
  ],
  [
    'who is served for nothing with a record: that is no cap',
    { totalMicros: 0, unitPriceMicros: 0, surplusMicros: 50 * UNIT, referenceMicros: 50 * UNIT },
    8,
    [
      '10 of your 12 requests are served at EUR 0.00 per resolution: a gain of EUR 50.00.',
      'At the margin your requests and your share of capacity are worth EUR 50.00; you gain exactly that.',
      'That is EUR 35.00 more than buying alone with your share of capacity would gain.',
      ALONE,
    ],
  ],
])('it says sentence by sentence what holds for one, and nothing that does not: %s', (_, more, charges, sentences) => {
  expect(explainPrice({ ...PLAIN, ...more }, charges, 'EUR')).toBe(sentences.join(' '));
});

test('who takes no part is told that, and nothing else', () => {
  const out = { ...PLAIN, awarded: 0, capacityShareBase: 0, surplusMicros: 0, floorMicros: 0, totalMicros: 0 };
  expect(whyPrice(out, 0).limits).toEqual(['no_share']);
  expect(explainPrice(out, 0, 'EUR')).toBe(
    'You are not served and have no charges from the last round: you pay nothing, and have no share of capacity to be credited for.',
  );
});
