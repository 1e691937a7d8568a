/** What waits for a provider, and for each of its agents. */
import { type Lease, leaseIdOf } from '../dispatch/lease.ts';
import { listLeasesOf } from '../dispatch/turn-list.store.ts';
import { listDisputes } from '../dispute/dispute.store.ts';
import type { Dispute } from '../dispute/dispute.ts';
import { viewOf } from '../dispute/dispute-view.ts';
import type { Member } from '../identity/identity.ts';
import type { Call } from '../kernel/call.ts';
import { HOUR, iso, monthOf } from '../kernel/time.ts';
import { accountView, readAccount } from '../payout/account.store.ts';
import { readHold } from '../payout/hold.store.ts';
import { type Found, type InboxItem, waiting } from './inbox.ts';
import { missingIn } from './missing.store.ts';
import { among, bounded, MOST_ITEMS, type Source } from './source.ts';

const FINANCE = { roles: ['provider.admin', 'provider.finance'], scope: 'finance:read' } as const;
/** A turn is named this long before its request's deadline. */
export const TURN_NAMED_BEFORE_MS = 2 * HOUR;
/** A turn is held for hours: who looks shortly after midnight of a month's first day sees those of the day before. */
const LONGEST_HELD_MS = 24 * HOUR;

function toAnswer(dispute: Dispute, now: number): InboxItem | undefined {
  const { state, clock, amounts, currency, id, openedAt } = viewOf(dispute, 'provider', now);
  if (state !== 'open') return undefined;
  const facts = { dispute: id, currency, micros: amounts[0]?.claimedMicros ?? 0 };
  const times = { deadline: clock?.until ?? null, since: openedAt };
  return { kind: 'dispute_to_answer', ...waiting(`dispute_to_answer:${id}`, times), facts };
}

async function bidMissing(call: Call, provider: string): Promise<Found> {
  const missing = await missingIn(call, provider, 'B#');
  const items = missing.map(({ open, last }): InboxItem => {
    const { queue, round } = open;
    const times = { deadline: iso(open.closesAt) };
    return {
      kind: 'bid_missing',
      ...waiting(`bid_missing:${queue}.${round}`, times),
      facts: { queue, round, bidIn: last },
    };
  });
  return bounded(items);
}

/** Turns held now whose request is nearly late: an agent's own, the admin everybody's. Of the newest hundred of the month. */
async function turnsDue(call: Call, { tenant, roles, user }: Member): Promise<Found> {
  const isDue = (lease: Lease): boolean =>
    lease.state === 'held' &&
    lease.deadline - call.now <= TURN_NAMED_BEFORE_MS &&
    (roles.includes('provider.admin') || lease.user === user);
  const months = [...new Set([monthOf(call.now), monthOf(call.now - LONGEST_HELD_MS)])];
  const pages = await Promise.all(months.map((month) => listLeasesOf(call, tenant, month, { limit: MOST_ITEMS })));
  const leases = pages.flatMap((page) => page.leases).filter(isDue);
  const items = leases.map((lease): InboxItem => {
    const id = leaseIdOf(lease);
    const times = { deadline: iso(lease.deadline), since: iso(lease.claimedAt) };
    const facts = { lease: id, queue: lease.queue, leaseUntil: iso(lease.leaseUntil) };
    return { kind: 'turn_due', ...waiting(`turn_due:${id}`, times), facts };
  });
  return { ...bounded(items), isWhole: pages.every((page) => page.after === undefined) };
}

/** What keeps a provider from being paid. */
async function pay(call: Call, provider: string): Promise<Found> {
  const [stored, hold] = await Promise.all([readAccount(call, provider), readHold(call, provider)]);
  const { status, needs, bank, checkedAt: since } = accountView(provider, stored);
  const items: InboxItem[] = [];
  if (status !== 'none' && status !== 'closed' && needs.length > 0)
    items.push({ kind: 'payout_account_needs', ...waiting('payout_account_needs', { since }), facts: { needs } });
  if (bank?.failure != null) {
    const { currency, micros, failure: reason, arrivesAt } = bank;
    items.push({
      kind: 'bank_refused',
      ...waiting('bank_refused', { since: arrivesAt }),
      facts: { reason, currency, micros },
    });
  }
  if (hold !== undefined) items.push({ kind: 'pay_held', ...waiting('pay_held', { since: hold.heldAt }), facts: {} });
  return bounded(items);
}

export const PROVIDER_SOURCES: readonly Source[] = [
  {
    ...FINANCE,
    read: (call, { tenant }) =>
      among(
        (page) => listDisputes(call, tenant, page),
        (dispute) => toAnswer(dispute, call.now),
      ),
  },
  { roles: ['provider.admin'], scope: 'supply:read', read: (call, { tenant }) => bidMissing(call, tenant) },
  { roles: ['provider.admin', 'provider.agent'], scope: 'work:read', read: turnsDue },
  { ...FINANCE, read: (call, { tenant }) => pay(call, tenant) },
];
