/** The most that one bidder of a market gains by each kind of lie, knowing everything everybody else says. */
import { clear } from '../../../shared/market/clearing.ts';
import type { ClearingInput } from '../../../shared/market/input.ts';
import type { Solver } from '../../../shared/market/solver.ts';
import { quantile } from '../support/stats.ts';
import {
  COMPANY_KINDS,
  type CompanyKind,
  companyLies,
  PROVIDER_KINDS,
  type ProviderKind,
  providerLies,
  withCompanies,
  withProviders,
} from './deviations.ts';
import { companyUtility, providerUtility, trueCost, volumeOf } from './utility.ts';

export const KINDS = [...COMPANY_KINDS, ...PROVIDER_KINDS] as const;
export type Kind = CompanyKind | ProviderKind;
/** Gain of the best lie of each kind, in % of cost; 0 where telling the truth is best. */
export type Gains = Readonly<Record<Kind, number>>;

/** Which company and which provider of the market lies: one of each, by number. */
export async function measureMarket(input: ClearingInput, liar: number, solver: Solver): Promise<Gains> {
  const [ofCompany, ofProvider] = [
    await measureCompany(input, liar % input.companies.length, solver),
    await measureProvider(input, liar % input.providers.length, solver),
  ];
  return { ...ofCompany, ...ofProvider };
}

/** A company's cost: its volume at the average price of all awards of the truthful market. */
async function measureCompany(input: ClearingInput, at: number, solver: Solver): Promise<Record<CompanyKind, number>> {
  const truth = input.companies[at]!;
  const honest = await clear(input, solver);
  const before = companyUtility(honest, truth, [truth.id], input);
  const awarded = honest.providers.reduce((sum, provider) => sum + provider.awarded, 0);
  const cost = (truth.volume * honest.providerCostMicros) / Math.max(1, awarded);
  const gains = COMPANY_KINDS.map(async (kind) => {
    let best = 0;
    for (const lie of companyLies(truth, kind, input)) {
      const clearing = await clear(withCompanies(input, truth, lie), solver);
      const ids = lie.map(({ id }) => id);
      best = Math.max(best, companyUtility(clearing, truth, ids, input) - before);
    }
    return [kind, cost === 0 ? 0 : (100 * best) / cost] as const;
  });
  return Object.fromEntries(await Promise.all(gains)) as Record<CompanyKind, number>;
}

/** A provider's cost: what serving its volume costs it, under the truth or the lie, whichever is more. */
async function measureProvider(
  input: ClearingInput,
  at: number,
  solver: Solver,
): Promise<Record<ProviderKind, number>> {
  const truth = input.providers[at]!;
  const honest = await clear(input, solver);
  const before = providerUtility(honest, truth, [truth.id]);
  const costBefore = trueCost(truth, volumeOf(honest, [truth.id]));
  const gains = PROVIDER_KINDS.map(async (kind) => {
    let best = 0;
    for (const lie of providerLies(truth, kind)) {
      const ids = lie.map(({ id }) => id);
      const clearing = await clear(withProviders(input, truth, lie), solver);
      const gain = providerUtility(clearing, truth, ids) - before;
      const cost = Math.max(costBefore, trueCost(truth, volumeOf(clearing, ids)));
      if (cost > 0) best = Math.max(best, (100 * gain) / cost);
    }
    return [kind, best] as const;
  });
  return Object.fromEntries(await Promise.all(gains)) as Record<ProviderKind, number>;
}

export type Figures = { readonly median: number; readonly p90: number; readonly max: number; readonly share: number };

/** A gain below a hundredth of a percent is rounding, not a reason to lie. */
const NOTICED = 0.01;

/** `share`: the markets, in %, in which the liar gains noticeably. */
export function figuresOf(gains: readonly number[]): Figures {
  return {
    median: quantile(gains, 0.5),
    p90: quantile(gains, 0.9),
    max: Math.max(...gains),
    share: (100 * gains.filter((gain) => gain >= NOTICED).length) / gains.length,
  };
}
