/**
 * Mails to customers, `MAIL#<request>` / `<reason>#<id>`: no address and no text in them. Both are read when the mail is
 * sent, so an erased customer gets none, and nothing here need be erased.
 */
import * as z from 'zod';
import type { Lease } from '../dispatch/lease.ts';
import { leaseIdOf } from '../dispatch/lease.ts';
import type { Call } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import { readBranding } from '../organisation/branding.store.ts';
import type { Branding } from '../organisation/branding.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { emailOf } from '../request/email.ts';
import { companyOf, readHead, readWords } from '../request/request.store.ts';
import type { Head } from '../request/request.ts';
import { errandKeys, FIRST_SWEEP_MS } from './errand.store.ts';
import { linkExpiry } from './link.ts';
import { type MailLanguage, type MailReason, mailLanguage } from './mail-text.ts';

const MAIL_PREFIX = 'MAIL#';
export const isMail = (key: Key): boolean => key.pk.startsWith(MAIL_PREFIX);

const Ordered = z.object({
  request: z.string(),
  reason: z.enum(['resolved', 'renewed', 'news']),
  at: z.number(),
  state: z.enum(['pending', 'sent', 'dropped']),
  tries: z.int(),
});

/** After so many tries, each twice as far from the last, a mail is given up. */
const MOST_TRIES = 8;

async function order(call: Call, request: string, reason: MailReason, id: string, at: number): Promise<Key> {
  const key = { pk: `${MAIL_PREFIX}${request}`, sk: `${reason}#${id}` };
  const due = errandKeys(key, call.now + FIRST_SWEEP_MS);
  await call.tables.put('requests', { ...key, request, reason, at, state: 'pending', tries: 0, ...due }, ABSENT);
  return key;
}

/** Orders the mail that asks whether a resolution solved it, where the company chose so; once per turn. */
export async function askByMail(call: Call, lease: Lease): Promise<Key | undefined> {
  if (lease.state !== 'resolved' || lease.resolvedAt === null) return undefined;
  if (!(await readBranding(call, lease.company)).mailWhenResolved) return undefined;
  return order(call, lease.request, 'resolved', await shortHash(leaseIdOf(lease)), lease.resolvedAt);
}

/** A fresh link is mailed once in so long at the most, however often it is asked for. */
const RENEW_EVERY_MS = 10 * MINUTE;

/** Orders a fresh link for the customer of a request. */
export const renewByMail = (call: Call, request: string): Promise<Key> =>
  order(call, request, 'renewed', String(Math.floor(call.now / RENEW_EVERY_MS)), call.now);

/** Orders the mail that says that there is news of a request; once for each `what`. */
export const orderNews = async (call: Call, request: string, what: string): Promise<Key> =>
  order(call, request, 'news', await shortHash(what), call.now);

export type Letter = {
  id: string;
  at: number;
  reason: MailReason;
  to: string;
  language: MailLanguage;
  branding: Branding;
  link: { request: string; exp: number };
};

/** The letter of an ordered mail; undefined where it is done, or where there is no address to send it to, which ends it. */
export async function letterOf(call: Call, key: Key): Promise<Letter | undefined> {
  const ordered = await call.tables.get('requests', key, Ordered, { consistent: true });
  if (ordered?.state !== 'pending') return undefined;
  const head = await readHead(call, ordered.request, { consistent: true });
  const to = head === undefined ? undefined : await addressOf(call, head);
  if (head === undefined || to === undefined) {
    await endMail(call, key, 'dropped');
    return undefined;
  }
  const [branding, queue] = await Promise.all([
    readBranding(call, companyOf(ordered.request)),
    readQueueItem(call.tables, head.queue),
  ]);
  return {
    id: await shortHash(`${key.pk}|${key.sk}`),
    at: ordered.at,
    reason: ordered.reason,
    to,
    language: mailLanguage(queue?.serviceClass.language ?? 'en'),
    branding,
    link: { request: head.id, exp: linkExpiry(head, ordered.at) },
  };
}

async function addressOf(call: Call, head: Head): Promise<string | undefined> {
  const words = await readWords(call, head);
  return words === undefined ? undefined : emailOf(words.customer);
}

/** Takes a mail off the list. */
export async function endMail(call: Call, key: Key, state: 'sent' | 'dropped'): Promise<void> {
  await call.tables.update('requests', key, { set: { state }, remove: ['lpk', 'lsk'] }, [['present', 'pk']]);
}

/** Notes that sending failed: it is tried again, later each time, and given up in the end. */
export async function failMail(call: Call, key: Key): Promise<void> {
  const ordered = await call.tables.get('requests', key, Ordered.pick({ state: true, tries: true }), {
    consistent: true,
  });
  if (ordered?.state !== 'pending') return;
  const tries = ordered.tries + 1;
  if (tries >= MOST_TRIES) return endMail(call, key, 'dropped');
  const due = errandKeys(key, call.now + 2 ** tries * MINUTE);
  await call.tables.update('requests', key, { set: { tries, ...due } }, [['=', 'tries', ordered.tries]]);
}
