/** Requests that wait, laid into lanes by the store: as many as would take the API an hour to take in. */
import { laneKey } from '../../../shared/dispatch/lane.store.ts';
import { shortHash, spread } from '../../../shared/kernel/hash.ts';
import { timeKey } from '../../../shared/kernel/id.ts';
import type { Item, TableConfig } from '../../../shared/kernel/table.ts';
import { Tables } from '../../../shared/kernel/table.ts';
import { MINUTE } from '../../../shared/kernel/time.ts';
import { headKey, readHead, readWords, wordsKey, worklistKeys } from '../../../shared/request/request.store.ts';
import { type Head, headItem, type Words } from '../../../shared/request/request.ts';
import { putAll } from '../support/put-all.ts';
import { createRandom } from '../support/random.ts';
import type { BenchMarket } from './market.ts';

/** The laid requests of each provider, by id, with their deadlines. */
export type Backlog = readonly Map<string, number>[];

/** A request that waits, with its customer's words: what a backlog is made of. */
export type Model = { head: Head; words: Words };

/** Reads a request of the market while it waits. */
export async function readModel(market: BenchMarket, request: string): Promise<Model> {
  const { tables } = market.marketplace.runtime;
  const call = { tables, now: market.marketplace.clock.now() };
  const head = await readHead(call, request, { consistent: true });
  const words = head === undefined ? undefined : await readWords(call, head);
  if (head?.state !== 'ready' || words === undefined) throw new Error('the model request does not wait');
  return { head, words };
}

/**
 * Lays `count` requests like the model evenly into the providers' lanes, each over `shards` shards, with deadlines drawn
 * within the day after the model's.
 */
export async function layBacklog(
  market: BenchMarket,
  { head, words }: Model,
  { count, shards, seed }: { count: number; shards: number; seed: number },
): Promise<Backlog> {
  const { tables } = market.marketplace.runtime;
  const now = market.marketplace.clock.now();
  const random = createRandom(`${seed}|backlog|${count}|${shards}`);
  const backlog = market.providers.map(() => new Map<string, number>());
  const items: Item[] = [];
  for (let i = 0; i < count; i++) {
    const at = i % market.providers.length;
    const provider = market.providers[at]!.id;
    const externalId = `laid-${shards}-${count}-${i}`;
    const id = `${head.company}.${await shortHash(externalId)}`;
    const handle = await shortHash(`customer-${externalId}`);
    const deadline = head.deadline + random.whole(0, 24 * 60) * MINUTE;
    const laid = {
      ...head,
      ...headKey(id),
      id,
      externalId,
      handle,
      deadline,
      provider,
      lsk: `${timeKey(now)}#${id}`,
    };
    const item = { ...laid, ...worklistKeys(laid, provider, spread(id) % shards) };
    const own: Words = { ...words, ...wordsKey(laid), request: id, customer: `customer-${externalId}` };
    items.push(headItem(item), own);
    backlog[at]!.set(id, deadline);
  }
  for (const { id } of market.providers)
    await tables.update('market', laneKey(market.queue, market.round, id), { set: { put: shards, look: shards } }, [
      ['present', 'pk'],
    ]);
  await putAll(tables, 'requests', items);
  forgetWhatIsRemembered(market);
  return backlog;
}

/** Caches belong to a set of tables; another set over the same tables has seen no lane yet. */
function forgetWhatIsRemembered({ marketplace: { runtime } }: BenchMarket): void {
  runtime.tables = new Tables({ ...(runtime.tables.owner as TableConfig) });
}
