/** Reads what a receipt is made of: head, lease, the round's terms version, and the charge. Nothing is written. */
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { isResolved, Lease, leaseIdOf } from '../dispatch/lease.ts';
import type { Call } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { iso } from '../kernel/time.ts';
import { readCharges } from '../ledger/ledger.store.ts';
import { readRound } from '../queue/queue.store.ts';
import { readHead } from '../request/request.store.ts';
import type { Head } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';
import { allMessages } from '../thread/thread.store.ts';
import { threadHash } from '../thread/thread.ts';
import { type Receipt, type ReceiptAudience, receiptOf, receiptTime } from './receipt.ts';

export type ReceiptRefusal = 'not_found' | 'not_resolved' | 'receipt_not_ready';

/** The receipt of a request's settled resolution, for its company or customer. */
export async function receiptOfRequest(
  call: Call,
  head: Head,
  audience: ReceiptAudience,
): Promise<Result<Receipt, ReceiptRefusal>> {
  if (head.lease === null || head.state !== 'leased') return NO_RESOLUTION;
  return receiptOfLease(call, head.lease, audience, head);
}

/** The receipt of one turn: once its charge is posted, or once it was reopened. The tenant is the caller's to check. */
export async function receiptOfLease(
  call: Call,
  id: string,
  audience: ReceiptAudience,
  known?: Head,
): Promise<Result<Receipt, ReceiptRefusal>> {
  const lease = await call.tables.get('requests', leaseKeyOf(id), Lease, { consistent: true });
  const head = known ?? (lease === undefined ? undefined : await readHead(call, lease.request, { consistent: true }));
  if (lease === undefined || head === undefined) return refuse('not_found', 'There is no such turn.');
  if (lease.outcome === null || lease.resolvedAt === null) return NO_RESOLUTION;
  const charge = (await readCharges(call, [head.id])).get(head.id);
  const isCharged = charge !== undefined && charge.facts.lease === leaseIdOf(lease);
  if (!isCharged && isResolved(lease)) return notReady(lease.resolvedAt + windowsOf(head.windowClass).reopenMs);
  if (!isCharged && lease.state !== 'reopened') return NO_RESOLUTION;
  const round = await readRound(call.tables, lease.queue, lease.round);
  if (round === undefined) throw new Error(`a turn of an unknown round ${lease.queue} ${lease.round}`);
  const receipt = receiptOf({
    audience,
    head,
    lease,
    charge: isCharged ? charge : null,
    termsVersion: round.termsVersion,
    summaryHash: lease.outcome.summaryHash ?? (await shortHash(lease.outcome.summary)),
  });
  return ok({
    ...receipt,
    thread: { ...receipt.thread, messages: await messagesHash(call, head, receiptTime(receipt)) },
  });
}

/** The thread as it stood when the outcome became final: what is said later changes no receipt. */
async function messagesHash(call: Call, head: Head, until: number): Promise<string | null> {
  const messages = (await allMessages(call, head.id)).filter((message) => message.at <= until);
  return messages.length === 0 ? null : threadHash(messages);
}

const NO_RESOLUTION = refuse('not_resolved', 'There is no resolution that a receipt could be of.');

const notReady = (settlesAt: number): Refusal<'receipt_not_ready'> =>
  refuse('receipt_not_ready', `The outcome may still change until ${iso(settlesAt)}; ask again soon after.`, {
    retryable: true,
    extra: { settlesAt: iso(settlesAt) },
  });
