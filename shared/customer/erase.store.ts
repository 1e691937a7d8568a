/**
 * Erasing what a customer said to a company: `C#<company>#<handle>` / `#erasure` says that it was asked for, and stands in
 * the list of errands until it is done. Texts and addresses go; hashes, heads, times and the ledger stay.
 */
import * as z from 'zod';
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { Lease } from '../dispatch/lease.ts';
import type { Call } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import type { Item, Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { headKey, readHead, wordsPartition } from '../request/request.store.ts';
import { type Head, RequestId, Words } from '../request/request.ts';
import { cancel } from '../resolution/resolution.store.ts';
import type { Files } from '../thread/attachment.ts';
import { eraseThread } from '../thread/erase.store.ts';
import { announce } from '../webhook/webhook.store.ts';
import type { Erasure } from './erasure.ts';
import { errandKeys, FIRST_SWEEP_MS } from './errand.store.ts';
import { RATING_PREFIX } from './rating.store.ts';

const ERASURE_SK = '#erasure';
export const isErasure = (key: Key): boolean => key.sk === ERASURE_SK;
const PAGE = 50;
/** So many requests are named in what the company is told. */
const MOST_NAMED = 500;

const Stored = z.object({
  pk: z.string(),
  sk: z.string(),
  at: z.number(),
  doneAt: z.number().nullable(),
  requests: z.array(RequestId),
});
type Stored = z.infer<typeof Stored>;

const handleIn = (pk: string): { company: string; handle: string } => {
  const [, company = '', handle = ''] = pk.split('#');
  return { company, handle };
};
const viewOf = (stored: Stored): Erasure => ({
  customer: handleIn(stored.pk).handle,
  requestedAt: iso(stored.at),
  erasedAt: stored.doneAt === null ? null : iso(stored.doneAt),
  requests: stored.requests,
});

/**
 * Erases all that is held of a request's customer at its company. Asked for again, it goes on where it stopped, and
 * erases what has been said since; with nothing left it answers as before.
 */
export async function erase(call: Call, files: Files, head: Head): Promise<Erasure> {
  const key = { pk: wordsPartition(head.company, head.handle), sk: ERASURE_SK };
  const old = await call.tables.get('requests', key, Stored, { consistent: true });
  if (old !== undefined && old.doneAt !== null && !(await hasWords(call, key.pk))) return viewOf(old);
  const asked = { ...key, at: call.now, doneAt: null, requests: old?.requests ?? [] };
  await call.tables.put('requests', { ...asked, ...errandKeys(key, call.now + FIRST_SWEEP_MS) });
  return viewOf((await resumeErasure(call, files, key)) ?? asked);
}

async function hasWords(call: Call, pk: string): Promise<boolean> {
  return (await walk(call, pk)).some((item) => isSaid(item) && item.erasedAt === undefined);
}

const Kept = z.object({ pk: z.string(), sk: z.string(), erasedAt: z.number().optional() }).loose();
type Kept = z.infer<typeof Kept>;
const isSaid = (item: Kept): boolean => !item.sk.startsWith('#');

const walk = (call: Call, pk: string): Promise<Kept[]> =>
  call.tables.queryAll('requests', Kept, { pk, limit: PAGE, consistent: true });

/** Does an erasure that was asked for, up to the moment it was; undefined where there is none. */
export async function resumeErasure(call: Call, files: Files, key: Key): Promise<Stored | undefined> {
  const asked = await call.tables.get('requests', key, Stored, { consistent: true });
  if (asked === undefined || asked.doneAt !== null) return asked;
  const requests = new Set(asked.requests);
  for (const item of await walk(call, key.pk)) {
    if (item.sk.startsWith(RATING_PREFIX)) await eraseComment(call, item);
    if (!isSaid(item)) continue;
    const words = Words.parse(item);
    if (words.at > asked.at) continue;
    if (requests.size < MOST_NAMED) requests.add(words.request);
    if (item.erasedAt === undefined) await eraseRequest(call, files, words, asked.at);
  }
  return finish(call, asked, [...requests]);
}

async function finish(call: Call, asked: Stored, requests: string[]): Promise<Stored> {
  const { company, handle } = handleIn(asked.pk);
  const done = { ...asked, requests, doneAt: call.now };
  const list = { lpk: erasureList(company), lsk: `${timeKey(asked.at)}#${handle}` };
  const event = { tenant: company, type: 'customer.erased', subject: handle, at: asked.at } as const;
  // Told before it leaves the list: a crash between tells it again, and the same event is told once.
  await announce(call, { ...event, data: { customer: handle, requests: requests.length } });
  await call.tables.update('requests', asked, { set: { doneAt: call.now, requests, ...list } }, [
    ['=', 'at', asked.at],
  ]);
  return done;
}

/** What is open is cancelled, since nobody could work on it; words go last, so that a crash before is found by them. */
async function eraseRequest(call: Call, files: Files, words: Words, at: number): Promise<void> {
  const head = await readHead(call, words.request, { consistent: true });
  if (head !== undefined) {
    await cancel(call, head, 'customer');
    await call.tables.update('requests', headKey(head.id), { set: { erasedAt: at } }, [['present', 'pk']]);
    for (const id of new Set([...head.leases, head.firstResolved, head.lease]))
      if (id !== null) await eraseTurn(call, id);
  }
  await eraseThread(call, files, words.request, 'customer');
  // Words whose head was never put, since their intake died.
  const set = { customer: '', text: '', fields: {}, erasedAt: at };
  await call.tables.update('requests', words, { set }, [['present', 'pk']]);
}

/** What a provider or the company wrote of a turn may speak of the customer; hashes stay, so that receipts still fit. */
async function eraseTurn(call: Call, id: string): Promise<void> {
  const lease = await call.tables.get('requests', leaseKeyOf(id), Lease, { consistent: true });
  if (lease === undefined) return;
  const { outcome, reason, rejection } = lease;
  const set = {
    ...(outcome === null
      ? {}
      : {
          outcome: { ...outcome, summary: '', summaryHash: outcome.summaryHash ?? (await shortHash(outcome.summary)) },
        }),
    ...(reason === null ? {} : { reason: '' }),
    ...(rejection === undefined ? {} : { rejection: { ...rejection, text: '' } }),
  };
  if (Object.keys(set).length > 0) await call.tables.update('requests', lease, { set }, [['present', 'pk']]);
}

async function eraseComment(call: Call, item: Kept): Promise<void> {
  if (item.comment !== '') await call.tables.update('requests', item, { set: { comment: '' } }, [['present', 'pk']]);
}

const erasureList = (company: string): string => `ERASED#${company}`;

/** A page of a company's erasures that are done, in the order they were asked for. */
export async function listErasures(
  call: Call,
  company: string,
  page: { limit: number; after?: Item },
): Promise<{ erasures: Erasure[]; after: Item | undefined }> {
  const found = await call.tables.query('requests', z.object({ pk: z.string(), sk: z.string() }), {
    index: { name: 'list', pk: 'lpk', sk: 'lsk' },
    pk: erasureList(company),
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const items = await call.tables.getMany('requests', found.items, Stored);
  const order = [...items.values()].sort((a, b) => a.at - b.at || (a.pk < b.pk ? -1 : 1));
  return { erasures: order.map(viewOf), after: found.after as Item | undefined };
}
