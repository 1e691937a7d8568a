/** The rounds of a queue as everybody may see them, and which of them a request belongs to. */

import type { Parley } from '../../../shared/client/client.ts';
import { allItems } from '../../../shared/client/pages.ts';
import { fromIso } from '../../../shared/kernel/time.ts';
import type { PublicRound } from '../../../shared/queue/queue.ts';
import type { RequestView } from '../../../shared/request/request.ts';
import type { Arrival } from './arrival.ts';
import { ask, CallRefused } from './calls.ts';

/** A queue's rounds, oldest first; none where the queue does not exist yet. */
export async function readRounds(client: Parley, queue: string): Promise<PublicRound[]> {
  try {
    const rounds = await allItems((cursor) =>
      ask(`read rounds of ${queue}`, () =>
        client.GET('/v1/queues/{queue}/rounds', { params: { path: { queue }, query: { limit: 100, cursor } } }),
      ),
    );
    return rounds.sort((a, b) => a.round - b.round);
  } catch (error) {
    if (error instanceof CallRefused && error.status === 404) return [];
    throw error;
  }
}

/** The round in whose period an instant falls; null before the first. */
export function roundAt(rounds: readonly PublicRound[], at: number): PublicRound | null {
  return rounds.find((round) => fromIso(round.startsAt) <= at && at < fromIso(round.endsAt)) ?? null;
}

/** One company's requests in one queue and round. */
export type Group = { company: string; queue: string; round: number; arrivals: Arrival[] };

/** Groups arrivals by company, queue and round; round 0 for those that fall in no round. */
export function groupByRound(
  arrivals: readonly Arrival[],
  rounds: ReadonlyMap<string, readonly PublicRound[]>,
): Group[] {
  const groups = new Map<string, Group>();
  for (const arrival of arrivals) {
    const round = roundAt(rounds.get(arrival.queue) ?? [], arrival.at)?.round ?? 0;
    const name = `${arrival.company}\n${arrival.queue}\n${round}`;
    const group = groups.get(name) ?? { company: arrival.company, queue: arrival.queue, round, arrivals: [] };
    group.arrivals.push(arrival);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** All of a company's requests in a queue and round. */
export const listRequests = (client: Parley, queue: string, round: number): Promise<RequestView[]> =>
  allItems((cursor) =>
    ask('list requests', () => client.GET('/v1/requests', { params: { query: { queue, round, limit: 100, cursor } } })),
  );
