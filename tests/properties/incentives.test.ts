/** That the incentive bench counts a bidder's gain rightly, and tells only lies that could be entered. */
import { expect, test } from 'vitest';
import { clear } from '../../shared/market/clearing.ts';
import { ClearingInput } from '../../shared/market/input.ts';
import {
  COMPANY_KINDS,
  companyLies,
  PROVIDER_KINDS,
  providerLies,
  withCompanies,
  withProviders,
} from '../bench/incentives/deviations.ts';
import { companyUtility, providerUtility } from '../bench/incentives/utility.ts';
import { createContender } from '../bench/market/contender.ts';
import { createInstance } from '../bench/market/instances.ts';

const SIZE = { providers: 6, companies: 3 };
const markets = [0, 1, 2, 3, 4].flatMap((index) => [
  createInstance('wide', SIZE, 2, index),
  createInstance('near', SIZE, 2, index),
]);
const solver = createContender();

test('whoever tells the truth has the gain that the clearing says', async () => {
  for (const input of markets) {
    const clearing = await clear(input, solver);
    for (const truth of input.companies) {
      const { surplusMicros } = clearing.companies.find(({ id }) => id === truth.id)!;
      expect(companyUtility(clearing, truth, [truth.id], input)).toBeCloseTo(surplusMicros, 0);
    }
  }
});

test('requests that do not exist gain nothing and are paid for: 80 % of the award at half price', async () => {
  const input = createInstance('wide', SIZE, 2, 0);
  const clearing = await clear(input, solver);
  const served = clearing.companies.find(({ awarded, totalMicros }) => awarded > 0 && totalMicros > 0)!;
  const truth = { ...input.companies.find(({ id }) => id === served.id)!, volume: 0 };
  // Nothing is sent, so no credit comes of it either.
  const fee = 0.5 * 0.8 * served.totalMicros;
  expect(companyUtility(clearing, truth, [truth.id], input)).toBeCloseTo(-fee, 0);
});

test('a provider that is paid what it bid has a margin of 10 % of its pay', async () => {
  for (const input of markets) {
    const clearing = await clear(input, solver);
    for (const truth of input.providers) {
      const { awarded, priceMicros } = clearing.providers.find(({ id }) => id === truth.id)!;
      const margin = 0.1 * awarded * (priceMicros ?? 0);
      expect(providerUtility(clearing, truth, [truth.id])).toBeCloseTo(margin, 0);
    }
  }
});

test('every lie is a bid or commitment that the market accepts, and leaves all others as they are', () => {
  for (const input of markets) {
    const [company, provider] = [input.companies[0]!, input.providers[0]!];
    for (const kind of COMPANY_KINDS) {
      for (const lie of companyLies(company, kind, input)) {
        const told = ClearingInput.parse(withCompanies(input, company, lie));
        expect(told.companies.slice(lie.length)).toEqual(input.companies.slice(1));
        expect(told.companies.slice(0, lie.length)).not.toEqual([company]);
        expect(told.companies[0]!.chargesLastRound).toBe(company.chargesLastRound);
        for (const twin of told.companies.slice(1, lie.length)) expect(twin.chargesLastRound).toBe(0);
      }
    }
    for (const kind of PROVIDER_KINDS) {
      for (const lie of providerLies(provider, kind)) {
        const told = ClearingInput.parse(withProviders(input, provider, lie));
        expect(told.providers.slice(lie.length)).toEqual(input.providers.slice(1));
        expect(lie.reduce((sum, { capacity }) => sum + capacity, 0)).toBeLessThanOrEqual(provider.capacity);
        for (const { eligibleProviders } of told.companies)
          expect(lie.every(({ id }) => eligibleProviders.includes(id))).toBe(eligibleProviders.includes(provider.id));
      }
    }
  }
});
