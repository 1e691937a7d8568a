/**
 * What a clearing must keep, worked out again from its input alone: nothing here is shared with the code that clears.
 * Sums are BigInt throughout.
 */
import type { Clearing, CompanyClearing } from '../../../shared/market/clearing.ts';
import type { ClearingInput } from '../../../shared/market/input.ts';

const sum = (numbers: readonly number[]): bigint => numbers.reduce((total, n) => total + BigInt(n), 0n);

/** Every breach in a sentence; none where all is well. */
export function breachesOf(input: ClearingInput, clearing: Clearing): string[] {
  return [...volumeBreaches(input, clearing), ...bookBreaches(input, clearing), ...floorBreaches(input, clearing)];
}

/** Volumes: within commitments, capacities, share limit and minimum awards, at eligible providers, at the tier reached. */
function volumeBreaches(input: ClearingInput, clearing: Clearing): string[] {
  const breaches: string[] = [];
  const committed = input.companies.reduce((total, company) => total + company.volume, 0);
  const most = Number((BigInt(committed) * BigInt(input.terms.shareLimitBps)) / 10_000n);
  const served = new Map<string, number>();
  for (const company of clearing.companies) {
    const asked = input.companies.find(({ id }) => id === company.id)!;
    if (company.awarded > asked.volume) breaches.push(`${company.id} is awarded more than it committed`);
    if (company.byProvider.reduce((total, { volume }) => total + volume, 0) !== company.awarded)
      breaches.push(`${company.id}: its providers' volumes do not add up to its award`);
    for (const { provider, volume } of company.byProvider) {
      served.set(provider, (served.get(provider) ?? 0) + volume);
      if (!Number.isSafeInteger(volume) || volume <= 0) breaches.push(`${company.id} has ${volume} at ${provider}`);
      if (!asked.eligibleProviders.includes(provider)) breaches.push(`${company.id} is served by ${provider}`);
    }
  }
  for (const provider of clearing.providers) {
    const bid = input.providers.find(({ id }) => id === provider.id)!;
    const volume = served.get(provider.id) ?? 0;
    if (provider.awarded !== volume) breaches.push(`${provider.id}: ${provider.awarded} awarded, ${volume} served`);
    if (volume > bid.capacity) breaches.push(`${provider.id} serves more than its capacity`);
    if (volume > most) breaches.push(`${provider.id} serves more than the share limit`);
    if (volume === 0) continue;
    const tier = bid.tiers.findLast(({ minVolume }) => minVolume <= volume);
    if (tier === undefined) breaches.push(`${provider.id} serves less than its minimum award`);
    else if (tier.priceMicros !== provider.priceMicros) breaches.push(`${provider.id} is paid at another tier`);
  }
  return breaches;
}

/** Money: v(N) is what awards are worth less their cost; payments are the cost, gains are v(N), to the micro-unit. */
function bookBreaches(input: ClearingInput, clearing: Clearing): string[] {
  const breaches: string[] = [];
  const cost = clearing.providers.reduce(
    (total, { awarded, priceMicros }) => total + BigInt(awarded) * allIn(input, priceMicros ?? 0),
    0n,
  );
  const gain = clearing.companies.reduce((total, company) => total + worthOf(input, company), 0n) - cost;
  if (gain !== BigInt(clearing.valueMicros)) breaches.push(`v(N) is ${gain}, not ${clearing.valueMicros}`);
  const paid = sum(clearing.companies.map(({ totalMicros }) => totalMicros));
  if (paid !== cost) breaches.push(`companies pay ${paid}, providers and fee cost ${cost}`);
  const gained = sum(clearing.companies.map(({ surplusMicros }) => surplusMicros));
  if (gained !== gain) breaches.push(`companies gain ${gained}, the pool ${gain}`);
  for (const company of clearing.companies) {
    const { id, awarded, unitPriceMicros, dearerRequests, releaseCreditMicros, totalMicros, surplusMicros } = company;
    const bill = BigInt(unitPriceMicros) * BigInt(awarded) + BigInt(dearerRequests) - BigInt(releaseCreditMicros);
    if (bill !== BigInt(totalMicros)) breaches.push(`${id}: price, dearer requests and credit come to ${bill}`);
    if (worthOf(input, company) - BigInt(totalMicros) !== BigInt(surplusMicros))
      breaches.push(`${id}: its award's worth less its payment is not its gain`);
  }
  return breaches;
}

/** Floors, reserve prices, and no credit without a record. */
function floorBreaches(input: ClearingInput, clearing: Clearing): string[] {
  const breaches: string[] = [];
  if (sum(clearing.companies.map(({ standaloneMicros }) => standaloneMicros)) > BigInt(clearing.valueMicros))
    breaches.push('buying alone gains more in sum than the pool');
  for (const company of clearing.companies) {
    const { id, awarded, surplusMicros, standaloneMicros, unitPriceMicros, dearerRequests } = company;
    const { reserveMicros, chargesLastRound } = input.companies.find((asked) => asked.id === id)!;
    const worth = worthOf(input, company);
    const alone = BigInt(standaloneMicros);
    const floor = chargesLastRound > 0 || alone < worth ? alone : worth;
    if (BigInt(surplusMicros) < floor) breaches.push(`${id} gains less than its floor`);
    if (chargesLastRound === 0 && company.releaseCreditMicros > 0) breaches.push(`${id} has a credit but no record`);
    const limit = Math.min(reserveMicros ?? Number.POSITIVE_INFINITY, input.terms.ceilingMicros);
    if (awarded > 0 && unitPriceMicros + (dearerRequests > 0 ? 1 : 0) > limit)
      breaches.push(`${id} pays above its reserve price`);
  }
  return breaches;
}

/** Σ_j x_ij v_ij. */
function worthOf(input: ClearingInput, { id, byProvider }: CompanyClearing): bigint {
  const { reserveMicros, failureCostMicros } = input.companies.find((company) => company.id === id)!;
  const reserve = BigInt(Math.min(reserveMicros ?? input.terms.ceilingMicros, input.terms.ceilingMicros));
  const failure = BigInt(failureCostMicros ?? input.terms.failureCostMicros);
  return byProvider.reduce((total, { provider, volume }) => {
    const { qualityBps } = input.providers.find((bid) => bid.id === provider)!;
    const loss = (failure * BigInt(10_000 - qualityBps) + 9_999n) / 10_000n;
    return total + BigInt(volume) * (reserve - loss);
  }, 0n);
}

function allIn(input: ClearingInput, priceMicros: number): bigint {
  const price = BigInt(priceMicros);
  return price + (price * BigInt(input.terms.feeBps)) / 10_000n;
}
