/** Makes the files of a round from what it was cleared with. The same facts give the same files. */
import type { StoredBid } from '../../bid/bid.ts';
import type { Commitment } from '../../commitment/commitment.ts';
import type { Currency } from '../../kernel/money.ts';
import type { Round } from '../../round/round.ts';
import type { Certificate } from '../certificate.ts';
import type { ClearingInput } from '../input.ts';
import { publishedFigures } from './figures.ts';
import { merkleRoot, proveInclusion } from './merkle.ts';
import { type Names, renameCompany, reversed } from './pseudonyms.ts';
import type { CompanyFile, ProviderFile, PseudonymousFile, PublicFile, Result, SealedFile } from './round-file.ts';

/** All that clearing knew of a round and answered. `input` and `result` go by `pseudonyms` where there are some. */
export type RoundFacts = {
  readonly round: Pick<Round, 'queue' | 'round' | 'seed' | 'seedHash' | 'termsVersion'>;
  readonly currency: Currency;
  readonly commitments: readonly Commitment[];
  readonly bids: readonly StoredBid[];
  readonly pseudonyms: Names | null;
  readonly input: ClearingInput;
  readonly result: Result;
  readonly certificate: Certificate | null;
};

/** The seals of a round: the hash of every commitment and bid. */
export const sealsOf = (file: Pick<SealedFile, 'commitments' | 'bids'>): string[] =>
  [...file.commitments, ...file.bids].map(({ hash }) => hash);

export async function makeSealedFile(facts: RoundFacts): Promise<SealedFile> {
  const { pseudonyms, input, result, certificate } = facts;
  const commitments = [...facts.commitments].sort((a, b) => (a.company < b.company ? -1 : 1));
  const bids = [...facts.bids].sort((a, b) => (a.provider < b.provider ? -1 : 1));
  return {
    kind: 'parley.round.sealed',
    version: 1,
    public: await makePublicFile(facts),
    commitments,
    bids,
    pseudonyms: pseudonyms === null ? null : Object.fromEntries([...pseudonyms].sort(([a], [b]) => (a < b ? -1 : 1))),
    input,
    result,
    certificate,
  };
}

async function makePublicFile(facts: RoundFacts): Promise<PublicFile> {
  const { queue, round, seed, seedHash, termsVersion } = facts.round;
  const seals = sealsOf({ commitments: [...facts.commitments], bids: [...facts.bids] });
  return {
    kind: 'parley.round.public',
    version: 1,
    queue,
    round,
    currency: facts.currency,
    termsVersion,
    terms: facts.input.terms,
    publishesSealedFile: facts.pseudonyms !== null,
    seedHash,
    seed,
    sealRoot: await merkleRoot(seals),
    sealCount: seals.length,
    ...publishedFigures(facts.input.companies, facts.result),
  };
}

/** The sealed file without what would tell who is who; undefined where the round was not cleared under pseudonyms. */
export function makePseudonymousFile(sealed: SealedFile): PseudonymousFile | undefined {
  if (sealed.pseudonyms === null) return undefined;
  const names = sealed.pseudonyms;
  const seals = [
    ...sealed.commitments.map(({ company, hash }) => [names[company] ?? company, hash] as const),
    ...sealed.bids.map(({ provider, hash }) => [names[provider] ?? provider, hash] as const),
  ];
  const { input, result, certificate } = sealed;
  return {
    kind: 'parley.round.pseudonymous',
    version: 1,
    public: sealed.public,
    // In the order of their names: any other order would tell something of the ids.
    seals: Object.fromEntries(seals.sort(([a], [b]) => (a < b ? -1 : 1))),
    input: {
      ...input,
      companies: input.companies
        .map((company) => ({ ...company, eligibleProviders: [...company.eligibleProviders].sort() }))
        .sort(byId),
      providers: [...input.providers].sort(byId),
    },
    result,
    certificate,
  };
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** What one company sent and got, with real names; undefined where it had no commitment in the round. */
export async function makeCompanyFile(sealed: SealedFile, company: string): Promise<CompanyFile | undefined> {
  const commitment = sealed.commitments.find((one) => one.company === company);
  const proof = await ownProof(sealed, commitment?.hash);
  if (commitment === undefined || proof === undefined) return undefined;
  const pseudonym = sealed.pseudonyms?.[company] ?? null;
  const name = pseudonym ?? company;
  const result = sealed.result.companies.find(({ id }) => id === name);
  const input = sealed.input.companies.find(({ id }) => id === name);
  if (result === undefined || input === undefined) throw new Error(`the round file lost ${company}`);
  return {
    kind: 'parley.round.company',
    version: 1,
    public: sealed.public,
    pseudonym,
    proof,
    commitment,
    chargesLastRound: input.chargesLastRound,
    result: renameCompany(result, reversed(new Map(Object.entries(sealed.pseudonyms ?? {})))),
  };
}

/** What one provider sent and got; undefined where it had no bid in the round. */
export async function makeProviderFile(sealed: SealedFile, provider: string): Promise<ProviderFile | undefined> {
  const bid = sealed.bids.find((one) => one.provider === provider);
  const proof = await ownProof(sealed, bid?.hash);
  if (bid === undefined || proof === undefined) return undefined;
  const pseudonym = sealed.pseudonyms?.[provider] ?? null;
  const result = sealed.result.providers.find(({ id }) => id === (pseudonym ?? provider));
  if (result === undefined) throw new Error(`the round file lost ${provider}`);
  const own = { version: 1, public: sealed.public, pseudonym, proof } as const;
  return { kind: 'parley.round.provider', ...own, bid, result: { ...result, id: provider } };
}

async function ownProof(sealed: SealedFile, seal: string | undefined) {
  const proof = seal === undefined ? undefined : await proveInclusion(sealsOf(sealed), seal);
  return proof === undefined ? undefined : { index: proof.index, path: [...proof.path] };
}
