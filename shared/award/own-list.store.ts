/** One's own commitments or bids over all queues, from the index of what an owner has: no queue is gone through. */
import * as z from 'zod';
import { StoredBid } from '../bid/bid.store.ts';
import { Bid } from '../bid/bid.ts';
import { Commitment } from '../commitment/commitment.ts';
import type { Call } from '../kernel/call.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { readQueueItem, readRounds } from '../queue/queue.store.ts';
import { publicRound } from '../queue/queue.ts';
import { awardsAreShown, type Round } from '../round/round.ts';
import type { ServiceClass } from '../service-class/service-class.ts';
import { readOwnCompanyAwards, readOwnProviderAwards, roundText } from './award.store.ts';
import type { OwnBid, OwnCommitment } from './own-list.ts';

type Asked = { limit: number; after?: Item };
type Page<T> = { items: T[]; after: Item | undefined };
type InRound<T> = { made: T; of: Round; serviceClass: ServiceClass };
const LOOKED_AT = 100;
const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of a company's commitments, those in the rounds that begin last in front; at most 100. */
export async function listOwnCommitments(call: Call, company: string, asked: Asked): Promise<Page<OwnCommitment>> {
  const { items, after } = await pageOf(call, { owner: company, prefix: 'C#', schema: Commitment }, asked);
  const awards = await readOwnCompanyAwards(call, company, shownOf(call, items));
  const listed = items.map(({ made, of, serviceClass }) => ({
    commitment: made,
    serviceClass,
    round: publicRound(of),
    award: awards.get(roundText(made)) ?? null,
  }));
  return { items: listed, after };
}

/** A page of a provider's bids, those in the rounds that begin last in front; at most 100. */
export async function listOwnBids(call: Call, provider: string, asked: Asked): Promise<Page<OwnBid>> {
  const { items, after } = await pageOf(call, { owner: provider, prefix: 'B#', schema: StoredBid }, asked);
  const awards = await readOwnProviderAwards(call, provider, shownOf(call, items));
  const listed = items.map(({ made, of, serviceClass }) => ({
    bid: Bid.parse(made),
    serviceClass,
    round: publicRound(of),
    award: awards.get(roundText(made)) ?? null,
  }));
  return { items: listed, after };
}

const shownOf = <T extends { queue: string; round: number }>(call: Call, items: readonly InRound<T>[]): T[] =>
  items.filter(({ of }) => awardsAreShown(of, call.now).ok).map(({ made }) => made);

async function pageOf<T extends { queue: string; round: number }>(
  call: Call,
  list: { owner: string; prefix: string; schema: z.ZodType<T> },
  asked: Asked,
): Promise<Page<InRound<T>>> {
  const found = await call.tables.query('market', ListKey, {
    index: { name: 'owner', pk: 'opk', sk: 'osk' },
    pk: list.owner,
    prefix: list.prefix,
    descending: true,
    ...asked,
  });
  const read = await call.tables.getMany('market', found.items, list.schema);
  const made = found.items.flatMap((key) => read.get(keyText(key)) ?? []);
  const rounds = await readRounds(call.tables, made);
  const items = await Promise.all(
    made.map(async (one) => {
      const [of, queue] = [rounds.get(roundText(one)), await readQueueItem(call.tables, one.queue)];
      if (of === undefined || queue === undefined) throw new Error(`${roundText(one)} is no round of a queue`);
      return { made: one, of, serviceClass: queue.serviceClass };
    }),
  );
  return { items, after: found.after as Item | undefined };
}

/** The queues in which an owner has put something into rounds, in order of id: those of the newest hundred, and `most` at most. */
export async function newestQueuesOf(
  call: Call,
  owner: string,
  prefix: 'C#' | 'B#',
  most: number,
): Promise<{ queues: string[]; isWhole: boolean }> {
  const last = await newestRoundsOf(call, owner, prefix);
  const queues = [...last.rounds.keys()];
  return { queues: queues.slice(0, most).sort(), isWhole: last.isWhole && queues.length <= most };
}

/** Of each queue in which an owner has put something into rounds the newest of these rounds, from the newest hundred things. */
export async function newestRoundsOf(
  call: Call,
  owner: string,
  prefix: 'C#' | 'B#',
): Promise<{ rounds: Map<string, number>; isWhole: boolean }> {
  const index = { name: 'owner', pk: 'opk', sk: 'osk' };
  const page = await call.tables.query('market', z.object({ pk: z.string() }), {
    index,
    pk: owner,
    prefix,
    descending: true,
    limit: LOOKED_AT,
  });
  const rounds = new Map<string, number>();
  for (const { pk } of page.items) {
    const [, queue = '', round = '0'] = pk.split('#');
    rounds.set(queue, Math.max(rounds.get(queue) ?? 0, Number(round)));
  }
  return { rounds, isWhole: page.after === undefined };
}
