/**
 * The world of a sandbox: a queue that no list and no step of the rounds knows, a round that never ends, one provider with
 * a standing bid. Requests, claims and turns in it are the real ones; only who stands opposite follows a script.
 */
import * as z from 'zod';
import { providerAwardItem } from '../award/award.store.ts';
import { claimWork } from '../dispatch/claim.store.ts';
import { lanePartition } from '../dispatch/due.ts';
import { openLane } from '../dispatch/lane.store.ts';
import { type Lease, leaseIdOf } from '../dispatch/lease.ts';
import { endTurn, resolveTurn } from '../dispatch/turn.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { dayOf, iso } from '../kernel/time.ts';
import { openUnlistedQueue } from '../queue/queue.store.ts';
import { acceptRequest } from '../request/intake.store.ts';
import { readHead } from '../request/request.store.ts';
import { confirm, reopen } from '../resolution/resolution.store.ts';
import {
  customerOf,
  isSandbox,
  SANDBOX_PRICE_MICROS,
  SANDBOX_TERMS,
  type Sandbox,
  sandboxIn,
  sandboxOf,
} from './sandbox.ts';

export const SANDBOX_ROUND = 1;
const ROUND = SANDBOX_ROUND;
/** Far after everything: the round of a sandbox never ends. */
const NEVER = Date.UTC(9999, 0);
/** More than anybody tries out. */
const CAPACITY = 1_000_000_000;
/** Requests that a provider's sandbox makes up a day at the most. */
const MOST_A_DAY = 1_000;
const WIDTH = 5;

/** Opens an organisation's sandbox; again, it changes nothing. The queue comes last, so that whoever sees it finds the rest. */
export async function openSandbox(call: Call, owner: string): Promise<Sandbox> {
  const sandbox = sandboxOf(owner);
  const { queue, provider } = sandbox;
  const award = {
    queue,
    round: ROUND,
    provider,
    kind: 'agent_pool' as const,
    qualityBps: 10_000,
    capacity: CAPACITY,
    awarded: 0,
    priceMicros: null,
    firstTierMicros: SANDBOX_PRICE_MICROS,
    standingCapacity: CAPACITY,
    shards: 1,
  };
  const { opk: _opk, osk: _osk, ...unlisted } = providerAwardItem(award);
  await call.tables.put('market', unlisted as Key, ABSENT);
  const lane = { queue, round: ROUND, provider, standing: 'open' as const, seenAt: 0, put: 1, look: 1 };
  await openLane(call, lane, CAPACITY);
  const serviceClass = {
    category: 'Sandbox',
    channel: 'Web',
    language: 'en',
    region: 'US',
    slaTier: 'standard' as const,
  };
  await openUnlistedQueue(call, { id: queue, serviceClass, currency: 'USD', createdAt: iso(call.now) }, SANDBOX_TERMS, {
    queue,
    round: ROUND,
    state: 'active',
    termsVersion: 1,
    closesAt: 0,
    startsAt: 0,
    endsAt: NEVER,
    seedHash: '',
    seed: '',
    clearedAt: 0,
    figures: null,
    closedAt: null,
    dueAt: null,
  });
  return sandbox;
}

const Waiting = z.object({ wsk: z.string() });

/**
 * Before a provider of a sandbox claims: makes up requests until as many wait as it asks for, a thousand a day at the most.
 * Nothing for anybody else.
 */
export async function feedSandbox(call: Call, provider: string, wanted: number): Promise<void> {
  const sandbox = ownedBy(provider, 'provider');
  if (sandbox === undefined) return;
  const { queue, company } = sandbox;
  const waiting = await call.tables.query('requests', Waiting, {
    index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
    pk: lanePartition({ queue, round: ROUND, provider, shard: 0 }),
    limit: wanted,
  });
  const missing = wanted - waiting.items.length;
  if (missing <= 0) return;
  const day = dayOf(call.now);
  const key = { pk: `SANDBOX#${provider}`, sk: day };
  const taken = await call.tables.increment('market', key, 'made', missing, [
    ['absent or <', 'made', MOST_A_DAY - missing + 1],
  ]);
  if (!taken.ok) return;
  const numbers = Array.from({ length: missing }, (_, i) => taken.before + i);
  await mapConcurrent(numbers, WIDTH, async (number) => {
    const externalId = `${day}-${number}`;
    const { text } = customerOf(externalId);
    const input = { externalId, queue, customer: `customer-${externalId}@example.com`, text, fields: {} };
    const accepted = await acceptRequest(call, company, input, null);
    if (!accepted.ok) throw new Error(`a sandbox refused its own request: ${accepted.code}`);
  });
}

/** After a provider of a sandbox has resolved: its customer says what the script says. Nothing for anybody else. */
export async function answerInSandbox(call: Call, lease: Lease): Promise<void> {
  if (ownedBy(lease.provider, 'provider') === undefined || lease.state !== 'resolved') return;
  const head = await readHead(call, lease.request, { consistent: true });
  if (head?.lease !== leaseIdOf(lease)) return;
  const { says } = customerOf(head.externalId);
  if (says === 'nothing') return;
  if (says === 'not solved at first' && head.reopens === 0) await reopen(call, head, 'customer');
  else await confirm(call, head, 'customer');
}

/** After a company of a sandbox has sent requests: the simulated provider takes them, and does as `fields.sandbox` says. */
export async function workInSandbox(call: Call, company: string): Promise<void> {
  const sandbox = ownedBy(company, 'company');
  if (sandbox === undefined) return;
  const { provider, queue } = sandbox;
  const { work } = await claimWork(call, provider, [queue], 10, () => 0);
  await mapConcurrent(work, WIDTH, async ({ lease, words }) => {
    const id = leaseIdOf(lease);
    const wish = words?.fields.sandbox ?? 'resolve';
    if (wish === 'hold') return;
    if (wish === 'escalate') await endTurn(call, provider, id, 'escalated', 'as the request asked for');
    else if (wish === 'decline') await endTurn(call, provider, id, 'declined', 'as the request asked for');
    else
      await resolveTurn(call, provider, id, {
        code: 'solved',
        summary: 'Solved by the simulated provider of your sandbox.',
        evidence: '',
      });
  });
}

/** The sandbox whose owner this shadow is: the one who tries things out, and not its simulated counterpart. */
function ownedBy(shadow: string, kind: 'company' | 'provider'): Sandbox | undefined {
  if (!isSandbox(shadow)) return undefined;
  const sandbox = sandboxIn(shadow);
  return sandbox?.owner.startsWith(kind === 'company' ? 'co_' : 'pr_') ? sandbox : undefined;
}
