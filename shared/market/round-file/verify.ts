/**
 * Checks a file of a round against itself and the mathematics, with nothing from the server. Pure: a browser runs it too.
 * Each check says passed, failed, or not possible with this file.
 */
import type { Solver } from '../solver.ts';
import { type Check, type CheckName, checkOf, differences, notPossible } from './check.ts';
import { checkMarket, creditFaults, paymentFaults } from './market-checks.ts';
import {
  type CompanyFile,
  type ProviderFile,
  type PseudonymousFile,
  publicPart,
  type RoundFile,
  type SealedFile,
} from './round-file.ts';
import { checkInputs, checkNames, checkOrder, checkOwnSeal, checkRoot, checkSeals, checkSeed } from './seal-checks.ts';

export type VerifyOptions = {
  /** Solves the round again where the file has no certificate. */
  readonly solver?: Solver;
};

/** All checks of one file, in a fixed order. It may say anything that its schema allows: nothing here throws. */
export async function verifyRound(file: RoundFile, options: VerifyOptions = {}): Promise<Check[]> {
  const seed = await checkSeed(publicPart(file));
  switch (file.kind) {
    case 'parley.round.public':
      return [seed, ...onlyWithSealed(NEEDS_INPUTS)];
    case 'parley.round.company':
      return [seed, ...(await checkOwnSeal(file)), companyResult(file), ...onlyWithSealed(NEEDS_OTHERS)];
    case 'parley.round.provider':
      return [seed, ...(await checkOwnSeal(file)), providerResult(file), ...onlyWithSealed(NEEDS_OTHERS)];
    case 'parley.round.pseudonymous':
      return [seed, await checkRoot(file), ...WITHOUT_NAMES, ...(await clearedChecks(file, options))];
    case 'parley.round.sealed':
      return [
        seed,
        await checkRoot(file),
        await checkSeals(file),
        await checkNames(file),
        ...(await clearedChecks(file, options)),
      ];
  }
}

async function clearedChecks(file: SealedFile | PseudonymousFile, options: VerifyOptions): Promise<Check[]> {
  return [checkInputs(file), await checkOrder(file), ...(await checkMarket(file, options.solver))];
}

const NEEDS_OTHERS: readonly CheckName[] = [
  'root',
  'inputs',
  'order',
  'feasibility',
  'alike',
  'optimality',
  'prices',
  'balance',
  'floors',
  'epsilon',
  'figures',
];
const NEEDS_INPUTS: readonly CheckName[] = ['seals', 'tiers', 'limits', ...NEEDS_OTHERS];
const onlyWithSealed = (names: readonly CheckName[]): Check[] =>
  names.map((name) => notPossible(name, 'needs the inputs of all: the sealed file, or the pseudonymous one'));

const WITHOUT_NAMES: readonly Check[] = [
  notPossible('seals', 'a seal covers the real id, which this file leaves out; each party can check its own'),
  notPossible('names', 'names follow from nonces, which the sealed file holds'),
];

/** What a company can say of its own result: it keeps to its commitment, and price, requests and credit come to the total. */
function companyResult(file: CompanyFile): Check {
  const { commitment, result, chargesLastRound, public: published } = file;
  const { ceilingMicros } = published.terms;
  const served = result.byProvider.reduce((sum, { volume }) => sum + volume, 0);
  const faults = [
    ...differences('your result', result, { id: commitment.company, committed: commitment.volume, awarded: served }),
    ...(served > commitment.volume ? [`you are served ${served} of ${commitment.volume} committed`] : []),
    ...result.byProvider
      .filter(({ provider }) => commitment.limits.blocked.includes(provider))
      .map(({ provider }) => `you are served by ${provider}, whom you blocked`),
    ...paymentFaults(result, Math.min(commitment.reserveMicros ?? ceilingMicros, ceilingMicros)),
    ...creditFaults(result, chargesLastRound),
    ...(result.surplusMicros < result.floorMicros ? ['you gain less than your floor'] : []),
  ];
  return checkOf(
    'result',
    faults,
    `${served} of ${commitment.volume} requests at ${result.unitPriceMicros} micro-units`,
  );
}

/** What a provider can say of its own: it is paid what it bid at the tier that its awarded volume reaches. */
function providerResult({ bid, result }: ProviderFile): Check {
  const reached = result.awarded === 0 ? -1 : bid.tiers.findLastIndex((tier) => tier.minVolume <= result.awarded);
  const faults = [
    ...differences('your result', result, {
      id: bid.provider,
      tier: reached === -1 ? null : reached,
      priceMicros: bid.tiers[reached]?.priceMicros ?? null,
    }),
    ...(result.awarded > bid.capacity ? [`you are awarded ${result.awarded} of a capacity of ${bid.capacity}`] : []),
    ...(result.awarded > 0 && reached === -1 ? ['you are awarded less than your minimum'] : []),
  ];
  return checkOf(
    'result',
    faults,
    `${result.awarded} of ${bid.capacity} requests at ${result.priceMicros} micro-units`,
  );
}

/** Whether files got from different places are of one round and say the same: each public part, each party's result. */
export function compareFiles(files: readonly RoundFile[]): Check {
  const [first, ...others] = files.map(publicPart);
  const faults: string[] = [];
  if (first !== undefined)
    for (const [at, other] of others.entries()) faults.push(...differences(`file ${at + 2}`, other, first));
  for (const file of files)
    if (file.kind === 'parley.round.sealed' || file.kind === 'parley.round.pseudonymous')
      for (const party of files) faults.push(...partyDifferences(file, party));
  return checkOf('same', faults, `${files.length} files agree`);
}

/** A party's row in a file of all, under the name it has there. */
function partyDifferences(all: SealedFile | PseudonymousFile, party: RoundFile): string[] {
  if (party.kind !== 'parley.round.company' && party.kind !== 'parley.round.provider') return [];
  const isCompany = party.kind === 'parley.round.company';
  const id = isCompany ? party.commitment.company : party.bid.provider;
  const name = party.pseudonym ?? id;
  const rows: readonly { id: string }[] = isCompany ? all.result.companies : all.result.providers;
  const row = rows.find((one) => one.id === name);
  if (row === undefined) return [`${name} is not in the file of all`];
  // A company's providers go by other names there; their volumes do not.
  const { id: _id, byProvider: parts, ...own } = party.result as CompanyFile['result'];
  const faults = differences(`${id} as ${name}`, row, own);
  if (isCompany) {
    const volumes = (row as CompanyFile['result']).byProvider.map(({ volume }) => volume);
    faults.push(...differences(`${id} as ${name}`, { volumes }, { volumes: parts.map(({ volume }) => volume) }));
  }
  return faults;
}

/** Whether nothing failed. */
export const isSound = (checks: readonly Check[]): boolean => checks.every(({ outcome }) => outcome !== 'failed');
