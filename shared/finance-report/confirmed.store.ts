/** What companies' customers have confirmed, and what is charged only when the reopen window has passed. */
import * as z from 'zod';
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { Lease } from '../dispatch/lease.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { asMicros, type Currency } from '../kernel/money.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { DAY } from '../kernel/time.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { headList } from '../request/request.store.ts';
import { Head } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';

/** Requests that were accepted so long before are looked at. */
const LOOKS_BACK_MS = 60 * DAY;
const PAGE = 100;
const WIDTH = 8;
const MOST_LISTS = 500;
const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** How many requests, and rounds with requests, a call may still look at, of all companies together. */
export type RequestAllowance = { requests: number };

/**
 * What of a company was confirmed by an instant (ms) and could not be charged by then, at the prices that it will be charged
 * at, by currency. What was reopened since is left out. Null where there are more requests than the call may look at.
 */
export async function confirmedBy(
  call: Call,
  company: string,
  at: number,
  allowance: RequestAllowance,
): Promise<ReadonlyMap<Currency, number> | null> {
  const lists = await listsOf(call, company, allowance);
  if (lists === null) return null;
  const sums = new Map<Currency, number>();
  const range = { from: timeKey(at - LOOKS_BACK_MS), to: `${timeKey(at)}~` };
  await mapConcurrent(lists, WIDTH, async ({ queue, round }) => {
    let micros = 0;
    let after: Item | undefined;
    do {
      const page = await call.tables.query('requests', ListKey, {
        index: { name: 'list', pk: 'lpk', sk: 'lsk' },
        pk: headList(company, queue, round),
        ...range,
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      allowance.requests -= page.items.length;
      if (allowance.requests < 0) return;
      micros += await confirmedAmong(call, page.items, at);
      after = page.after as Item | undefined;
    } while (after !== undefined);
    const currency = micros === 0 ? undefined : (await readQueueItem(call.tables, queue))?.currency;
    if (currency !== undefined) sums.set(currency, asMicros((sums.get(currency) ?? 0) + micros));
  });
  return allowance.requests < 0 ? null : sums;
}

type OfRound = { queue: string; round: number };

/** The rounds in which a company sends requests: it has an award in them, or joined late. Null where they are too many. */
async function listsOf(call: Call, company: string, allowance: RequestAllowance): Promise<OfRound[] | null> {
  const lists: OfRound[] = [];
  for (const prefix of ['A#', 'J#']) {
    let after: Item | undefined;
    do {
      const page = await call.tables.query('market', z.object({ osk: z.string() }), {
        index: { name: 'owner', pk: 'opk', sk: 'osk' },
        pk: company,
        prefix,
        descending: true,
        ...(after === undefined ? {} : { after }),
      });
      for (const { osk } of page.items) {
        const [, round = '0', queue = ''] = osk.split('#');
        lists.push({ queue, round: Number(round) });
      }
      if (lists.length > MOST_LISTS) return null;
      after = page.after as Item | undefined;
    } while (after !== undefined);
  }
  // Each is looked at, whether something is in it or not.
  allowance.requests -= lists.length;
  return allowance.requests < 0 ? null : lists;
}

/** What was confirmed by an instant among some requests, and whose window was open then. */
async function confirmedAmong(call: Call, keys: readonly Item[], at: number): Promise<number> {
  const heads = [...(await call.tables.getMany('requests', keys, Head)).values()];
  const leased = heads.flatMap((head) => (head.state === 'leased' && head.lease !== null ? [head] : []));
  const leases = await call.tables.getMany(
    'requests',
    leased.map(({ lease }) => leaseKeyOf(lease ?? '')),
    Lease,
  );
  return leased.reduce((sum, head) => {
    const lease = leases.get(keyText(leaseKeyOf(head.lease ?? '')));
    if (lease?.state !== 'confirmed' || lease.confirmedAt === null || lease.resolvedAt === null) return sum;
    const chargedFrom = lease.resolvedAt + windowsOf(head.windowClass).reopenMs;
    return lease.confirmedAt <= at && at < chargedFrom ? sum + head.priceMicros : sum;
  }, 0);
}
