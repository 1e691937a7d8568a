/** All that is held of a customer at one company, found by the handle's own partition: words, and what hangs on each request. */
import * as z from 'zod';
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { Lease } from '../dispatch/lease.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Item } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { readHead, viewRequest, wordsPartition } from '../request/request.store.ts';
import { type Head, Words } from '../request/request.ts';
import { accessForCustomer } from '../thread/access.ts';
import { exportThread } from '../thread/erase.store.ts';
import type { HeldRequest } from './held.ts';
import { readRating } from './rating.store.ts';

const WIDTH = 5;

/** A page of what is held of a request's customer at its company, all their requests, in order of category. */
export async function exportHeld(
  call: Call,
  head: Head,
  company: { id: string; name: string },
  page: { limit: number; after?: Item },
): Promise<{ held: HeldRequest[]; after: Item | undefined }> {
  const found = await call.tables.query('requests', z.object({ sk: z.string() }).loose(), {
    pk: wordsPartition(head.company, head.handle),
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  // What begins with `#` lies beside the words: the ratings, which are shown with their requests, and a sign of erasure.
  const words = found.items.filter((item) => !item.sk.startsWith('#')).map((item) => Words.parse(item));
  const held = await mapConcurrent(words, WIDTH, (one) => heldOf(call, company, one));
  return { held, after: found.after as Item | undefined };
}

async function heldOf(call: Call, company: { id: string; name: string }, words: Words): Promise<HeldRequest> {
  const head = await readHead(call, words.request, { consistent: true });
  const [view, rating, turns, thread] = await Promise.all([
    head === undefined ? null : viewRequest(call, head),
    head === undefined ? null : readRating(call, head),
    head === undefined ? [] : turnsOf(call, head),
    exportThread(call, words.request),
  ]);
  return {
    request: words.request,
    externalId: head?.externalId ?? null,
    category: words.category,
    customer: words.customer,
    text: words.text,
    fields: words.fields,
    sentAt: iso(words.at),
    state: view?.state ?? null,
    erasedAt: words.erasedAt === undefined ? null : iso(words.erasedAt),
    rating,
    turns,
    messages: (thread?.messages ?? []).map(({ at, kind, author, text, attachments }) => ({
      at: iso(at),
      kind,
      author,
      text,
      attachments: attachments.map(({ name }) => name),
    })),
    access: accessForCustomer(thread?.access ?? [], company),
  };
}

/** The last turns at a request: the one that its head names and the five before. */
async function turnsOf(call: Call, head: Head): Promise<HeldRequest['turns']> {
  const ids = [...new Set([...head.leases, head.firstResolved, head.lease])].filter((id) => id !== null);
  const leases = [...(await call.tables.getMany('requests', ids.map(leaseKeyOf), Lease)).values()];
  return leases
    .sort((a, b) => a.claimedAt - b.claimedAt)
    .map((lease) => ({
      provider: lease.provider,
      from: iso(lease.claimedAt),
      until: lease.endedAt === null ? null : iso(lease.endedAt),
      summary: lease.outcome?.summary ?? null,
      reason: lease.reason,
    }));
}
