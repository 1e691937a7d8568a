/** One round of a queue, found in the list of its rounds. */
import { useQuery } from '@tanstack/react-query';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import { call } from '../../api/call.ts';

const AT_ONCE = 100;
/** Rounds of many years of weeks. */
const MOST_PAGES = 20;

/** The rounds come newest first, so one of number n is soon found; null where there is none. */
async function findRound(queue: string, number: number): Promise<PublicRound | null> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { limit: AT_ONCE, ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = await call('get', '/v1/queues/{queue}/rounds', { path: { queue }, query });
    const found = items.find(({ round }) => round === number);
    if (found !== undefined) return found;
    if (next === null) return null;
    cursor = next;
  }
  return null;
}

export const useRound = (queue: string, round: number) =>
  useQuery({ queryKey: ['round', queue, round], queryFn: () => findRound(queue, round) });
