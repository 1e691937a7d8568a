/** Posts the charge of a resolution whose reopen window has passed. Its entry's existence is `settled`. */
import { readCompanyAward, readProviderAwards } from '../award/award.store.ts';
import { leaseKeyOf, readLease } from '../dispatch/lease.store.ts';
import { isResolved, Lease, leaseIdOf } from '../dispatch/lease.ts';
import { termsOfRound } from '../dispatch/plan.store.ts';
import { creditLateResolution } from '../invoice/sla-credit.store.ts';
import type { Call } from '../kernel/call.ts';
import { iso, monthOf } from '../kernel/time.ts';
import { chargeEvent, type NewEntry, post, readCharges, splitEvent } from '../ledger/ledger.store.ts';
import { chargeLegs, type Rated, rate, slaCreditLegs, splitLegs } from '../ledger/postings/charge.ts';
import { slaParts } from '../ledger/sla-credit.ts';
import { readQueueItem, readRecentRounds, readRound } from '../queue/queue.store.ts';
import type { Head } from '../request/request.ts';
import { type Terms, windowsOf } from '../terms/terms.ts';
import { announce } from '../webhook/webhook.store.ts';
import { sharers, splitCredit } from './split.ts';

/**
 * Settles one resolved or confirmed lease, if its head, as read just now, still names it: the charge, and the SLA credit where the first
 * resolution came after its deadline. Posting again posts nothing; both carry the end of the reopen window as their time.
 */
export async function settle(call: Call, lease: Lease, head: Head | undefined): Promise<void> {
  if (!isResolved(lease) || lease.resolvedAt === null) return;
  if (head === undefined || head.lease !== leaseIdOf(lease)) return;
  const [{ terms }, queue] = await Promise.all([
    termsOfRound(call, head.queue, head.round),
    readQueueItem(call.tables, head.queue),
  ]);
  if (queue === undefined) throw new Error(`request of an unknown queue ${head.queue}`);
  const occurredAt = lease.resolvedAt + windowsOf(head.windowClass).reopenMs;
  const route = head.slot !== null ? 'slot' : 'overflow';
  const outcome = lease.state === 'confirmed' ? 'confirmed' : 'assumed';
  const isRoundClosed = await closeWasAnnounced(call, head.queue, head.round);
  const rated = await rateTurn(call, head, lease, terms, outcome);
  const split = splitCredit(rated.bidMicros, await sharersOf(call, head, lease, terms), terms.splitBps);
  const splitMicros = rated.bidMicros - split.finisherMicros;
  const parties = { company: head.company, provider: lease.provider, queue: head.queue, round: head.round };
  const common = { occurredAt, currency: queue.currency, company: head.company, provider: lease.provider };
  const more = {
    ...(splitMicros === 0 ? {} : { splitMicros }),
    ...(lease.stars === undefined ? {} : { stars: lease.stars }),
  };
  const facts = { ...parties, request: head.id, lease: leaseIdOf(lease), outcome, route, ...rated, ...more };
  const charge: NewEntry = {
    ...common,
    event: chargeEvent(head.id),
    kind: 'charge',
    legs: chargeLegs(rated, { ...parties, isRoundClosed }, splitMicros),
    facts,
  };
  await posted(call, charge);
  for (const part of split.programs) {
    await posted(call, {
      ...common,
      company: null,
      provider: part.provider,
      event: splitEvent(head.id, part.provider),
      kind: 'split',
      legs: splitLegs(part.provider, part.micros),
      facts: { ...parties, provider: part.provider, request: head.id, outcome, route },
    });
  }
  const first = await firstResolution(call, head, lease);
  if (first !== undefined && first.resolvedAt !== null && first.resolvedAt > first.deadline) {
    const [entry] = (await readCharges(call, [head.id])).values();
    const legs = slaCreditLegs({ ...rated, bidMicros: split.finisherMicros }, terms.slaCreditBps, parties);
    await creditLateResolution(call, {
      ...parties,
      ...slaParts(legs),
      request: head.id,
      currency: queue.currency,
      period: entry?.period ?? monthOf(occurredAt),
      outcome,
      route,
      occurredAt,
      deadline: iso(first.deadline),
      resolvedAt: iso(first.resolvedAt),
    });
  }
  await announce(call, {
    tenant: head.company,
    type: 'request.settled',
    subject: head.id,
    at: occurredAt,
    data: { request: head.id, queue: head.queue, outcome, priceMicros: rated.priceMicros },
  });
}

/** Whether the round's close was announced: its pool then takes no more, and x goes to the queue's carried account. */
async function closeWasAnnounced(call: Call, queue: string, number: number): Promise<boolean> {
  const recent = (await readRecentRounds(call, queue)).find((round) => round.round === number);
  const round = recent ?? (await readRound(call.tables, queue, number));
  return round === undefined || round.closedAt !== null;
}

/** Posting the same again is fine; other content under the same event is a bug that must be seen. */
async function posted(call: Call, entry: NewEntry): Promise<void> {
  if ((await post(call, entry)) === 'refused') throw new Error(`${entry.event} was posted with other content`);
}

/** Who resolved it is paid its own bid: the awarded tier's price inside the company's award, else its first tier. */
export async function rateTurn(
  call: Call,
  head: Head,
  lease: Lease,
  terms: Terms,
  outcome: 'confirmed' | 'assumed',
): Promise<Rated> {
  const [award, providers] = await Promise.all([
    readCompanyAward(call.tables, head.queue, head.round, head.company),
    readProviderAwards(call.tables, head.queue, head.round),
  ]);
  const bidOf = (provider: string | null, isAwarded: boolean): number | null => {
    const found = providers.find((other) => other.provider === provider);
    if (found === undefined) return null;
    return isAwarded ? (found.priceMicros ?? found.firstTierMicros) : found.firstTierMicros;
  };
  const isAwarded = head.slot !== null && (award?.byProvider.some((part) => part.provider === lease.provider) ?? false);
  const bidMicros = bidOf(lease.provider, isAwarded);
  if (bidMicros === null) throw new Error(`${lease.provider} has no bid in ${head.queue} ${head.round}`);
  return rate({
    outcome,
    route: head.slot !== null ? 'slot' : 'overflow',
    priceMicros: head.priceMicros,
    bidMicros,
    offeredBidMicros: bidOf(head.overflow, false),
    feeBps: terms.feeBps,
    assumedRateBps: terms.assumedRateBps,
  });
}

/**
 * The programs that share in a resolution, of the request's last five turns before it. Nothing is read where nobody else
 * had a turn, or where a program finished it.
 */
async function sharersOf(call: Call, head: Head, lease: Lease, terms: Terms): Promise<string[]> {
  if (head.leases.length === 0 || terms.splitBps === 0) return [];
  const providers = await readProviderAwards(call.tables, head.queue, head.round);
  const kindOf = (provider: string) => providers.find((other) => other.provider === provider)?.kind ?? null;
  const finisher = { provider: lease.provider, kind: kindOf(lease.provider) };
  if (finisher.kind === 'automation') return [];
  const earlier = await call.tables.getMany('requests', head.leases.map(leaseKeyOf), Lease, { consistent: true });
  return sharers(
    finisher,
    [...earlier.values()].map((turn) => ({
      provider: turn.provider,
      kind: kindOf(turn.provider),
      handedOn: turn.state === 'escalated' && turn.history.at(-1)?.[2] === turn.provider,
      hadProgress: turn.progressAt > turn.claimedAt,
    })),
  );
}

/** The SLA looks at the first resolved turn only. */
const firstResolution = async (call: Call, head: Head, lease: Lease): Promise<Lease | undefined> =>
  head.firstResolved === null ? lease : readLease(call, head.firstResolved, { consistent: true });
