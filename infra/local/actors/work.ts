/** Providers claim, beat and end their turns. */

import type * as z from 'zod';
import type { Work } from '../../../shared/api/routes/provider.ts';
import { allItems } from '../../../shared/client/pages.ts';
import type { LeaseView } from '../../../shared/dispatch/lease.ts';
import { PROGRAM_PREFIX } from '../../../shared/identity/identity.ts';
import { fromIso, HOUR, MINUTE } from '../../../shared/kernel/time.ts';
import { outcomeOf, planTurn } from './behaviour.ts';
import { ask, inParallel } from './calls.ts';
import { expectAnswer, look } from './demand.ts';
import { type Known, type ProviderActor, surprise, type Turn, type World, works } from './world.ts';

/** The most one claim may ask for, and the most claims in a row for one queue. */
const MOST_CLAIMED = 10;
const MOST_CLAIMS = 100;
/** Queues one claim may name. */
const MOST_QUEUES = 50;
/** A silent turn ends with its lease and the sweep's grace; a little later the company looks where the request went. */
const AFTER_SILENCE_MS = 3 * MINUTE;

/** Wakes each provider for the queues in which requests wait that it was not woken for yet. */
export async function wakeProviders(world: World): Promise<void> {
  const calls = new Map<string, { provider: ProviderActor; queue: string; count: number }>();
  for (const known of world.waiting.values()) {
    const provider = known.isWoken || known.provider === null ? undefined : world.providers.get(known.provider);
    if (provider === undefined || isLeft(world, provider, known)) continue;
    known.isWoken = true;
    const { queue } = known.arrival;
    const name = `${provider.member.id}|${queue}`;
    const call = calls.get(name) ?? { provider, queue, count: 0 };
    call.count += 1;
    calls.set(name, call);
  }
  await inParallel([...calls.values()], ({ provider, queue, count }) => claim(world, provider, [queue], count));
}

/** Whether a provider still leaves a request to its people; looked at again when it no longer does. */
function isLeft(world: World, { profile }: ProviderActor, known: Known): boolean {
  const patienceMs = world.patienceMs.get(profile.name) ?? 0;
  if (patienceMs === 0 || known.waitingSince === null) return false;
  const until = known.waitingSince + patienceMs;
  if (until <= world.time.now()) return false;
  if (known.leftUntil !== until) world.agenda.note(until, { kind: 'look', known });
  known.leftUntil = until;
  return true;
}

/** Every provider asks for work in the queues where requests wait: what hints have missed is found here. */
export async function pollProviders(world: World): Promise<void> {
  world.lastPollAt = world.time.now();
  const late = [...world.waiting.values()].filter((known) => known.isWoken);
  await inParallel(late, (known) => look(world, known));
  const queues = [...new Set([...world.waiting.values()].map((known) => known.arrival.queue))].slice(0, MOST_QUEUES);
  if (queues.length === 0) return;
  const asking = [...world.providers.values()].filter(({ profile }) => !world.patienceMs.has(profile.name));
  await inParallel(asking, (provider) => claim(world, provider, queues, MOST_CLAIMED));
}

/** Claims until `count` requests came, or until a claim comes back with less than it asked for. */
async function claim(world: World, provider: ProviderActor, queues: string[], count: number): Promise<void> {
  let left = count;
  for (let n = 0; n < MOST_CLAIMS && left > 0; n++) {
    const max = Math.min(left, MOST_CLAIMED);
    try {
      // Not tried again: a claim whose answer was lost may have taken something, which `adopt` then finds.
      const claimed = await ask('claim', () => provider.member.client.POST('/v1/claims', { body: { queues, max } }), 1);
      for (const work of claimed.work) begin(world, provider, work);
      left -= claimed.work.length;
      if (claimed.work.length < max) return;
    } catch (error) {
      surprise(world, 'claim', error);
      world.agenda.note(world.time.now() + MINUTE, { kind: 'adopt', provider });
      return;
    }
  }
}

function begin(world: World, provider: ProviderActor, { lease, text }: z.infer<typeof Work>): void {
  holdTurn(world, provider, lease, knownOf(world, lease, text));
}

/** The request of a lease; one that nobody here has sent is worked all the same. */
function knownOf(world: World, lease: LeaseView, text: string): Known {
  const known = world.requests.get(lease.request);
  if (known !== undefined) return known;
  const arrival = {
    at: world.time.now(),
    company: '',
    queue: lease.queue,
    externalId: lease.request,
    customer: '',
    text,
    fields: {},
    comesBack: false,
  };
  return { id: lease.request, arrival, turns: 0, reopens: 0, provider: null, waitingSince: null, isWoken: false };
}

/** A turn begins: what the provider will do is drawn and noted. */
function holdTurn(world: World, provider: ProviderActor, lease: LeaseView, known: Known): void {
  known.turns += 1;
  known.provider = provider.member.id;
  works(world, known);
  world.held.add(lease.id);
  const turn: Turn = { lease, provider, known };
  const { leaseMs = 300_000 } = world.queues.get(lease.queue) ?? {};
  const request = `${known.arrival.company}/${known.arrival.externalId}/${known.reopens}`;
  const plan = planTurn(world.draw, provider.profile.kind, request, known.turns, leaseMs);
  // A turn that is taken up again goes on as it was planned when it was claimed.
  const claimedAt = fromIso(lease.claimedAt);
  const now = world.time.now();
  if (plan.end === 'fall silent') {
    world.agenda.note(Math.max(now, claimedAt + leaseMs + AFTER_SILENCE_MS), { kind: 'look', known });
    return;
  }
  for (const at of plan.beatsAfterMs.map((afterMs) => claimedAt + afterMs))
    if (at >= now) world.agenda.note(at, { kind: 'beat', turn });
  world.agenda.note(Math.max(now, claimedAt + plan.endsAfterMs), { kind: 'end turn', turn, end: plan.end });
}

export async function beat(world: World, { provider, lease }: Turn): Promise<void> {
  try {
    const params = { path: { lease: lease.id } };
    const body = { progress: true };
    await ask('beat', () => provider.member.client.POST('/v1/leases/{lease}/heartbeat', { params, body }));
  } catch (error) {
    surprise(world, 'beat', error);
  }
}

/** Ends a turn as planned; what became of the request otherwise is looked up. */
export async function endTurn(world: World, turn: Turn, end: 'resolve' | 'escalate' | 'decline'): Promise<void> {
  const { known } = turn;
  world.held.delete(turn.lease.id);
  try {
    if (end === 'resolve') {
      const resolvedAt = await resolve(world, turn);
      world.resolved += 1;
      if (known.arrival.company !== '') expectAnswer(world, known, resolvedAt);
      return;
    }
    await handBack(turn, end);
    if (known.arrival.company !== '') await look(world, known);
  } catch (error) {
    surprise(world, end, error);
    if (known.arrival.company !== '') world.agenda.note(world.time.now() + HOUR, { kind: 'look', known });
  }
}

async function resolve(world: World, { provider, lease, known }: Turn): Promise<number> {
  const { code, summary } = outcomeOf(world.draw, known.arrival.externalId);
  const params = { path: { lease: lease.id } };
  const body = { code, summary };
  const view = await ask('resolve', () => provider.member.client.POST('/v1/leases/{lease}/resolve', { params, body }));
  return view.resolvedAt === null ? world.time.now() : fromIso(view.resolvedAt);
}

async function handBack({ provider, lease }: Turn, end: 'escalate' | 'decline'): Promise<void> {
  const { client } = provider.member;
  const params = { path: { lease: lease.id } };
  if (end === 'escalate') {
    const body = { reason: 'This needs somebody who may decide more than I may.' };
    await ask('escalate', () => client.POST('/v1/leases/{lease}/escalate', { params, body }));
  } else {
    const body = { reason: 'Not a matter that we handle.' };
    await ask('decline', () => client.POST('/v1/leases/{lease}/decline', { params, body }));
  }
}

/** Takes up the turns that a provider holds without knowing it: after an interruption, or when an answer was lost. */
export async function adoptTurns(world: World, provider: ProviderActor): Promise<void> {
  try {
    const held = await allItems((cursor) =>
      ask('list held turns', () =>
        provider.member.client.GET('/v1/leases', { params: { query: { state: 'held', limit: 100, cursor } } }),
      ),
    );
    // Where people work beside the programs, a person's turn is theirs.
    const isShared = world.patienceMs.has(provider.profile.name);
    const own = held.filter(({ user }) => !isShared || user === null || user.startsWith(PROGRAM_PREFIX));
    for (const lease of own) if (!world.held.has(lease.id)) holdTurn(world, provider, lease, knownOf(world, lease, ''));
  } catch (error) {
    surprise(world, 'adopt', error);
  }
}
