/**
 * Awards of a round: `A#<queue>#<round>` / `C#<company>` and `P#<provider>`. They are whole before the round says that it
 * was cleared, and never change after, so readers remember them.
 */
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { roundKey } from '../kernel/id.ts';
import type { Item, Key, Tables } from '../kernel/table.ts';
import { CompanyAward, ProviderAward } from './award.ts';

const partition = (queue: string, round: number): string => `A#${queue}#${roundKey(round)}`;
const companyKey = (queue: string, round: number, company: string): Key => ({
  pk: partition(queue, round),
  sk: `C#${company}`,
});
const providerKey = (queue: string, round: number, provider: string): Key => ({
  pk: partition(queue, round),
  sk: `P#${provider}`,
});

export const companyAwardItem = (award: CompanyAward): Item => ({
  ...companyKey(award.queue, award.round, award.company),
  ...award,
  opk: award.company,
  osk: `A#${roundKey(award.round)}#${award.queue}`,
});
export const providerAwardItem = (award: ProviderAward): Item => ({
  ...providerKey(award.queue, award.round, award.provider),
  ...award,
  opk: award.provider,
  osk: `A#${roundKey(award.round)}#${award.queue}`,
});

type OfRound = { queue: string; round: number };

const companyAwards = cachePerOwner<CompanyAward | null>(50_000);
const providerAwards = cachePerOwner<ProviderAward[]>(5_000);

/** A company's award in a cleared round, remembered; null for a late joiner. Call it for cleared rounds only. */
export async function readCompanyAward(
  tables: Tables,
  queue: string,
  round: number,
  company: string,
): Promise<CompanyAward | null> {
  return companyAwards(tables.owner).get(
    `${queue}#${round}#${company}`,
    async () => (await tables.get('market', companyKey(queue, round, company), CompanyAward)) ?? null,
  );
}

/** All providers with a bid in a cleared round, in order of id, remembered. Call it for cleared rounds only. */
export async function readProviderAwards(tables: Tables, queue: string, round: number): Promise<ProviderAward[]> {
  return providerAwards(tables.owner).get(`${queue}#${round}`, () =>
    tables.queryAll('market', ProviderAward, { pk: partition(queue, round), prefix: 'P#' }),
  );
}

/** A company's own awards in some rounds, by queue and round; ask only for rounds whose awards are shown, at most 100. */
export async function readOwnCompanyAwards(
  call: Call,
  company: string,
  rounds: readonly OfRound[],
): Promise<Map<string, CompanyAward>> {
  const keys = rounds.map(({ queue, round }) => companyKey(queue, round, company));
  return byRound(await call.tables.getMany('market', keys, CompanyAward));
}

/** The same for a provider. */
export async function readOwnProviderAwards(
  call: Call,
  provider: string,
  rounds: readonly OfRound[],
): Promise<Map<string, ProviderAward>> {
  const keys = rounds.map(({ queue, round }) => providerKey(queue, round, provider));
  return byRound(await call.tables.getMany('market', keys, ProviderAward));
}

export const roundText = ({ queue, round }: OfRound): string => `${queue}#${round}`;
const byRound = <T extends OfRound>(found: ReadonlyMap<string, T>): Map<string, T> =>
  new Map([...found.values()].map((award) => [roundText(award), award]));

/** All companies' awards of a cleared round, in order of id. */
export async function allCompanyAwards(call: Call, queue: string, round: number): Promise<CompanyAward[]> {
  return call.tables.queryAll('market', CompanyAward, { pk: partition(queue, round), prefix: 'C#' });
}
