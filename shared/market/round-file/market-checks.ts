/** Checks of what was decided: awards, prices and their proof, recomputed from the input with none of the market's figures. */
import { checkCertificate } from '../certificate.ts';
import { clear } from '../clearing.ts';
import { buildTierProblem, groupCompanies } from '../groups.ts';
import type { ClearingInput } from '../input.ts';
import { orderBidders } from '../order.ts';
import { type PricedAwards, priceAwards } from '../price-awards.ts';
import { type Market, openMarket, tierReached } from '../reach.ts';
import { shareAmongAlike } from '../sharing.ts';
import type { Solver } from '../solver.ts';
import { type Check, type CheckName, checkOf, differences, notPossible } from './check.ts';
import { publishedFigures } from './figures.ts';
import type { CompanyResult, PseudonymousFile, Result, SealedFile } from './round-file.ts';

type Cleared = Pick<SealedFile | PseudonymousFile, 'input' | 'result' | 'certificate' | 'public'>;

/** What the checks work on: the market of the input, and the awards as a matrix in its order. */
type Facts = {
  readonly market: Market;
  readonly awards: readonly (readonly number[])[];
  readonly results: readonly CompanyResult[];
  readonly served: readonly number[];
  readonly result: Result;
};

/** All checks of awards and prices. Where the awards cannot even be read, those that rest on them say so. */
export async function checkMarket(file: Cleared, solver: Solver | undefined): Promise<Check[]> {
  const { seed, round } = file.input;
  const [companies, providers] = await Promise.all([
    orderBidders(seed, round, file.input.companies),
    orderBidders(seed, round, file.input.providers),
  ]);
  const market = openMarket({ ...file.input, companies, providers });
  const read = readAwards(market, file.result);
  if ('faults' in read) {
    const rest: CheckName[] = ['tiers', 'alike', 'optimality', 'prices', 'balance', 'floors', 'limits', 'epsilon'];
    return [
      checkOf('feasibility', read.faults, ''),
      ...rest.map((name) => notPossible(name, 'the awards do not fit the input')),
      attempt('figures', () => checkFigures(file)),
    ];
  }
  const priced = priceOf(read);
  return [
    checkFeasibility(read),
    checkTiers(read),
    checkAlike(read),
    await checkOptimality(file, read, priced, solver),
    ...checkPriced(read, priced),
    checkBalance(read),
    checkLimits(read),
    attempt('epsilon', () => checkEpsilon(file, priced)),
    attempt('figures', () => checkFigures(file)),
  ];
}

/** A file may hold figures so large that they cannot be summed: that is a fault of the file. */
function attempt(name: CheckName, check: () => Check): Check {
  try {
    return check();
  } catch (error) {
    return checkOf(name, [messageOf(error)], '');
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/^bug: /, '') : String(error);

/** Every company of the input has one row, every award a provider of the input. */
function readAwards(market: Market, result: Result): Facts | { faults: string[] } {
  const indexOf = new Map(market.providers.map(({ id }, j) => [id, j]));
  const rows = new Map(result.companies.map((row) => [row.id, row]));
  const known = new Set(market.companies.map(({ id }) => id));
  const faults = [
    ...market.companies.filter(({ id }) => !rows.has(id)).map(({ id }) => `${id} has no result`),
    ...result.companies.filter(({ id }) => !known.has(id)).map(({ id }) => `${id} has a result and sent nothing`),
    ...market.providers
      .filter(({ id }) => result.providers.every((row) => row.id !== id))
      .map(({ id }) => `${id} has no result`),
  ];
  if (rows.size !== result.companies.length || result.providers.length !== market.providers.length)
    faults.push('the results hold somebody twice, or who sent nothing');
  const awards = market.companies.map(({ id }) => {
    const row = market.providers.map(() => 0);
    for (const { provider, volume } of rows.get(id)?.byProvider ?? []) {
      const j = indexOf.get(provider);
      if (j === undefined) faults.push(`${id} is served by ${provider}, who did not bid`);
      else row[j]! += volume;
    }
    return row;
  });
  if (faults.length > 0) return { faults };
  const served = market.providers.map((_, j) => awards.reduce((sum, row) => sum + row[j]!, 0));
  return { market, awards, served, result, results: market.companies.map(({ id }) => rows.get(id)!) };
}

function checkFeasibility({ market, awards, served, results, result }: Facts): Check {
  const faults: string[] = [];
  for (const [i, { id, volume, open }] of market.companies.entries()) {
    const { awarded, committed } = results[i]!;
    const total = awards[i]!.reduce((sum, requests) => sum + requests, 0);
    if (total !== awarded) faults.push(`${id} is awarded ${awarded}, but its providers serve ${total}`);
    if (committed !== volume) faults.push(`${id} committed ${volume}, not ${committed}`);
    if (total > volume) faults.push(`${id} is served ${total} of ${volume} committed`);
    for (const [j, requests] of awards[i]!.entries())
      if (requests > 0 && !open.includes(j)) faults.push(`${id} is served by ${market.providers[j]!.id}, closed to it`);
  }
  for (const [j, provider] of market.providers.entries()) {
    const row = result.providers.find(({ id }) => id === provider.id)!;
    if (row.awarded !== served[j]) faults.push(`${provider.id} is awarded ${row.awarded}, but serves ${served[j]}`);
    if (served[j]! > provider.capacity) faults.push(`${provider.id} serves ${served[j]} of ${provider.capacity}`);
    if (served[j]! > 0 && tierReached(provider, served[j]!) === -1)
      faults.push(`${provider.id} serves ${served[j]}, below its minimum of ${provider.tiers[0]!.minVolume}`);
  }
  return checkOf('feasibility', faults, `${served.reduce((a, b) => a + b, 0)} requests awarded`);
}

function checkTiers({ market, served, result }: Facts): Check {
  const faults = market.providers.flatMap((provider, j) => {
    const found = result.providers.find(({ id }) => id === provider.id)!;
    const reached = served[j] === 0 ? -1 : tierReached(provider, served[j]!);
    const tier = provider.tiers[reached];
    return differences(provider.id, found, {
      tier: tier === undefined ? null : reached,
      priceMicros: tier?.priceMicros ?? null,
      feeMicros: tier === undefined ? null : tier.allInMicros - tier.priceMicros,
      allInMicros: tier?.allInMicros ?? null,
      capacityLeft: provider.capacity - served[j]!,
    });
  });
  return checkOf('tiers', faults, `${served.filter((volume) => volume > 0).length} providers paid what they bid`);
}

function checkAlike({ market, awards }: Facts): Check {
  const groups = groupCompanies(market);
  const faults = groups.flatMap(({ companies }) => {
    const flow = market.providers.map((_, j) => companies.reduce((sum, i) => sum + awards[i]![j]!, 0));
    const members = companies.map((i) => market.companies[i]!);
    return shareAmongAlike(flow, members).flatMap((row, at) => {
      const i = companies[at]!;
      const own = JSON.stringify(awards[i]);
      return own === JSON.stringify(row)
        ? []
        : [`${market.companies[i]!.id} is served ${own} by provider, but ${JSON.stringify(row)} is its even share`];
    });
  });
  return checkOf('alike', faults, `${groups.length} groups of companies`);
}

/** Σ v_ij x_ij − Σ all-in price · y_j, from the awards alone; undefined where a minimum award is missed. */
function worthOf({ market, awards, served }: Facts): bigint | undefined {
  let value = 0n;
  for (const [i, company] of market.companies.entries())
    for (const [j, volume] of awards[i]!.entries())
      if (volume > 0) {
        const worth = company.values[j];
        if (worth === undefined) return undefined;
        value += BigInt(worth) * BigInt(volume);
      }
  for (const [j, provider] of market.providers.entries()) {
    if (served[j] === 0) continue;
    const tier = provider.tiers[tierReached(provider, served[j]!)];
    if (tier === undefined) return undefined;
    value -= BigInt(tier.allInMicros) * BigInt(served[j]!);
  }
  return value;
}

type Priced = PricedAwards | { readonly fault: string };

/** The published rule over the awards; a fault where they are not even the best at the tiers they reach. */
function priceOf({ market, awards }: Facts): Priced {
  try {
    return priceAwards(market, awards);
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

async function checkOptimality(
  { input, certificate, public: published }: Cleared,
  facts: Facts,
  priced: Priced,
  solver: Solver | undefined,
): Promise<Check> {
  const value = worthOf(facts);
  const allowed = BigInt(published.proof.gapMicros);
  if (value === undefined) return checkOf('optimality', ['the awards are not feasible'], '');
  if ('fault' in priced)
    return checkOf('optimality', [`at its own tiers the plan is not the best: ${priced.fault}`], '');
  const problem = buildTierProblem(facts.market, groupCompanies(facts.market));
  const hasChoice = problem.providers.some(({ steps }) => steps.length > 1 || (steps[0]?.minVolume ?? 0) > 0);
  if (!hasChoice)
    return checkOf('optimality', [], 'there is no tier to choose, and duals prove the plan at these prices the best');
  if (certificate !== null) {
    const checked = checkCertificate(problem, certificate, value);
    if (!checked.ok) return checkOf('optimality', [`the certificate does not hold: ${checked.fault}`], '');
    const left = `the certificate leaves a gap of ${checked.gapMicros}`;
    const faults = checked.gapMicros > allowed ? [`${left}, but ${allowed} was published`] : [];
    return checkOf('optimality', faults, `worth ${value} micro-units; ${left}, without solving`);
  }
  return solver === undefined
    ? notPossible('optimality', 'the file has no certificate; --solve solves the round again')
    : solveAgain(input, value, allowed, solver);
}

async function solveAgain(input: ClearingInput, value: bigint, allowed: bigint, solver: Solver): Promise<Check> {
  const again = await clear(input, solver);
  const better = BigInt(again.valueMicros) - value;
  const faults =
    better > allowed ? [`solved again, the round is worth ${better} more, and ${allowed} was left open`] : [];
  const { method, gapMicros } = again.proof;
  return checkOf(
    'optimality',
    faults,
    `solved again by ${method}: nothing better by more than ${allowed}, gap ${gapMicros}`,
  );
}

/** Prices and floors, both from the same recomputation. */
function checkPriced({ results, market }: Facts, priced: Priced): Check[] {
  if ('fault' in priced)
    return [
      checkOf('prices', [`no prices follow from these awards: ${priced.fault}`], ''),
      notPossible('floors', 'they follow from prices'),
    ];
  const prices: string[] = [];
  const floors: string[] = [];
  for (const [i, { floorMicros, standaloneMicros, ...price }] of priced.companies.entries()) {
    const found = results[i]!;
    prices.push(...differences(market.companies[i]!.id, found, price));
    floors.push(...differences(found.id, found, { floorMicros, standaloneMicros }));
    if (found.surplusMicros < floorMicros)
      floors.push(`${found.id} gains ${found.surplusMicros}, less than its floor ${floorMicros}`);
  }
  return [
    checkOf('prices', prices, `${results.length} prices recomputed`),
    checkOf('floors', floors, `${results.length} floors recomputed`),
  ];
}

function checkBalance(facts: Facts): Check {
  const { market, served, results, result } = facts;
  const sum = (of: (row: CompanyResult) => number): bigint => results.reduce((all, row) => all + BigInt(of(row)), 0n);
  const owed = market.providers.reduce((all, provider, j) => {
    const tier = provider.tiers[tierReached(provider, served[j]!)];
    return all + BigInt(tier?.allInMicros ?? 0) * BigInt(served[j]!);
  }, 0n);
  const [paid, gained, value] = [sum((row) => row.totalMicros), sum((row) => row.surplusMicros), worthOf(facts)];
  const faults: string[] = [];
  if (paid !== owed) faults.push(`companies pay ${paid}, but ${owed} is owed`);
  if (BigInt(result.providerCostMicros) !== owed)
    faults.push(`the cost is ${result.providerCostMicros}, but ${owed} is owed`);
  if (gained !== value) faults.push(`companies gain ${gained}, but the awards are worth ${value}`);
  if (BigInt(result.valueMicros) !== value) faults.push(`the value is ${result.valueMicros}, but ${value} follows`);
  return checkOf('balance', faults, `${paid} micro-units paid and owed, ${value} gained`);
}

function checkLimits({ market, results }: Facts): Check {
  const faults = results.flatMap((row, i) => {
    const { reserveMicros, chargesLastRound } = market.companies[i]!;
    return [...paymentFaults(row, reserveMicros), ...creditFaults(row, chargesLastRound)];
  });
  return checkOf('limits', faults, `${results.length} companies within their limits`);
}

/** What is wrong with one company's payment in itself. */
export function paymentFaults(row: CompanyResult, reserveMicros: number): string[] {
  const { id, awarded, unitPriceMicros, dearerRequests, releaseCreditMicros, totalMicros } = row;
  const total = BigInt(unitPriceMicros) * BigInt(awarded) + BigInt(dearerRequests) - BigInt(releaseCreditMicros);
  const highest = unitPriceMicros + (dearerRequests > 0 ? 1 : 0);
  const faults: string[] = [];
  if (total !== BigInt(totalMicros)) faults.push(`${id}: price and credit come to ${total}, not to ${totalMicros}`);
  if (awarded > 0 && highest > reserveMicros) faults.push(`${id} pays ${highest}, above its limit of ${reserveMicros}`);
  if (dearerRequests > 0 && dearerRequests >= awarded) faults.push(`${id} has more dearer requests than awarded ones`);
  return faults;
}

/** What is wrong with one company's capacity-release credit. */
export function creditFaults({ id, releaseCreditMicros }: CompanyResult, chargesLastRound: number): string[] {
  return chargesLastRound === 0 && releaseCreditMicros !== 0 ? [`${id} is credited without a record`] : [];
}

function checkEpsilon({ result, public: published }: Cleared, priced: Priced): Check {
  if ('fault' in priced) return notPossible('epsilon', 'it follows from prices');
  const { epsilonMicros } = priced;
  const expected = publishedFigures(result.companies, { ...result, epsilonMicros }).epsilon;
  const faults = [
    ...differences('the result', result, { epsilonMicros }),
    ...differences('the public file', { epsilon: published.epsilon }, { epsilon: expected }),
  ];
  return checkOf('epsilon', faults, `no group gains more than ${epsilonMicros} micro-units by leaving`);
}

function checkFigures({ input, result, public: published }: Cleared): Check {
  const { epsilon: _epsilon, ...figures } = publishedFigures(input.companies, result);
  return checkOf('figures', differences('the public file', published, figures), 'recomputed from the result');
}
