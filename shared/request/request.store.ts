/**
 * Heads `R#<company>#<externalId hash>` / `-`, words `C#<company>#<handle hash>` / `<category>#<request>#<content hash>`,
 * and the reading of a request as the API shows it.
 */

import * as z from 'zod';
import { lanePartition } from '../dispatch/due.ts';
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { isResolved, Lease } from '../dispatch/lease.ts';
import type { Call } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { roundKey, timeKey } from '../kernel/id.ts';
import { type Item, type Key, keyText } from '../kernel/table.ts';
import { HOUR } from '../kernel/time.ts';
import { postedRequests } from '../ledger/ledger.store.ts';
import { normalHandle } from './handle.ts';
import { Head, type RequestView, viewOf, Words } from './request.ts';

export const headKey = (request: string): Key => {
  const at = request.indexOf('.');
  return { pk: `R#${request.slice(0, at)}#${request.slice(at + 1)}`, sk: '-' };
};
/** The request in a head's key, as an index returns it. */
export const requestInKey = (pk: string): string => {
  const [, company = '', hash = ''] = pk.split('#');
  return `${company}.${hash}`;
};
export const companyOf = (request: string): string => request.slice(0, request.indexOf('.'));

export const headList = (company: string, queue: string, round: number): string =>
  `H#${company}#${queue}#${roundKey(round)}`;

/** Where a ready head stands in the work list: its lane, in order of deadline. */
export const worklistKeys = (
  head: Pick<Head, 'queue' | 'round' | 'deadline' | 'id'>,
  provider: string | null,
  shard: number,
): { wpk: string; wsk: string } => ({
  wpk: lanePartition({ queue: head.queue, round: head.round, provider, shard }),
  wsk: `${timeKey(head.deadline)}#${head.id}`,
});

/** From when on the lane sweep may move a ready request: a quarter of its time left. */
export const moveTime = (deadline: number, slaMs: number): number => deadline - Math.floor(slaMs / 4);

export async function readHead(
  call: Call,
  request: string,
  options: { consistent?: boolean } = {},
): Promise<Head | undefined> {
  return call.tables.get('requests', headKey(request), Head, options);
}

/** A head of this tenant; another tenant's is as if it did not exist. */
export async function readOwnHead(call: Call, company: string, request: string): Promise<Head | undefined> {
  return companyOf(request) === company ? readHead(call, request, { consistent: true }) : undefined;
}

type WordsFacts = Pick<Head, 'company' | 'handle' | 'category' | 'id' | 'contentHash'>;

/** One customer's words with a company, in order of category. */
export const wordsPartition = (company: string, handle: string): string => `C#${company}#${handle}`;
/** Words about one category begin with this. */
export const wordsPrefix = (category: string): string => `${encodeURIComponent(category)}#`;
export const wordsKey = (head: WordsFacts): Key => ({
  pk: wordsPartition(head.company, head.handle),
  sk: `${wordsPrefix(head.category)}${head.id}#${head.contentHash}`,
});

export async function readWords(call: Call, head: WordsFacts): Promise<Words | undefined> {
  return call.tables.get('requests', wordsKey(head), Words);
}

/** The customer's words of several heads, by request. */
export async function readManyWords(call: Call, heads: readonly Head[]): Promise<Map<string, Words>> {
  const found = await call.tables.getMany('requests', heads.map(wordsKey), Words);
  return new Map([...found.values()].map((words) => [words.request, words]));
}

export type RequestFacts = {
  head: Head;
  lease: Lease | null;
  first: Lease | null;
  isPosted: boolean;
  view: RequestView;
};

/** Everything that the state of some heads follows from, read together, in the heads' order. */
export async function readFacts(call: Call, heads: readonly Head[]): Promise<RequestFacts[]> {
  const leaseIds = [...new Set(heads.flatMap((head) => [head.lease, head.firstResolved]).filter((id) => id !== null))];
  const [leases, posted] = await Promise.all([
    call.tables.getMany('requests', leaseIds.map(leaseKeyOf), Lease, { consistent: true }),
    postedRequests(
      call,
      heads.filter((head) => head.state === 'leased').map((head) => head.id),
    ),
  ]);
  const leaseOf = (id: string | null): Lease | null =>
    id === null ? null : (leases.get(keyText(leaseKeyOf(id))) ?? null);
  return heads.map((head) => {
    const lease = leaseOf(head.lease);
    const first =
      head.firstResolved === null ? (lease !== null && isResolved(lease) ? lease : null) : leaseOf(head.firstResolved);
    const isPosted = posted.has(head.id);
    return { head, lease, first, isPosted, view: viewOf(head, lease, first, isPosted, call.now) };
  });
}

/** One request as its company sees it. */
export async function viewRequest(call: Call, head: Head): Promise<RequestView> {
  const [facts] = await readFacts(call, [head]);
  return facts!.view;
}

/**
 * A page of a company's heads in a queue and round, in order of acceptance, or newest first; `after` is the last sort key
 * seen, in the same direction.
 */
export async function listHeads(
  call: Call,
  company: string,
  queue: string,
  round: number,
  page: PageOfHeads,
): Promise<{ heads: Head[]; after: Item | undefined }> {
  const found = await listHeadKeys(call, company, queue, round, page);
  return { heads: await readHeads(call, found.keys), after: found.after };
}

export type PageOfHeads = { limit: number; descending?: boolean; after?: Item | undefined };

/** The keys of such a page, so that the heads of several pages can be read together. */
export async function listHeadKeys(
  call: Call,
  company: string,
  queue: string,
  round: number,
  page: PageOfHeads,
): Promise<{ keys: Key[]; after: Item | undefined }> {
  const found = await call.tables.query('requests', KeyOnly, {
    index: { name: 'list', pk: 'lpk', sk: 'lsk' },
    pk: headList(company, queue, round),
    limit: page.limit,
    descending: page.descending ?? false,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  return { keys: found.items, after: found.after as Item | undefined };
}

/** The heads of some keys that are there, in the keys' order. */
export async function readHeads(call: Call, keys: readonly Key[]): Promise<Head[]> {
  const heads = await call.tables.getMany('requests', keys, Head);
  return keys.map((key) => heads.get(keyText(key))).filter((head) => head !== undefined);
}

/**
 * A page of the heads of one customer of a company, by the handle in its one form, in order of category. It may hold fewer
 * than asked for: what lies beside the words is left out.
 */
export async function listCustomerHeads(
  call: Call,
  company: string,
  customer: string,
  page: { limit: number; after?: Item },
): Promise<{ heads: Head[]; after: Item | undefined }> {
  const found = await call.tables.query('requests', WordsOf, {
    pk: wordsPartition(company, await shortHash(normalHandle(customer))),
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const keys = found.items.flatMap(({ sk, request }) =>
    sk.startsWith('#') || request === undefined ? [] : [headKey(request)],
  );
  return { heads: await readHeads(call, keys), after: found.after as Item | undefined };
}

/**
 * How many requests a company sent in some rounds of a queue, by hour from `from` (hour 0) to before `to`; hours without any
 * are absent. Reads the keys of the list alone.
 */
export async function countByHour(
  call: Call,
  company: string,
  queue: string,
  rounds: readonly number[],
  { from, to }: { from: number; to: number },
): Promise<Map<number, number>> {
  const hours = new Map<number, number>();
  for (const round of rounds) {
    let after: Item | undefined;
    do {
      const page = await call.tables.query('requests', ListKey, {
        index: { name: 'list', pk: 'lpk', sk: 'lsk' },
        pk: headList(company, queue, round),
        from: timeKey(from),
        to: `${timeKey(to - 1)}~`,
        ...(after === undefined ? {} : { after }),
      });
      for (const { lsk } of page.items) {
        const hour = Math.floor((Number(lsk.slice(0, 15)) - from) / HOUR);
        hours.set(hour, (hours.get(hour) ?? 0) + 1);
      }
      after = page.after;
    } while (after !== undefined);
  }
  return hours;
}

const ListKey = z.object({ lsk: z.string() });
/** Of what stands in a customer's partition: words name their request, what lies beside them begins with `#`. */
const WordsOf = z.object({ sk: z.string(), request: z.string().optional() });
const KeyOnly = z.object({ pk: z.string(), sk: z.string() });
