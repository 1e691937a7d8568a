/** Walks all companies' request lists over the API and compares them with what was sent: nothing lost, nothing double. */
import type { RequestState } from '../../../shared/request/request.ts';
import type { Arrival } from './arrival.ts';
import { inParallel } from './calls.ts';
import { type Group, groupByRound, listRequests, readRounds } from './rounds-seen.ts';
import type { World } from './world.ts';

export type Walk = {
  /** Requests sent by this world, and those found in the lists. */
  sent: number;
  found: number;
  /** Requests that were sent and stand in no list, and listed ones that nobody sent: externalIds, the first few. */
  missing: string[];
  missingCount: number;
  unknown: string[];
  unknownCount: number;
  /** Listed more than once. */
  doubled: number;
  states: Partial<Record<RequestState, number>>;
  /** Requests that no round could take, by queue. */
  withoutRound: Map<string, number>;
  companies: Map<string, number>;
};

const NAMES_KEPT = 5;

/** Compares `arrivals`, which were all sent, with the lists of their companies. */
export async function walkRequests(
  world: World,
  arrivals: readonly Arrival[],
  onGroup: () => void = () => undefined,
): Promise<Walk> {
  const walk = newWalk(arrivals);
  const rounds = new Map<string, Awaited<ReturnType<typeof readRounds>>>();
  await inParallel([...world.queues.keys()], async (queue) => {
    rounds.set(queue, await readRounds(world.directory.anybody, queue));
  });
  const left = new Map<string, Arrival[]>();
  await inParallel(groupByRound(arrivals, rounds), async (group) => {
    const rest = group.round === 0 ? group.arrivals : await walkGroup(world, walk, group);
    const name = `${group.company}\n${group.queue}`;
    if (rest.length > 0) left.set(name, [...(left.get(name) ?? []), ...rest]);
    onGroup();
  });
  // What its own round does not list was taken without a round, or is lost.
  await inParallel([...left.values()], async (rest) => {
    const [first] = rest;
    if (first === undefined) return;
    const { company, queue } = first;
    const lost = await walkGroup(world, walk, { company, queue, round: 0, arrivals: rest });
    walk.missingCount += lost.length;
    walk.missing.push(...lost.map(({ externalId }) => externalId).slice(0, NAMES_KEPT - walk.missing.length));
  });
  return walk;
}

/** Takes one list into the walk; answers the arrivals that it does not hold. */
async function walkGroup(world: World, walk: Walk, group: Group): Promise<Arrival[]> {
  const { client } = await world.directory.company(group.company);
  const wanted = new Map(group.arrivals.map((arrival) => [arrival.externalId, arrival]));
  const seen = new Set<string>();
  for (const view of await listRequests(client, group.queue, group.round)) {
    if (seen.has(view.externalId)) walk.doubled += 1;
    else if (wanted.delete(view.externalId)) {
      walk.found += 1;
      walk.states[view.state] = (walk.states[view.state] ?? 0) + 1;
      if (view.round === null) walk.withoutRound.set(group.queue, (walk.withoutRound.get(group.queue) ?? 0) + 1);
    } else {
      walk.unknownCount += 1;
      if (walk.unknown.length < NAMES_KEPT) walk.unknown.push(view.externalId);
    }
    seen.add(view.externalId);
  }
  return [...wanted.values()];
}

function newWalk(arrivals: readonly Arrival[]): Walk {
  const companies = new Map<string, Set<string>>();
  for (const { queue, company } of arrivals) companies.set(queue, (companies.get(queue) ?? new Set()).add(company));
  return {
    sent: arrivals.length,
    found: 0,
    missing: [],
    missingCount: 0,
    unknown: [],
    unknownCount: 0,
    doubled: 0,
    states: {},
    withoutRound: new Map(),
    companies: new Map([...companies].map(([queue, names]) => [queue, names.size])),
  };
}
