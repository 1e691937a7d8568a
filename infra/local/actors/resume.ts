/**
 * Takes a world up where it was left, whatever moment that was: what is under way is read from the API, what may not have
 * arrived is sent again under the same ids, and what customers will still say follows from the seed.
 */
import { HOUR } from '../../../shared/kernel/time.ts';
import { inParallel } from './calls.ts';
import { expect } from './demand.ts';
import { firstRoundOf, OPENS_BEFORE_MS, openQueue } from './rounds.ts';
import { type Group, groupByRound, listRequests, readRounds } from './rounds-seen.ts';
import { adoptTurns } from './work.ts';
import { remember, type World } from './world.ts';

export type Resumed = { found: number; sentAgain: number };

/** Prepares a new world whose market has a history; the clock has been read. */
export async function resumeWorld(world: World): Promise<Resumed> {
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
  await inParallel(
    groups.filter((group) => !isClosed(group)),
    (group) => findGroup(world, group, resumed),
  );
  await inParallel([...world.providers.values()], (provider) => adoptTurns(world, provider));
  return resumed;
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
  const now = world.time.now();
  for (const arrival of group.arrivals) {
    const view = views.get(arrival.externalId);
    if (view === undefined) {
      // It may have been taken without a round; then the same id gives the same answer.
      world.agenda.note(now, { kind: 'send', arrival });
      resumed.sentAgain += 1;
      continue;
    }
    resumed.found += 1;
    world.sent += 1;
    world.past.sent(arrival);
    world.past.told(arrival.company, arrival.queue, view);
    const known = remember(world, arrival, view);
    expect(world, known, view);
    // Turns that a provider of this world holds are taken up next; this finds the others.
    if (view.state === 'working') world.agenda.note(now + HOUR, { kind: 'look', known });
  }
}

