/**
 * The names that bidders go by in one round whose sealed file is published. The clearing itself runs under them, so that
 * the order drawn from the seed can be checked in the published file without telling who is who.
 */
import { canonicalJson, sha256Hex, shortHash } from '../../kernel/hash.ts';
import type { ClearingInput } from '../input.ts';

/** From one set of names to another; a name that is not in it stays. */
export type Names = ReadonlyMap<string, string>;

type Sealed = { readonly queue: string; readonly round: number; readonly nonce: string };

/**
 * A name for each bidder, from its id and a key. The key is the hash of all nonces of the round: it needs no keeping,
 * repeats itself when a round is cleared again, and stays unknown to all bidders together but one, as a nonce has 128
 * random bits that only its bidder and the market know. Without the key ids cannot be tried against names.
 */
export async function pseudonymsOf(
  companies: readonly (Sealed & { readonly company: string })[],
  providers: readonly (Sealed & { readonly provider: string })[],
): Promise<Map<string, string>> {
  const nonces = [...companies, ...providers].map(({ queue, round, nonce }) => [queue, round, nonce]);
  const key = await sha256Hex(canonicalJson(['parley pseudonyms', ...nonces.map(canonicalJson).sort()]));
  const name = async (prefix: string, id: string): Promise<[string, string]> => [
    id,
    `${prefix}-${await shortHash(`${key}|${id}`)}`,
  ];
  return new Map(
    await Promise.all([
      ...companies.map(({ company }) => name('company', company)),
      ...providers.map(({ provider }) => name('provider', provider)),
    ]),
  );
}

/** The same names the other way round. */
export const reversed = (names: Names): Names => new Map([...names].map(([from, to]) => [to, from]));

/** The same input under other names. */
export function renameInput(input: ClearingInput, names: Names): ClearingInput {
  const as = renaming(names);
  return {
    ...input,
    companies: input.companies.map((company) => ({
      ...company,
      id: as(company.id),
      eligibleProviders: company.eligibleProviders.map(as),
    })),
    providers: input.providers.map((provider) => ({ ...provider, id: as(provider.id) })),
  };
}

/** The same result under other names, everything in the order it had. */
export function renameResult<R extends NamedRows>(result: R, names: Names): R {
  const as = renaming(names);
  return {
    ...result,
    order: { companies: result.order.companies.map(as), providers: result.order.providers.map(as) },
    companies: result.companies.map((company) => renameCompany(company, names)),
    providers: result.providers.map((provider) => ({ ...provider, id: as(provider.id) })),
  };
}

type NamedCompany = {
  readonly id: string;
  readonly byProvider: readonly { readonly provider: string; readonly volume: number }[];
};
type NamedRows = {
  readonly order: { readonly companies: readonly string[]; readonly providers: readonly string[] };
  readonly companies: readonly NamedCompany[];
  readonly providers: readonly { readonly id: string }[];
};

/** One company's result under other names. */
export function renameCompany<C extends NamedCompany>(company: C, names: Names): C {
  const as = renaming(names);
  const byProvider = company.byProvider.map((part) => ({ ...part, provider: as(part.provider) }));
  return { ...company, id: as(company.id), byProvider };
}

const renaming =
  (names: Names) =>
  (name: string): string =>
    names.get(name) ?? name;
