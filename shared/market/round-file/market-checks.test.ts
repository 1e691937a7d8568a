/** What the checks say, word for word, of a round worked out by hand, and of each figure of it that is changed. */
import { expect, test } from 'vitest';
import { clear } from '../clearing.ts';
import { createMarketSolver } from '../market-solver.ts';
import { publishedFigures } from './figures.ts';
import { checkMarket, creditFaults, paymentFaults } from './market-checks.ts';
import { type CompanyResult, Result } from './round-file.ts';

type File = Parameters<typeof checkMarket>[0];
type Loose<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? Loose<E>[] : Loose<T[K]> };

/**
 * Small wants 3 requests and large 4, at up to 200; poor wants 2 at up to 20. Bulk charges 100, or 70 from 7 on, for 7 at
 * most; dear charges 300. Poor is new and has no share of capacity; alone, small gains 3 · 90 and large 4 · 90.
 * With the fee of a tenth: 110, 77 and 330. Bulk serves all seven at 77: 539 paid, 861 gained.
 */
async function honest(
  tiers = [
    { minVolume: 0, priceMicros: 100 },
    { minVolume: 7, priceMicros: 70 },
  ],
): Promise<Loose<File>> {
  const company = (id: string, volume: number, reserveMicros: number, chargesLastRound: number) => ({
    id,
    volume,
    reserveMicros,
    failureCostMicros: 0,
    eligibleProviders: ['bulk', 'dear'],
    chargesLastRound,
  });
  const provider = (id: string, capacity: number, own: typeof tiers) => ({
    id,
    capacity,
    tiers: own,
    qualityBps: 10_000,
  });
  const input = {
    seed: 'seed',
    queue: 'queue-1',
    round: 'round-1',
    terms: { feeBps: 1_000, ceilingMicros: 500, failureCostMicros: 0, shareLimitBps: 10_000 },
    companies: [company('small', 3, 200, 9), company('large', 4, 200, 9), company('poor', 2, 20, 0)],
    providers: [provider('bulk', 7, tiers), provider('dear', 5, [{ minVolume: 2, priceMicros: 300 }])],
  };
  const clearing = await clear(input, createMarketSolver());
  const result = Result.parse(clearing);
  const figures = publishedFigures(input.companies, result);
  return structuredClone({
    input,
    result,
    certificate: clearing.proof.certificate,
    public: figures,
  }) as unknown as Loose<File>;
}

async function say(
  change: (file: Loose<File>) => void,
  name: string,
  tiers?: Parameters<typeof honest>[0],
  solver = false,
) {
  const file = await honest(tiers);
  change(file);
  const checks = await checkMarket(file as File, solver ? createMarketSolver() : undefined);
  return checks.find((check) => check.name === name);
}
const of = (file: Loose<File>, id: string) => file.result.companies.find((row) => row.id === id)!;
const at = (file: Loose<File>, id: string) => file.result.providers.find((row) => row.id === id)!;

test('an honest round passes, and each check says what it looked at', async () => {
  const details = (await checkMarket((await honest()) as File, undefined)).map(({ name, outcome, detail }) => [
    name,
    outcome,
    detail,
  ]);
  expect(details).toEqual([
    ['feasibility', 'passed', '7 requests awarded'],
    ['tiers', 'passed', '1 providers paid what they bid'],
    ['alike', 'passed', '1 groups of companies'],
    ['optimality', 'passed', 'worth 861 micro-units; the certificate leaves a gap of 0, without solving'],
    ['prices', 'passed', '3 prices recomputed'],
    ['floors', 'passed', '3 floors recomputed'],
    ['balance', 'passed', '539 micro-units paid and owed, 861 gained'],
    ['limits', 'passed', '3 companies within their limits'],
    ['epsilon', 'passed', 'no group gains more than 0 micro-units by leaving'],
    ['figures', 'passed', 'recomputed from the result'],
  ]);
});

test.each<[string, string, (file: Loose<File>) => void, string]>([
  [
    'a company without a row',
    'feasibility',
    (f) => f.result.companies.splice(f.result.companies.indexOf(of(f, 'poor')), 1),
    'poor has no result',
  ],
  [
    'a row of a stranger',
    'feasibility',
    (f) => f.result.companies.push({ ...of(f, 'poor'), id: 'odd' }),
    'odd has a result and sent nothing',
  ],
  [
    'a provider without a row',
    'feasibility',
    (f) => f.result.providers.splice(f.result.providers.indexOf(at(f, 'dear')), 1),
    'dear has no result; the results hold somebody twice, or who sent nothing',
  ],
  [
    'a row twice',
    'feasibility',
    (f) => f.result.companies.push({ ...of(f, 'poor') }),
    'the results hold somebody twice, or who sent nothing',
  ],
  [
    'a provider’s row twice',
    'feasibility',
    (f) => f.result.providers.push({ ...at(f, 'dear') }),
    'the results hold somebody twice, or who sent nothing',
  ],
  [
    'a provider who did not bid',
    'feasibility',
    (f) => {
      of(f, 'small').byProvider[0]!.provider = 'odd';
    },
    'small is served by odd, who did not bid',
  ],
  [
    'an award that its providers do not serve',
    'feasibility',
    (f) => {
      of(f, 'small').awarded = 2;
    },
    'small is awarded 2, but its providers serve 3',
  ],
  [
    'a commitment that was not sent',
    'feasibility',
    (f) => {
      of(f, 'small').committed = 5;
    },
    'small committed 3, not 5',
  ],
  [
    'more than committed',
    'feasibility',
    (f) => {
      of(f, 'small').byProvider[0]!.volume = 4;
      of(f, 'small').awarded = 4;
      at(f, 'bulk').awarded = 8;
    },
    'small is served 4 of 3 committed; bulk serves 8 of 7',
  ],
  [
    'a closed pair',
    'feasibility',
    (f) => {
      of(f, 'poor').byProvider = [{ provider: 'dear', volume: 2 }];
      of(f, 'poor').awarded = 2;
      at(f, 'dear').awarded = 2;
    },
    'poor is served by dear, closed to it',
  ],
  [
    'less than a minimum',
    'feasibility',
    (f) => {
      of(f, 'poor').byProvider = [{ provider: 'dear', volume: 1 }];
      of(f, 'poor').awarded = 1;
      at(f, 'dear').awarded = 1;
    },
    'poor is served by dear, closed to it; dear serves 1, below its minimum of 2',
  ],
  [
    'a provider’s award',
    'feasibility',
    (f) => {
      at(f, 'bulk').awarded = 6;
    },
    'bulk is awarded 6, but serves 7',
  ],
  [
    'a tier',
    'tiers',
    (f) => {
      at(f, 'bulk').tier = 0;
    },
    'bulk: tier is 0, but 1 follows',
  ],
  [
    'a price as bid',
    'tiers',
    (f) => {
      Object.assign(at(f, 'bulk'), { priceMicros: 71 });
    },
    'bulk: priceMicros is 71, but 70 follows',
  ],
  [
    'a fee',
    'tiers',
    (f) => {
      Object.assign(at(f, 'bulk'), { feeMicros: 8 });
    },
    'bulk: feeMicros is 8, but 7 follows',
  ],
  [
    'a price in all',
    'tiers',
    (f) => {
      Object.assign(at(f, 'bulk'), { allInMicros: 78 });
    },
    'bulk: allInMicros is 78, but 77 follows',
  ],
  [
    'capacity left',
    'tiers',
    (f) => {
      at(f, 'bulk').capacityLeft = 1;
    },
    'bulk: capacityLeft is 1, but 0 follows',
  ],
  [
    'a price of nobody',
    'tiers',
    (f) => {
      Object.assign(at(f, 'dear'), { tier: 0, priceMicros: 300, feeMicros: 30, allInMicros: 330 });
    },
    'dear: tier is 0, but null follows; dear: priceMicros is 300, but null follows; dear: feeMicros is 30, but null follows; dear: allInMicros is 330, but null follows',
  ],
  [
    'an uneven share',
    'alike',
    (f) => {
      of(f, 'small').byProvider[0]!.volume = 2;
      of(f, 'large').byProvider[0]!.volume = 5;
    },
    'is its even share',
  ],
  [
    'awards that miss a minimum',
    'optimality',
    (f) => {
      of(f, 'poor').byProvider = [{ provider: 'dear', volume: 1 }];
    },
    'the awards are not feasible',
  ],
  [
    'awards that are not the best at their tiers',
    'optimality',
    (f) => {
      of(f, 'small').byProvider[0]!.volume = 2;
    },
    'at its own tiers the plan is not the best: ',
  ],
  [
    'awards that are not the best at their tiers, in prices',
    'prices',
    (f) => {
      of(f, 'small').byProvider[0]!.volume = 2;
    },
    'no prices follow from these awards: ',
  ],
  [
    'awards that are not the best at their tiers, in floors',
    'floors',
    (f) => {
      of(f, 'small').byProvider[0]!.volume = 2;
    },
    'they follow from prices',
  ],
  [
    'awards that are not the best at their tiers, in ε',
    'epsilon',
    (f) => {
      of(f, 'small').byProvider[0]!.volume = 2;
    },
    'it follows from prices',
  ],
  [
    'no certificate',
    'optimality',
    (f) => {
      Object.assign(f, { certificate: null });
    },
    'the file has no certificate; --solve solves the round again',
  ],
  [
    'a certificate without its duals',
    'optimality',
    (f) => {
      f.certificate!.nodes[0]!.duals = [];
    },
    'the certificate does not hold: ',
  ],
  [
    'a gain below the floor',
    'floors',
    (f) => {
      Object.assign(of(f, 'small'), { surplusMicros: 269 });
    },
    'small gains 269, less than its floor 270',
  ],
  [
    'a floor',
    'floors',
    (f) => {
      Object.assign(of(f, 'large'), { floorMicros: 359 });
    },
    'large: floorMicros is 359, but 360 follows',
  ],
  [
    'a payment too much',
    'balance',
    (f) => {
      Object.assign(of(f, 'small'), { totalMicros: 232 });
    },
    'companies pay 540, but 539 is owed',
  ],
  [
    'a cost',
    'balance',
    (f) => {
      Object.assign(f.result, { providerCostMicros: 540 });
    },
    'the cost is 540, but 539 is owed',
  ],
  [
    'a gain too much',
    'balance',
    (f) => {
      Object.assign(of(f, 'small'), { surplusMicros: 370 });
    },
    'companies gain 862, but the awards are worth 861',
  ],
  [
    'a value',
    'balance',
    (f) => {
      Object.assign(f.result, { valueMicros: 860 });
    },
    'the value is 860, but 861 follows',
  ],
  [
    'ε',
    'epsilon',
    (f) => {
      Object.assign(f.result, { epsilonMicros: 1 });
    },
    'the result: epsilonMicros is 1, but 0 follows',
  ],
  [
    'ε as published',
    'epsilon',
    (f) => {
      Object.assign(f.public.epsilon!, { micros: 1 });
    },
    'the public file: epsilon is {"micros":1,"shareOfTurnoverBps":0}, but {"micros":0,"shareOfTurnoverBps":0} follows',
  ],
])('%s is refused by the check of %s', async (_, name, change, detail) => {
  const found = await say(change, name);
  expect(found?.detail.startsWith(detail) || found?.detail.endsWith(detail), found?.detail).toBe(true);
  expect(found?.outcome).toBe(/^(?:the file has no|it follows|they follow)/.test(detail) ? 'not possible' : 'failed');
});

test('where awards cannot be read, all that rests on them is not possible, and what does not is checked all the same', async () => {
  const file = await honest();
  of(file, 'small').byProvider[0]!.provider = 'odd';
  const checks = await checkMarket(file as File, undefined);
  const rest = ['tiers', 'alike', 'optimality', 'prices', 'balance', 'floors', 'limits', 'epsilon'];
  expect(checks.slice(1)).toEqual([
    ...rest.map((name) => ({ name, outcome: 'not possible', detail: 'the awards do not fit the input' })),
    { name: 'figures', outcome: 'passed', detail: 'recomputed from the result' },
  ]);
});

test('the even share is said beside what a company is served', async () => {
  const found = await say((f) => {
    of(f, 'small').byProvider[0]!.volume = 2;
    of(f, 'large').byProvider[0]!.volume = 5;
  }, 'alike');
  expect(found?.detail).toMatch(
    /(?:small is served \[(?:2,0|0,2)\] by provider, but \[(?:3,0|0,3)\] is its even share)/,
  );
});

test('without a tier to choose, the duals of the plan are proof enough', async () => {
  const found = await say((f) => Object.assign(f, { certificate: null }), 'optimality', [
    { minVolume: 0, priceMicros: 70 },
  ]);
  expect(found).toEqual({
    name: 'optimality',
    outcome: 'passed',
    detail: 'there is no tier to choose, and duals prove the plan at these prices the best',
  });
});

test('one tier with a minimum is a choice', async () => {
  const found = await say((f) => Object.assign(f, { certificate: null }), 'optimality', [
    { minVolume: 7, priceMicros: 70 },
  ]);
  expect(found?.outcome).toBe('not possible');
});

test('a round solved again says by what, and what it found', async () => {
  const found = await say((f) => Object.assign(f, { certificate: null }), 'optimality', undefined, true);
  expect(found?.outcome).toBe('passed');
  expect(found?.detail).toMatch(/^solved again by .+: nothing better by more than 0, gap 0$/);
});

test('a gap beyond the published one is refused, a published one that large is taken', async () => {
  const cut = (gap: number) => (file: Loose<File>) => {
    file.certificate!.nodes = [{ duals: [[0]], split: null }];
    Object.assign(file.public.proof, { gapMicros: gap });
  };
  // At λ = 0 demand gains 7 · 200 and no provider anything: 1,400, which is 539 above 861.
  expect(await say(cut(538), 'optimality')).toMatchObject({
    outcome: 'failed',
    detail: 'the certificate leaves a gap of 539, but 538 was published',
  });
  expect(await say(cut(539), 'optimality')).toMatchObject({ outcome: 'passed' });
});

test('a payment in itself: total, limit, dearer requests, and credit without a record', () => {
  const row = (more: object): CompanyResult =>
    ({
      id: 'c',
      awarded: 3,
      unitPriceMicros: 10,
      dearerRequests: 2,
      releaseCreditMicros: 0,
      totalMicros: 32,
      ...more,
    }) as CompanyResult;
  expect(paymentFaults(row({}), 11)).toEqual([]);
  expect(paymentFaults(row({}), 10)).toEqual(['c pays 11, above its limit of 10']);
  expect(paymentFaults(row({ dearerRequests: 0, totalMicros: 30 }), 10)).toEqual([]);
  expect(paymentFaults(row({ dearerRequests: 0, totalMicros: 30 }), 9)).toEqual(['c pays 10, above its limit of 9']);
  expect(paymentFaults(row({ releaseCreditMicros: 5 }), 11)).toEqual(['c: price and credit come to 27, not to 32']);
  expect(paymentFaults(row({ dearerRequests: 3, totalMicros: 33 }), 11)).toEqual([
    'c has more dearer requests than awarded ones',
  ]);
  const unserved = { awarded: 0, dearerRequests: 0, releaseCreditMicros: 7, totalMicros: -7 };
  expect(paymentFaults(row(unserved), 1)).toEqual([]);
  expect(creditFaults(row({ releaseCreditMicros: 1 }), 0)).toEqual(['c is credited without a record']);
  expect(creditFaults(row({ releaseCreditMicros: 1 }), 1)).toEqual([]);
  expect(creditFaults(row({}), 0)).toEqual([]);
});
