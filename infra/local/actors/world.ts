/** What a simulated market knows while it runs: who acts, what is noted for later, which requests are under way. */

import type { ProviderLimits } from '../../../shared/commitment/commitment.ts';
import type { LeaseView } from '../../../shared/dispatch/lease.ts';
import type { RoundLength } from '../../../shared/kernel/time.ts';
import type { RequestView } from '../../../shared/request/request.ts';
import type { ServiceClass } from '../../../shared/service-class/service-class.ts';
import { type Agenda, newAgenda } from './agenda.ts';
import type { Arrival } from './arrival.ts';
import { CallRefused } from './calls.ts';
import type { Directory, Member } from './directory.ts';
import { type Draw, drawsOf } from './draw.ts';
import type { MarketTime } from './market-time.ts';
import { newPast, type Past } from './past.ts';
import type { PriceRanges } from './price-points.ts';
import { type ProviderProfile, providerProfiles, termsOf } from './providers.ts';

/** A request that was sent, from the company's side, until nothing more is expected of its customer. */
export type Known = {
  id: string;
  arrival: Arrival;
  /** Turns taken in this process; draws of a turn name it. */
  turns: number;
  reopens: number;
  /** Where the company last saw it; null in nobody's lane. */
  provider: string | null;
  /** Since when nobody works on it; null while somebody does. */
  waitingSince: number | null;
  /** Whether the provider it waits for was told; the hourly poll finds what is left. */
  isWoken: boolean;
  /** Until when its provider leaves it to people, where it does. */
  leftUntil?: number;
};

/** A turn that a simulated provider holds. */
export type Turn = { lease: LeaseView; provider: ProviderActor; known: Known };

export type ProviderActor = { profile: ProviderProfile; member: Member };

/** One queue of the market as its actors know it. */
export type QueueActor = {
  id: string;
  serviceClass: ServiceClass;
  reopenWindowMs: number;
  leaseMs: number;
  ceilingMicros: number;
  takeOrPayBps: number;
  shortfallRateBps: number;
  /** The last instant for which anybody buys here; null without an end. */
  boughtUntil: number | null;
};

export type Event =
  | { kind: 'open queue'; queue: string }
  | { kind: 'plan'; queue: string; tries: number }
  | { kind: 'send'; arrival: Arrival }
  | { kind: 'beat'; turn: Turn }
  | { kind: 'end turn'; turn: Turn; end: 'resolve' | 'escalate' | 'decline' }
  | { kind: 'answer'; known: Known; say: 'solved' | 'not solved' }
  | { kind: 'look'; known: Known }
  | { kind: 'adopt'; provider: ProviderActor }
  | { kind: 'close month'; month: string; looks: number }
  | { kind: 'approve payouts' }
  | { kind: 'pay invoice'; company: string; invoice: string }
  | { kind: 'dispute charge'; company: string; request: string }
  | { kind: 'answer dispute'; dispute: string }
  | { kind: 'decide dispute'; dispute: string };

export type World = {
  draw: Draw;
  ranges: PriceRanges;
  roundLength: RoundLength;
  /** When companies and providers decide for an open round: shortly before its close, or as soon as it opens. */
  planning: 'late' | 'early';
  /** Whether companies dispute a few of their charges once they are billed. */
  disputes: boolean;
  /** What a company demands of providers beside what is drawn for it. */
  demandsOf: (company: string) => Partial<ProviderLimits>;
  /** Providers by name who leave a request to their people for so long before they take it themselves. */
  patienceMs: ReadonlyMap<string, number>;
  time: MarketTime;
  agenda: Agenda<Event>;
  directory: Directory;
  providers: Map<string, ProviderActor>;
  queues: Map<string, QueueActor>;
  past: Past;
  /** Demand not sent yet, in order of time; `nextArrival` is the first of it. */
  arrivals: Arrival[];
  nextArrival: number;
  requests: Map<string, Known>;
  waiting: Map<string, Known>;
  lastPollAt: number;
  /** Leases whose end is noted, so that none is taken up twice. */
  held: Set<string>;
  sent: number;
  resolved: number;
  /** Refusals met, by call and code: a healthy market shows few. */
  surprises: Map<string, number>;
};

export type WorldOptions = {
  seed: number;
  ranges: PriceRanges;
  roundLength: RoundLength;
  planning?: 'late' | 'early';
  arrivals: Arrival[];
  classes: ReadonlyMap<string, ServiceClass>;
  directory: Directory;
  time: MarketTime;
  profiles?: ProviderProfile[];
  /** Without an end of its own a queue is bought for as long as the world runs. */
  endless?: boolean;
  disputes?: boolean;
  demandsOf?: World['demandsOf'];
  patienceMs?: World['patienceMs'];
  /** How far apart its instants are, in milliseconds; a minute where nothing is said. */
  instantsMs?: number;
};

/** A world in which nothing has happened; its providers have joined. */
export async function newWorld(options: WorldOptions): Promise<World> {
  const { seed, ranges, roundLength, arrivals, classes, directory, time } = options;
  const draw = drawsOf(seed);
  const world: World = {
    draw,
    ranges,
    roundLength,
    planning: options.planning ?? 'late',
    disputes: options.disputes ?? false,
    demandsOf: options.demandsOf ?? (() => ({})),
    patienceMs: options.patienceMs ?? new Map(),
    time,
    agenda: newAgenda(options.instantsMs),
    directory,
    providers: new Map(),
    queues: new Map(),
    past: newPast(roundLength),
    arrivals,
    nextArrival: 0,
    requests: new Map(),
    waiting: new Map(),
    lastPollAt: 0,
    held: new Set(),
    sent: 0,
    resolved: 0,
    surprises: new Map(),
  };
  for (const profile of options.profiles ?? providerProfiles(draw)) {
    const member = await directory.provider(profile);
    world.providers.set(member.id, { profile, member });
  }
  for (const [id, serviceClass] of classes) world.queues.set(id, queueActor(world, id, serviceClass));
  if (options.endless !== true)
    for (const arrival of arrivals) {
      const queue = world.queues.get(arrival.queue);
      if (queue !== undefined) queue.boughtUntil = Math.max(queue.boughtUntil ?? 0, arrival.at);
    }
  return world;
}

function queueActor(world: World, id: string, serviceClass: ServiceClass): QueueActor {
  const terms = termsOf(serviceClass.channel, world.roundLength, world.ranges);
  return {
    id,
    serviceClass,
    reopenWindowMs: terms.reopenHours * 3_600_000,
    leaseMs: terms.leaseSeconds * 1_000,
    ceilingMicros: terms.ceilingMicros,
    takeOrPayBps: terms.takeOrPayBps,
    shortfallRateBps: terms.shortfallRateBps,
    boughtUntil: null,
  };
}

/** Remembers what the company sees of a request, whoever caused it. */
export function remember(world: World, arrival: Arrival, view: RequestView): Known {
  const known: Known = world.requests.get(view.id) ?? {
    id: view.id,
    arrival,
    turns: 0,
    reopens: 0,
    provider: null,
    waitingSince: null,
    isWoken: false,
  };
  known.provider = view.provider;
  known.reopens = view.reopens;
  world.requests.set(view.id, known);
  if (view.state === 'queued' && view.provider !== null) waits(world, known);
  else works(world, known);
  if (['unserved', 'cancelled', 'linked', 'settled'].includes(view.state)) world.requests.delete(view.id);
  return known;
}

/** Nobody works on it: providers will be woken for it. */
export function waits(world: World, known: Known): void {
  known.waitingSince ??= world.time.now();
  if (world.waiting.size === 0) world.lastPollAt = world.time.now();
  world.waiting.set(known.id, known);
}

export function works(world: World, known: Known): void {
  known.waitingSince = null;
  known.isWoken = false;
  world.waiting.delete(known.id);
}

/** Counts a refusal that the simulation lives with; throws what is no refusal. */
export function surprise(world: World, what: string, error: unknown): CallRefused {
  if (!(error instanceof CallRefused)) throw error;
  const name = `${what}: ${error.code}`;
  world.surprises.set(name, (world.surprises.get(name) ?? 0) + 1);
  return error;
}
