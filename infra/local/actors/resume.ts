/**
 * Takes a world up where it was left, whatever moment that was: what is under way is read from the API, what may not have
 * arrived is sent again under the same ids, and what customers will still say follows from the seed.
 */
import { fromIso, HOUR } from '../../../shared/kernel/time.ts';
import type { PublicRound } from '../../../shared/queue/queue.ts';
import type { RequestView } from '../../../shared/request/request.ts';
import type { Arrival } from './arrival.ts';
import { inParallel } from './calls.ts';
import { expect } from './demand.ts';
import { firstRoundOf, OPENS_BEFORE_MS, openQueue } from './rounds.ts';
import { type Group, groupByRound, listRequests, readRounds } from './rounds-seen.ts';
import { adoptTurns } from './work.ts';
import { remember, type World } from './world.ts';

export type Resumed = { found: number; sentAgain: number };

/**
 * Prepares a new world whose market has a history; the clock has been read. `companies` may have sent more than this
 * world's demand names: what is found of theirs in rounds that are not closed is taken up too.
 */
export async function resumeWorld(world: World, companies: readonly string[] = []): Promise<Resumed> {
  const now = world.time.now();
  while ((world.arrivals[world.nextArrival]?.at ?? Number.POSITIVE_INFINITY) <= now) world.nextArrival += 1;
  const before = world.arrivals.slice(0, world.nextArrival);
  await openQueues(world, now);
  const rounds = new Map<string, Awaited<ReturnType<typeof readRounds>>>();
  await inParallel([...world.queues.keys()], async (queue) => {
    rounds.set(queue, await readRounds(world.directory.anybody, queue));
  });
  const resumed: Resumed = { found: 0, sentAgain: 0 };
  const isClosed = ({ queue, round }: Group) =>
    rounds.get(queue)?.some((seen) => seen.round === round && seen.state === 'closed') === true;
  const groups = groupByRound(before, rounds);
  for (const group of groups.filter(isClosed))
    for (const arrival of group.arrivals) {
      world.past.sent(arrival);
      world.sent += 1;
    }
  const open = [...groups, ...emptyGroups(world, groups, rounds, companies)].filter((group) => !isClosed(group));
  await inParallel(open, (group) => findGroup(world, group, resumed));
  await inParallel([...world.providers.values()], (provider) => adoptTurns(world, provider));
  return resumed;
}

/** The companies' lists of each round in which the demand names nothing. */
function emptyGroups(
  world: World,
  groups: readonly Group[],
  rounds: ReadonlyMap<string, readonly PublicRound[]>,
  companies: readonly string[],
): Group[] {
  const nameOf = ({ company, queue, round }: Omit<Group, 'arrivals'>) => `${company}\n${queue}\n${round}`;
  const named = new Set(groups.map(nameOf));
  const begun = [...rounds].flatMap(([queue, seen]) =>
    seen.filter((round) => fromIso(round.startsAt) <= world.time.now()).map(({ round }) => ({ queue, round })),
  );
  return companies
    .flatMap((company) => begun.map((round) => ({ company, ...round, arrivals: [] })))
    .filter((group) => !named.has(nameOf(group)));
}

/** Queues that should be open by now are opened, which changes nothing where they are; the others are noted. */
async function openQueues(world: World, now: number): Promise<void> {
  const first = new Map<string, number>();
  for (const { queue, at } of world.arrivals) if (!first.has(queue)) first.set(queue, at);
  await inParallel([...first], async ([queue, at]) => {
    const opensAt = firstRoundOf(world, at) - OPENS_BEFORE_MS;
    if (opensAt <= now) await openQueue(world, queue, firstRoundOf(world, at));
    else world.agenda.note(opensAt, { kind: 'open queue', queue });
  });
}

/** One company's requests of a round that is not closed: those that arrived go on, the others are sent. */
async function findGroup(world: World, group: Group, resumed: Resumed): Promise<void> {
  const { client } = await world.directory.company(group.company);
  const listed = group.round === 0 ? [] : await listRequests(client, group.queue, group.round);
  const views = new Map(listed.map((view) => [view.externalId, view]));
  for (const arrival of group.arrivals) {
    const view = views.get(arrival.externalId);
    views.delete(arrival.externalId);
    if (view !== undefined) found(world, arrival, view, resumed);
    else {
      // It may have been taken without a round; then the same id gives the same answer.
      world.agenda.note(world.time.now(), { kind: 'send', arrival });
      resumed.sentAgain += 1;
    }
  }
  for (const view of views.values()) found(world, arrivalSeen(world, group.company, view), view, resumed);
}

function found(world: World, arrival: Arrival, view: RequestView, resumed: Resumed): void {
  resumed.found += 1;
  world.sent += 1;
  world.past.sent(arrival);
  world.past.told(arrival.company, arrival.queue, view);
  const known = remember(world, arrival, view);
  expect(world, known, view);
  // Turns that a provider of this world holds are taken up next; this finds the others.
  if (view.state === 'working') world.agenda.note(world.time.now() + HOUR, { kind: 'look', known });
}

/** A request that the demand does not name, as its company sees it; whether its customer comes back is drawn. */
function arrivalSeen(world: World, company: string, view: RequestView): Arrival {
  return {
    at: fromIso(view.acceptedAt),
    company,
    queue: view.queue,
    externalId: view.externalId,
    customer: '',
    text: '',
    fields: {},
    comesBack: world.draw.share('comes back', company, view.externalId) < SEEN_COMES_BACK,
  };
}
const SEEN_COMES_BACK = 0.12;
