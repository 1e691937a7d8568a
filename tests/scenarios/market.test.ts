/** Markets as a buyer reads them: each file in `market/` tells a story, what must come of it, and why, figure by figure. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { overflowCandidates, type Plan } from '../../shared/dispatch/plan.ts';
import { formatMicros } from '../../shared/kernel/money.ts';
import { type Clearing, type ClearingInput, clear } from '../../shared/market/clearing.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { openMarket } from '../../shared/market/reach.ts';
import { whyProvider } from '../../shared/market/why.ts';
import { closeRound } from '../../shared/round/closing.ts';
import { awardsOf, inputOf, Scenario, termsOf, totalsOf } from '../support/market-scenario.ts';

const FOLDER = new URL('market/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const read = (name: string): Scenario => Scenario.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')));
const solver = createMarketSolver();

type Claims = Readonly<Record<string, unknown>>;

/** Money as text on both sides, so that a failure reads like the scenario. */
function shown(value: unknown): unknown {
  return typeof value === 'number' ? formatMicros(value) : value;
}

/** Exactly the claims made, each beside what came of it. */
function expectClaims(claims: Claims, actual: Readonly<Record<string, () => unknown>>, whose: string): void {
  for (const [claim, expected] of Object.entries(claims)) {
    if (expected === undefined) continue;
    const find = actual[claim];
    if (find === undefined) throw new Error(`no reader for the claim ${claim}`);
    const found = find();
    const isMoney = !['awarded', 'from', 'dearerRequests', 'shareBase', 'tier', 'left', 'notServed'].includes(claim);
    const [a, b] = isMoney ? [shown(found), shown(expected)] : [found, expected];
    expect(a, `${whose}: ${claim}`).toEqual(b);
  }
}

const asPrices = (standing: readonly { to: string; price: number }[]) =>
  standing.map(({ to, price }) => `${to} ${formatMicros(price)}`);

function overflowOf(plan: Plan): { to: string; price: number }[] {
  return overflowCandidates(plan).map(({ provider, allInMicros }) => ({ to: provider, price: allInMicros }));
}

function whyNotServed(input: ClearingInput, company: string): string {
  const bidder = openMarket(input).companies.find(({ id }) => id === company)!;
  if (bidder.values.every((value) => value === undefined)) return 'no eligible bid';
  return bidder.open.length === 0 ? 'worth less than every price within reach' : 'others are worth more';
}

function checkCompanies(scenario: Scenario, clearing: Clearing): void {
  const awards = awardsOf(scenario, clearing);
  const input = inputOf(scenario);
  const terms = termsOf(scenario);
  for (const [name, { overflow, ...claims }] of Object.entries(scenario.expected.companies)) {
    const result = clearing.companies.find(({ id }) => id === name);
    if (result === undefined) throw new Error(`${name} is expected and not in the market`);
    expect(claims.notServed !== undefined, `${name}: says why it is not served`).toBe(claims.awarded === 0);
    expectClaims(
      claims,
      {
        awarded: () => result.awarded,
        from: () => Object.fromEntries(result.byProvider.map(({ provider, volume }) => [provider, volume])),
        notServed: () => (result.awarded > 0 ? 'it is served' : whyNotServed(input, name)),
        price: () => result.unitPriceMicros,
        dearerRequests: () => result.dearerRequests,
        pays: () => result.totalMicros,
        standalonePrice: () => result.standalonePriceMicros,
        gains: () => result.surplusMicros,
        releaseCredit: () => result.releaseCreditMicros,
        shareBase: () => result.capacityShareBase,
      },
      name,
    );
    if (overflow === undefined) continue;
    const award = awards.companies.find(({ company }) => company === name)!;
    const found = overflowOf({ award, providers: awards.providers, terms, withdrawn: [] });
    expect(asPrices(found), `${name}: overflow`).toEqual(asPrices(overflow));
  }
  if (scenario.expected.lateJoiner === undefined) return;
  const late = overflowOf({ award: null, providers: awards.providers, terms, withdrawn: [] });
  expect(asPrices(late), 'late joiner').toEqual(asPrices(scenario.expected.lateJoiner));
}

async function checkProviders(scenario: Scenario, clearing: Clearing): Promise<void> {
  for (const [name, { why, priceToWin, ...claims }] of Object.entries(scenario.expected.providers)) {
    const result = clearing.providers.find(({ id }) => id === name);
    if (result === undefined) throw new Error(`${name} is expected and not in the market`);
    expectClaims(
      claims,
      {
        awarded: () => result.awarded,
        tier: () => (result.tier === null ? null : result.tier + 1),
        paid: () => result.priceMicros,
        allIn: () => result.allInMicros,
        left: () => result.capacityLeft,
      },
      name,
    );
    if (why === undefined) continue;
    const found = await whyProvider(inputOf(scenario), clearing, name, solver);
    expect(found.outcome, `${name}: why`).toBe(why);
    if (priceToWin === undefined) continue;
    const price = 'priceToWin' in found && found.priceToWin.told ? found.priceToWin.micros : undefined;
    expect(shown(price), `${name}: price to win`).toBe(shown(priceToWin));
  }
}

const asMoney = (parts: ReadonlyMap<string, number>) =>
  Object.fromEntries([...parts].filter(([, micros]) => micros !== 0).map(([id, micros]) => [id, formatMicros(micros)]));
const moneyOf = (parts: Readonly<Record<string, number>>) => asMoney(new Map(Object.entries(parts)));

function checkClose(scenario: Scenario, clearing: Clearing): void {
  const { close, expected } = scenario;
  expect(close === undefined, 'a close is expected where one is told').toBe(expected.close === undefined);
  if (close === undefined || expected.close === undefined) return;
  const { companies: awards, providers } = awardsOf(scenario, clearing);
  const totals = totalsOf(close.companies);
  const found = closeRound({ awards, providers, totals, terms: termsOf(scenario), carriedInMicros: close.carriedIn });
  const { shortfall, releaseCredit, handedBack, subsidy, carriedOut } = expected.close;
  if (shortfall !== undefined) {
    const parts = [...found.shortfalls].map(([id, { toPool, toProviders, toMarket }]) => [
      id,
      { toPool: formatMicros(toPool), toProviders: asMoney(toProviders), toMarket: formatMicros(toMarket) },
    ]);
    const claimed = Object.entries(shortfall).map(([id, { toPool, toProviders, toMarket }]) => [
      id,
      { toPool: formatMicros(toPool), toProviders: moneyOf(toProviders), toMarket: formatMicros(toMarket) },
    ]);
    expect(Object.fromEntries(parts), 'shortfall').toEqual(Object.fromEntries(claimed));
  }
  if (releaseCredit !== undefined)
    expect(asMoney(found.releaseCredits), 'release credit').toEqual(moneyOf(releaseCredit));
  if (handedBack !== undefined) expect(asMoney(found.trueUps), 'handed back').toEqual(moneyOf(handedBack));
  if (subsidy !== undefined) expect(formatMicros(found.subsidyMicros), 'subsidy').toBe(formatMicros(subsidy));
  if (carriedOut !== undefined) expect(formatMicros(found.carriedOutMicros), 'carried').toBe(formatMicros(carriedOut));
}

describe('a market', () => {
  it.each(files)('%s', async (name) => {
    const scenario = read(name);
    const { expected } = scenario;
    const input = inputOf(scenario);
    if (expected.refused !== undefined) {
      await expect(clear(input, solver)).rejects.toThrow(expected.refused);
      return;
    }
    const clearing = await clear(input, solver);
    expectClaims(
      { gain: expected.gain, cost: expected.cost, epsilon: expected.epsilon },
      {
        gain: () => clearing.valueMicros,
        cost: () => clearing.providerCostMicros,
        epsilon: () => clearing.epsilonMicros,
      },
      'the market',
    );
    if (expected.gains !== undefined) {
      const gains = clearing.companies.map(({ surplusMicros }) => surplusMicros as number).sort((a, b) => a - b);
      expect(gains.map(formatMicros)).toEqual(expected.gains.map(formatMicros));
    }
    checkCompanies(scenario, clearing);
    await checkProviders(scenario, clearing);
    checkClose(scenario, clearing);
  });
});

describe('the collection', () => {
  it('has at least 25 markets, no two with one title', () => {
    expect(files.length).toBeGreaterThanOrEqual(25);
    const titles = files.map((name) => read(name).title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('refuses a misspelt claim', () => {
    const scenario = JSON.parse(readFileSync(new URL(files[0]!, FOLDER), 'utf8'));
    expect(Scenario.safeParse({ ...scenario, expected: { ...scenario.expected, gian: '1.00' } }).success).toBe(false);
  });
});
