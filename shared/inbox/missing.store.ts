/** Rounds that close soon and in which one has put nothing, though one had before: from the index of what an owner has. */
import { newestRoundsOf } from '../award/own-list.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { DAY } from '../kernel/time.ts';
import { readRecentRounds } from '../queue/queue.store.ts';
import { type Round, takesBids } from '../round/round.ts';

/** How long before its hard close a round is named. */
export const NAMED_BEFORE_MS = 7 * DAY;
const WIDTH = 8;

export type Missing = { open: Round; last: number };

/** Open rounds within a week of their close without anything of `owner`, which had something in one of the three before. */
export async function missingIn(call: Call, owner: string, prefix: 'C#' | 'B#'): Promise<Missing[]> {
  const { rounds: last } = await newestRoundsOf(call, owner, prefix);
  const found = await mapConcurrent([...last], WIDTH, async ([queue, newest]) => {
    const rounds = await readRecentRounds(call, queue);
    const open = rounds.find((round) => takesBids(round, call.now));
    if (open === undefined || open.closesAt - call.now > NAMED_BEFORE_MS) return undefined;
    return newest < open.round && newest >= open.round - rounds.length + 1 ? { open, last: newest } : undefined;
  });
  return found.filter((one) => one !== undefined);
}
