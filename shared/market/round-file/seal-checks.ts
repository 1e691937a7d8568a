/** Checks of what was sealed: the hashes, the root over them, the seed, and that the clearing read exactly that. */
import { canonicalJson, sha256Hex } from '../../kernel/hash.ts';
import { clearingInput } from '../../round/clearing-input.ts';
import { orderBidders } from '../order.ts';
import { sealsOf } from './build.ts';
import { type Check, checkOf, differences, notPossible } from './check.ts';
import { isIncluded, merkleRoot } from './merkle.ts';
import { pseudonymsOf, renameInput } from './pseudonyms.ts';
import type { CompanyFile, ProviderFile, PseudonymousFile, PublicFile, SealedFile } from './round-file.ts';

/** The seal of a bid or commitment, from its content: SHA-256 over its canonical JSON, all but the hash itself and a bid's kind. */
export async function sealOf(submission: { readonly hash: string }): Promise<string> {
  const { hash: _hash, kind: _kind, ...content } = submission as { hash: string; kind?: string };
  return sha256Hex(canonicalJson(content));
}

export async function checkSeed({ seed, seedHash }: PublicFile): Promise<Check> {
  const hash = await sha256Hex(seed);
  const faults = hash === seedHash ? [] : [`the seed ${seed} has the hash ${hash}, but ${seedHash} was published`];
  return checkOf('seed', faults, `SHA-256 of ${seed} is ${seedHash}`);
}

/** Recomputes the root from all seals. A file that was changed as a whole shows only beside a public file got elsewhere. */
export async function checkRoot(file: SealedFile | PseudonymousFile): Promise<Check> {
  const seals = file.kind === 'parley.round.sealed' ? sealsOf(file) : Object.values(file.seals);
  const { sealRoot, sealCount } = file.public;
  const faults: string[] = [];
  if (seals.length !== sealCount) faults.push(`there are ${seals.length} seals, but ${sealCount} were published`);
  if (new Set(seals).size !== seals.length) faults.push('a seal appears twice');
  const isHash = seals.every((seal) => /^[0-9a-f]{64}$/.test(seal));
  const root = isHash ? await merkleRoot(seals) : 'none, as a seal is no SHA-256';
  if (root !== sealRoot) faults.push(`the root of the seals is ${root}, but ${sealRoot} was published`);
  if (file.kind === 'parley.round.pseudonymous') faults.push(...biddersWithoutSeal(file));
  return checkOf('root', faults, `${seals.length} seals come to ${sealRoot}; compare it with the root you were given`);
}

/** Every bidder that was cleared has a seal, and every seal a bidder. */
function biddersWithoutSeal({ seals, input }: PseudonymousFile): string[] {
  const bidders = new Set([...input.companies, ...input.providers].map(({ id }) => id));
  return [
    ...[...bidders].filter((id) => !Object.hasOwn(seals, id)).map((id) => `${id} was cleared without a seal`),
    ...Object.keys(seals)
      .filter((id) => !bidders.has(id))
      .map((id) => `${id} has a seal and was not cleared`),
  ];
}

export async function checkSeals(file: SealedFile): Promise<Check> {
  const sealed = [
    ...file.commitments.map((one) => ({ what: `the commitment of ${one.company}`, one })),
    ...file.bids.map((one) => ({ what: `the bid of ${one.provider}`, one })),
  ];
  const faults = await Promise.all(sealed.map(({ what, one }) => sealFaults(what, one, file.public)));
  return checkOf('seals', faults.flat(), `${sealed.length} hashes recomputed from content and nonce`);
}

type Submission = SealedFile['commitments'][number] | SealedFile['bids'][number];

async function sealFaults(what: string, one: Submission, { queue, round }: PublicFile): Promise<string[]> {
  const seal = await sealOf(one);
  const faults = seal === one.hash ? [] : [`${what} has the hash ${seal}, but ${one.hash} was acknowledged`];
  if (one.queue !== queue || one.round !== round) faults.push(`${what} is for round ${one.round} of ${one.queue}`);
  return faults;
}

/** One party's own seal, and its way to the public root. */
export async function checkOwnSeal(file: CompanyFile | ProviderFile): Promise<Check[]> {
  const [what, one] =
    file.kind === 'parley.round.company' ? ['your commitment', file.commitment] : ['your bid', file.bid];
  const { sealRoot, sealCount } = file.public;
  const included = await isIncluded(sealRoot, sealCount, one.hash, file.proof);
  return [
    checkOf(
      'seals',
      await sealFaults(what, one, file.public),
      `the hash of ${what} is ${one.hash}; compare it with your acknowledgement`,
    ),
    checkOf(
      'inclusion',
      included ? [] : [`the proof does not lead from ${one.hash} to ${sealRoot}`],
      `seal ${file.proof.index + 1} of ${sealCount} under ${sealRoot}; compare it with the root others were given`,
    ),
  ];
}

/** What was cleared carries the published seed and terms and, as far as the file shows what was sent, nothing else. */
export function checkInputs(file: SealedFile | PseudonymousFile): Check {
  const { queue, round, seed, terms } = file.public;
  const faults = differences('the input', file.input, { queue, round: String(round), seed, terms });
  if (file.kind === 'parley.round.pseudonymous')
    return faults.length > 0
      ? checkOf('inputs', faults, '')
      : notPossible('inputs', 'seed and terms are the published ones; what was sent stands in the sealed file only');
  // Charges of the last round are no part of a commitment: the ledger vouches for them.
  const names = new Map(Object.entries(file.pseudonyms ?? {}));
  const charges = new Map(file.input.companies.map((company) => [company.id, company.chargesLastRound]));
  const records = new Map(
    file.commitments.map(({ company }) => [company, charges.get(names.get(company) ?? company) ?? 0]),
  );
  const expected = renameInput(
    clearingInput({ seed, queue, round }, terms, file.commitments, file.bids, records),
    names,
  );
  faults.push(
    ...rowDifferences('companies', file.input.companies, expected.companies),
    ...rowDifferences('providers', file.input.providers, expected.providers),
  );
  return checkOf('inputs', faults, 'volumes, limits, tiers and quality are those sent; records are taken as given');
}

type Row = { readonly id: string; readonly eligibleProviders?: readonly string[] };

function rowDifferences(side: string, found: readonly Row[], expected: readonly Row[]): string[] {
  const rows = new Map(found.map((row) => [row.id, comparable(row)]));
  const sent = new Set(expected.map(({ id }) => id));
  return [
    ...found.filter(({ id }) => !sent.has(id)).map(({ id }) => `${id} stands among the ${side} and sent nothing`),
    ...expected.flatMap((row) => {
      const own = rows.get(row.id);
      return own === undefined ? [`${row.id} is missing among the ${side}`] : differences(row.id, own, comparable(row));
    }),
  ];
}

/** The order of eligible providers means nothing. */
const comparable = (row: Row): Row =>
  row.eligibleProviders === undefined ? row : { ...row, eligibleProviders: [...row.eligibleProviders].sort() };

/** The pseudonyms are those that follow from the nonces, so that nobody could choose the order by choosing names. */
export async function checkNames(file: SealedFile): Promise<Check> {
  if (file.public.publishesSealedFile !== (file.pseudonyms !== null))
    return checkOf('names', ['the terms and the file differ in whether it is published'], '');
  if (file.pseudonyms === null) return checkOf('names', [], 'the round goes by the real ids');
  const expected = Object.fromEntries(await pseudonymsOf(file.commitments, file.bids));
  const names = Object.entries(file.pseudonyms).sort(([a], [b]) => (a < b ? -1 : 1));
  const faults = differences('the names', Object.fromEntries(names), expected);
  if (names.length !== Object.keys(expected).length) faults.push('there are names of nobody who sent anything');
  return checkOf('names', faults, `${names.length} names recomputed`);
}

/** The published order, against SHA-256 of `seed|round|bidder`. */
export async function checkOrder(file: SealedFile | PseudonymousFile): Promise<Check> {
  const { seed, round, companies, providers } = file.input;
  const ids = (bidders: readonly { id: string }[]): string[] => bidders.map(({ id }) => id);
  const order = {
    companies: ids(await orderBidders(seed, round, companies)),
    providers: ids(await orderBidders(seed, round, providers)),
  };
  const faults = [
    ...differences('the order', file.result.order, order),
    ...differences('the list of results', { companies: ids(file.result.companies) }, { companies: order.companies }),
    ...differences('the list of results', { providers: ids(file.result.providers) }, { providers: order.providers }),
  ];
  return checkOf('order', faults, `${companies.length} companies and ${providers.length} providers, from the seed`);
}
