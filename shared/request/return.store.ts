/** A customer who comes back about the same thing within the reopen window, on any channel: the old request is worked again. */

import { readLease } from '../dispatch/lease.store.ts';
import { isResolved } from '../dispatch/lease.ts';
import { comeBack } from '../incident/link.store.ts';
import type { Call } from '../kernel/call.ts';
import { ABSENT, type Write } from '../kernel/table.ts';
import { reopen } from '../resolution/resolution.store.ts';
import { windowsOf } from '../terms/terms.ts';
import { aboutHead, tell } from '../thread/say.store.ts';
import { CUSTOMER } from '../thread/thread.ts';
import { readHead, viewRequest, wordsPrefix } from './request.store.ts';
import { comesBackUntil, type Head, headItem, type RequestView, Words } from './request.ts';

/** Earlier requests of one customer about one category that are looked at. */
const MOST_EARLIER = 20;

const isOpen = (head: Head): boolean => head.state === 'ready' || head.state === 'leased' || head.state === 'held_back';

/** The customer's latest request of this category that is open, resolved within the reopen window, or linked to an incident from which it may come back; undefined where there is none. */
export async function findReturn(
  call: Call,
  wordsPk: string,
  category: string,
  request: string,
): Promise<Head | undefined> {
  const found = await call.tables.query('requests', Words, {
    pk: wordsPk,
    prefix: wordsPrefix(category),
    limit: MOST_EARLIER,
  });
  const earlier = found.items
    .filter((words) => words.request !== request && words.erasedAt === undefined)
    .sort((a, b) => b.at - a.at);
  for (const words of earlier) {
    const head = await readHead(call, words.request, { consistent: true });
    if (head === undefined || !(isOpen(head) || call.now < (comesBackUntil(head) ?? 0))) continue;
    if (head.state !== 'leased' || head.lease === null) return head;
    const lease = await readLease(call, head.lease, { consistent: true });
    if (lease?.state === 'held') return head;
    if (
      lease !== undefined &&
      isResolved(lease) &&
      (lease.resolvedAt ?? 0) > call.now - windowsOf(head.windowClass).reopenMs
    )
      return head;
  }
  return undefined;
}

/**
 * Links a new head to the earlier request, which is reopened where it was resolved, and adds what the customer said now to
 * its thread. Undefined where the earlier one
 * changed meanwhile: then the new request stands for itself.
 */
export async function linkReturn(call: Call, head: Head, earlier: Head, text = ''): Promise<RequestView | undefined> {
  const linked: Head = { ...head, state: 'linked', linkedTo: earlier.id, history: [['linked', call.now, 'market']] };
  const put: Write = { kind: 'put', table: 'requests', item: headItem(linked), when: ABSENT };
  // Before the link: a call repeated after it finds the request linked and stops there.
  const draft = { key: `return ${head.id}`, kind: 'message', text } as const;
  if (text.trim() !== '') await tell(call, aboutHead(earlier), CUSTOMER, draft);
  if (earlier.state === 'linked') {
    const back = await comeBack(call, earlier, 'customer', { writes: [put] });
    return back.ok ? viewLatest(call, earlier.id) : undefined;
  }
  const lease = earlier.lease === null ? undefined : await readLease(call, earlier.lease, { consistent: true });
  if (lease !== undefined && isResolved(lease)) {
    const reopened = await reopen(call, earlier, 'customer', { writes: [put] });
    if (!reopened.ok) return undefined;
  } else {
    const written = await call.tables.put('requests', headItem(linked), ABSENT);
    if (!written.ok) return undefined;
  }
  return viewLatest(call, earlier.id);
}

async function viewLatest(call: Call, request: string): Promise<RequestView | undefined> {
  const head = await readHead(call, request, { consistent: true });
  return head === undefined ? undefined : viewRequest(call, head);
}
