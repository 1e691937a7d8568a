/**
 * One simulated market from the first request to the last posting, in virtual time: a seed decides who comes when, what
 * everybody does and what goes wrong. What DISPATCH.md promises is watched while it runs and counted when it is over.
 */
import { newAgenda } from '../../../infra/local/actors/agenda.ts';
import { claimWork } from '../../../shared/dispatch/claim.store.ts';
import { lanePartition, PASSES } from '../../../shared/dispatch/due.ts';
import { readLanes, withdrawProvider } from '../../../shared/dispatch/lane.store.ts';
import { sweepLane, sweepProvider } from '../../../shared/dispatch/lane-sweep.store.ts';
import { leasePartitions, readLease } from '../../../shared/dispatch/lease.store.ts';
import { leaseIdOf } from '../../../shared/dispatch/lease.ts';
import { comeOnline, goOffline } from '../../../shared/dispatch/offline.store.ts';
import { sweepLeases } from '../../../shared/dispatch/sweep.store.ts';
import { beat, endTurn, resolveTurn } from '../../../shared/dispatch/turn.store.ts';
import type { Call } from '../../../shared/kernel/call.ts';
import { shortHash } from '../../../shared/kernel/hash.ts';
import type { Tables } from '../../../shared/kernel/table.ts';
import { DAY, dayOf, HOUR, MINUTE, SECOND } from '../../../shared/kernel/time.ts';
import { acceptRequest } from '../../../shared/request/intake.store.ts';
import { readOwnHead } from '../../../shared/request/request.store.ts';
import { cancel, confirm, personPlease, reopen } from '../../../shared/resolution/resolution.store.ts';
import { windowClassOf } from '../../../shared/terms/terms.ts';
import { Crash } from '../../support/crash.ts';
import { dice } from '../../support/dice.ts';
import { LAG_MS, type Process, type Unreliable, unreliable } from './unreliable.ts';
import { type Agent, FROM, openWorld, type World } from './world.ts';

/** Two processes' clocks stand this far apart at the most. */
const SKEW_MS = 30 * SECOND;
/** Processes that serve calls; one more sweeps. */
const PROCESSES = 4;
const CRASHES = 0.03;
const LEASE_BEAT_MS = 4 * MINUTE;
/** Sweeps come this often, and once nothing is worked any more, every hour. */
const SWEEP_EVERY_MS = 10 * MINUTE;
const SWEEP_LATE_EVERY_MS = HOUR;
/** Customers speak within this time after a resolution. */
const SPEAKS_WITHIN_MS = 10 * HOUR;
/**
 * After the last request agents work on for so long. Then they are on call: they come back while anything waits in a lane.
 * Then only time passes, until all windows are over.
 */
const WORKS_ON_MS = 18 * HOUR;
const ON_CALL_MS = 3 * DAY;
const ON_CALL_EVERY_MS = HOUR;
const SETTLES_MS = 4 * DAY;

type Plan = 'resolve' | 'decline' | 'escalate' | 'vanish' | 'stall';
type Turn = { agent: Agent; lease: string; request: string; company: string; plan: Plan; beats: number };
type Event =
  | { kind: 'arrive'; company: string; externalId: string; customer: string }
  | { kind: 'work'; agent: Agent }
  | { kind: 'turn'; turn: Turn }
  | { kind: 'stale'; turn: Turn }
  | { kind: 'judge'; request: string; company: string; says: 'solved' | 'not_solved' | 'person' }
  | { kind: 'cancel'; request: string; company: string }
  | { kind: 'withdraw'; company: string; provider: string }
  | { kind: 'offline' | 'online'; provider: string }
  | { kind: 'sweep' };

export type Accepted = { id: string; company: string; externalId: string };
export type Run = {
  world: World;
  accepted: ReadonlyMap<string, Accepted>;
  /** What was seen to break a promise while it ran, by the number of the statement. */
  broken: readonly { statement: number; what: string }[];
  /** How often each promise was put to the test. */
  tried: Readonly<Record<number, number>>;
  counts: Unreliable['counts'] & { claims: number; stale: number; strangers: number };
  writeUnits: number;
};

/** Runs about `requests` requests with a seed. The same seed draws the same run. */
export async function simulate(
  tables: Tables,
  { seed, requests, progress }: { seed: number; requests: number; progress: (text: string) => void },
): Promise<Run> {
  const world = await openWorld(tables, requests);
  const simulation = new Simulation(world, seed, requests);
  await simulation.run(progress);
  return simulation.result();
}

class Simulation {
  private readonly draw: () => number;
  private readonly agenda = newAgenda<Event>();
  private readonly cloud: Unreliable;
  private readonly processes: Process[] = [];
  private readonly accepted = new Map<string, Accepted>();
  private readonly holders = new Map<string, string>();
  private readonly withdrawn = new Set<string>();
  private readonly broken: { statement: number; what: string }[] = [];
  private readonly tried: Record<number, number> = { 2: 0, 4: 0, 6: 0 };
  private readonly counts = { claims: 0, stale: 0, strangers: 0 };
  private readonly used: Call['tables'][] = [];
  private now = FROM;
  private readonly worksUntil: number;
  private readonly onCallUntil: number;
  private readonly over: number;
  private readonly world: World;
  private readonly requests: number;

  constructor(world: World, seed: number, requests: number) {
    this.world = world;
    this.requests = requests;
    this.draw = dice(seed);
    this.worksUntil = world.until + WORKS_ON_MS;
    this.onCallUntil = this.worksUntil + ON_CALL_MS;
    this.over = this.onCallUntil + SETTLES_MS;
    this.cloud = unreliable(world.market.tables, () => this.now, this.draw);
    for (let i = 0; i <= PROCESSES; i++) this.processes.push(this.newProcess());
    this.noteAll();
  }

  private newProcess(): Process {
    return this.cloud.start(Math.round((this.draw() - 0.5) * SKEW_MS));
  }

  private between(low: number, high: number): number {
    return low + this.draw() * (high - low);
  }

  private chance(share: number): boolean {
    return this.draw() < share;
  }

  private pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.draw() * of.length)]!;
  }

  /** Seven in ten spread over the time, three in bursts of ten minutes. */
  private noteAll(): void {
    const { until } = this.world;
    const span = until - FROM;
    const bursts = Array.from({ length: 5 }, () => this.between(FROM, until - HOUR));
    const customers: string[] = [];
    for (let i = 0; i < this.requests; i++) {
      const at = this.chance(0.3) ? this.pick(bursts) + this.between(0, 10 * MINUTE) : this.between(FROM, until);
      const isReturning = customers.length > 0 && this.chance(0.03);
      const customer = isReturning ? this.pick(customers) : `customer-${i}@example.com`;
      customers.push(customer);
      const company = this.pick(this.world.companies).id;
      this.agenda.note(at, { kind: 'arrive', company, externalId: `sim-${i}`, customer });
    }
    for (const agent of this.world.agents) this.agenda.note(FROM + this.between(0, HOUR), { kind: 'work', agent });
    for (let at = FROM; at < this.over; at += at < this.worksUntil ? SWEEP_EVERY_MS : SWEEP_LATE_EVERY_MS)
      this.agenda.note(at, { kind: 'sweep' });
    const { companies, providers } = this.world;
    this.agenda.note(FROM + span / 3, { kind: 'withdraw', company: companies[0]!.id, provider: providers[2]!.id });
    this.agenda.note(FROM + span / 2, { kind: 'withdraw', company: companies[1]!.id, provider: providers[0]!.id });
    this.agenda.note(FROM + span / 4, { kind: 'offline', provider: providers[3]!.id });
    this.agenda.note(FROM + span / 4 + 2 * HOUR, { kind: 'online', provider: providers[3]!.id });
  }

  async run(progress: (text: string) => void): Promise<void> {
    for (let at = this.agenda.next(); at !== null; at = this.agenda.next()) {
      const events = this.agenda.take(at);
      const times = events.map(() => at + Math.floor(this.draw() * MINUTE)).sort((a, b) => a - b);
      for (const [i, event] of events.entries()) {
        this.now = Math.max(this.now, times[i]!);
        await this.happen(event);
      }
      progress(`${this.accepted.size} of ${this.requests} requests, ${new Date(at).toISOString().slice(0, 16)}`);
    }
    this.world.market.now = this.over;
  }

  result(): Run {
    const writeUnits = this.used.reduce((sum, tables) => sum + tables.consumed.writeUnits, 0);
    const counts = { ...this.cloud.counts, ...this.counts };
    const { world, accepted, broken, tried } = this;
    return { world, accepted, broken, tried, counts, writeUnits };
  }

  /** An event on one of the processes, which may die of it; who waited for the answer comes again. */
  private async happen(event: Event): Promise<void> {
    const place = event.kind === 'sweep' ? PROCESSES : Math.floor(this.draw() * PROCESSES);
    const process = this.processes[place]!;
    const isDoomed = this.chance(CRASHES);
    process.doom(
      isDoomed ? { at: 1 + Math.floor(this.draw() * 12), when: this.chance(0.5) ? 'before' : 'after' } : undefined,
    );
    const tables = process.tables.metered();
    if (event.kind !== 'sweep') this.used.push(tables);
    try {
      await this.handle(event, { tables, now: this.now + process.skewMs });
    } catch (error) {
      if (!(error instanceof Crash || isThrottled(error))) throw error;
      if (event.kind !== 'sweep') this.agenda.note(this.now + MINUTE, event);
    }
    if (process.isDead()) this.processes[place] = this.newProcess();
  }

  private async handle(event: Event, call: Call): Promise<void> {
    switch (event.kind) {
      case 'arrive':
        return this.arrive(event, call);
      case 'work':
        return this.work(event.agent, call);
      case 'turn':
        return this.goOn(event.turn, call);
      case 'stale':
        return this.comeLate(event.turn, call);
      case 'judge':
        return this.judge(event, call);
      case 'cancel': {
        const head = await readOwnHead(call, event.company, event.request);
        if (head !== undefined) await cancel(call, head, 'company');
        return;
      }
      case 'withdraw':
        this.withdrawn.add(`${event.company} ${event.provider}`);
        await withdrawProvider(call, event.company, this.world.market.queue, event.provider);
        return;
      case 'offline':
        await goOffline(call, event.provider, null, false);
        return;
      case 'online':
        return comeOnline(call, event.provider, null);
      case 'sweep':
        return this.sweep(call);
    }
  }

  private async arrive(event: Extract<Event, { kind: 'arrive' }>, call: Call): Promise<void> {
    const { company, externalId, customer } = event;
    const input = { externalId, queue: this.world.market.queue, customer, text: 'Help, please.', fields: {} };
    const taken = await acceptRequest(call, company, input, null);
    if (!taken.ok) throw new Error(`${externalId} was refused: ${taken.code}`);
    // Of a customer who comes back the answer shows the earlier request; the new one is linked to it.
    const id = `${company}.${await shortHash(externalId)}`;
    this.accepted.set(externalId, { id, company, externalId });
    if (this.chance(0.02))
      this.agenda.note(this.now + this.between(0, 6 * HOUR), { kind: 'cancel', request: id, company });
  }

  /** Claims one to three; what is held already must have ended, and nothing that waited longer is passed over. */
  private async work(agent: Agent, call: Call): Promise<void> {
    if (this.now > this.onCallUntil) return;
    if (this.now > this.worksUntil && !this.somethingWaits()) {
      this.agenda.note(this.now + ON_CALL_EVERY_MS, { kind: 'work', agent });
      return;
    }
    const { market } = this.world;
    const lane = lanePartition({ queue: market.queue, round: 1, provider: agent.provider.id, shard: 0 });
    const stable = this.cloud.waiting(lane).filter(({ since }) => since <= this.now - LAG_MS);
    const max = 1 + Math.floor(this.draw() * 3);
    const { work } = await claimWork(call, agent.provider.id, [market.queue], max, this.draw, agent.id);
    this.counts.claims += 1;
    for (const { lease, head } of work) {
      await this.checkHolder(head.id, leaseIdOf(lease));
      const turn = { agent, lease: leaseIdOf(lease), request: head.id, company: head.company };
      const plan = this.choosePlan();
      const beats = plan === 'stall' ? 5 : Math.floor(this.draw() * 4);
      this.agenda.note(this.now + this.between(MINUTE, LEASE_BEAT_MS), {
        kind: 'turn',
        turn: { ...turn, plan, beats },
      });
    }
    this.checkOrder(
      agent,
      lane,
      stable,
      work.map(({ head, lease }) => `${String(lease.deadline).padStart(15, '0')}#${head.id}`),
    );
    const wait = work.length > 0 ? this.between(5 * MINUTE, 15 * MINUTE) : this.between(5 * MINUTE, 14 * MINUTE);
    this.agenda.note(this.now + wait, { kind: 'work', agent });
  }

  /** In any lane of the round, nobody's included. */
  private somethingWaits(): boolean {
    const lane = { queue: this.world.market.queue, round: 1, shard: 0 };
    const owners = [null, ...this.world.providers.map(({ id }) => id)];
    return owners.some((provider) => this.cloud.waiting(lanePartition({ ...lane, provider })).length > 0);
  }

  private choosePlan(): Plan {
    const at = this.draw();
    if (at < 0.8) return 'resolve';
    if (at < 0.86) return 'decline';
    if (at < 0.92) return 'escalate';
    return at < 0.97 ? 'vanish' : 'stall';
  }

  private async checkHolder(request: string, lease: string): Promise<void> {
    const before = this.holders.get(request);
    this.holders.set(request, lease);
    if (before === undefined || before === lease) return;
    this.tried[2]! += 1;
    const earlier = await readLease(this.world.market.call(this.now), before, { consistent: true });
    if (earlier?.state === 'held') this.broken.push({ statement: 2, what: `${request} is held by two` });
  }

  private checkOrder(agent: Agent, lane: string, stable: { pk: string; wsk: string }[], claimed: string[]): void {
    const last = claimed.toSorted().at(-1);
    if (last === undefined) return;
    this.tried[4]! += 1;
    const left = new Set(this.cloud.waiting(lane).map(({ pk }) => pk));
    const passed = stable.filter(({ pk, wsk }) => left.has(pk) && wsk < last && !this.isWithdrawn(agent, pk));
    if (passed.length > 0) this.broken.push({ statement: 4, what: `${passed.length} of ${lane} were passed over` });
  }

  private isWithdrawn(agent: Agent, headPk: string): boolean {
    return this.withdrawn.has(`${headPk.split('#')[1]} ${agent.provider.id}`);
  }

  /** One step of a turn: a beat with progress, or its end. */
  private async goOn(turn: Turn, call: Call): Promise<void> {
    const { agent, lease, plan } = turn;
    const provider = agent.provider.id;
    // The first turn always, so that no run is so small that nobody tried.
    if (this.tried[6] === 0 || this.chance(0.02)) await this.meddle(turn, call);
    if (plan === 'vanish') {
      this.agenda.note(this.now + this.between(10 * MINUTE, HOUR), { kind: 'stale', turn });
      return;
    }
    if (turn.beats > 0) {
      const beaten = await beat(call, provider, lease, plan !== 'stall');
      if (beaten.ok)
        this.agenda.note(this.now + this.between(2 * MINUTE, LEASE_BEAT_MS), {
          kind: 'turn',
          turn: { ...turn, beats: turn.beats - 1 },
        });
      return;
    }
    if (plan === 'resolve') return this.resolve(turn, call);
    if (plan !== 'stall')
      await endTurn(call, provider, lease, plan === 'decline' ? 'declined' : 'escalated', 'not for us');
  }

  private async resolve({ agent, lease, request, company }: Turn, call: Call): Promise<void> {
    const outcome = { code: 'solved' as const, summary: `Done by ${agent.id}.`, evidence: lease };
    const resolved = await resolveTurn(call, agent.provider.id, lease, outcome);
    if (!resolved.ok) return;
    const at = this.draw();
    const says = at < 0.45 ? 'solved' : at < 0.57 ? 'not_solved' : at < 0.6 ? 'person' : null;
    if (says !== null)
      this.agenda.note(this.now + this.between(HOUR, SPEAKS_WITHIN_MS), { kind: 'judge', request, company, says });
  }

  /** Whoever comes back after the lease has run out is refused, whatever became of the request. */
  private async comeLate(turn: Turn, call: Call): Promise<void> {
    this.counts.stale += 1;
    const before = await readLease(this.world.market.call(this.now), turn.lease, { consistent: true });
    const outcome = { code: 'solved' as const, summary: 'Late.', evidence: 'late' };
    const resolved = await resolveTurn(call, turn.agent.provider.id, turn.lease, outcome);
    if (before?.state === 'held') return;
    this.tried[2]! += 1;
    if (resolved.ok) this.broken.push({ statement: 2, what: `a stale holder of ${turn.request} resolved it` });
  }

  /** Another provider tries the turn, another company the request: neither exists for them. */
  private async meddle(turn: Turn, call: Call): Promise<void> {
    this.counts.strangers += 1;
    const stranger = this.world.providers.find(({ id }) => id !== turn.agent.provider.id)!;
    const tries = [
      await beat(call, stranger.id, turn.lease, true),
      await endTurn(call, stranger.id, turn.lease, 'declined', 'mine now'),
    ];
    const other = this.world.companies.find(({ id }) => id !== turn.company)!;
    const seen = await readOwnHead(call, other.id, turn.request);
    this.tried[6]! += 1;
    if (seen !== undefined || tries.some((one) => one.ok || one.code !== 'not_found'))
      this.broken.push({ statement: 6, what: `a stranger reached ${turn.request}` });
  }

  private async judge({ request, company, says }: Extract<Event, { kind: 'judge' }>, call: Call): Promise<void> {
    const head = await readOwnHead(call, company, request);
    if (head === undefined) return;
    if (says === 'solved') await confirm(call, head, 'customer');
    else if (says === 'not_solved') await reopen(call, head, 'customer');
    else await personPlease(call, head);
  }

  /** What the minute's schedule sends messages for, one after the other. */
  private async sweep(call: Call): Promise<void> {
    const { queue, terms } = this.world.market;
    for (const partition of await leasePartitions(
      call,
      windowClassOf(terms),
      dayOf(call.now - ON_CALL_MS - SETTLES_MS),
    ))
      for (const pass of PASSES) await ofItsOwn(() => sweepLeases(call, partition, pass));
    const lanes = await readLanes(call, queue, 1);
    for (const { provider } of lanes) {
      await ofItsOwn(() => sweepLane(call, { queue, round: 1, provider, shard: 0 }));
      if (this.chance(0.1)) await ofItsOwn(() => sweepProvider(call, provider));
    }
    await ofItsOwn(() => sweepLane(call, { queue, round: 1, provider: null, shard: 0 }));
  }
}

const isThrottled = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ProvisionedThroughputExceededException';

/** Each partition and lane is swept by a message of its own: where one is throttled, the others go on. */
async function ofItsOwn(sweep: () => Promise<unknown>): Promise<void> {
  await sweep().catch((error: unknown) => {
    if (!isThrottled(error)) throw error;
  });
}
