/** Fixes into how many partitions tomorrow's leases go, before the day begins: by what is awarded for it. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { DAY, dayOf, HOUR } from '../kernel/time.ts';
import { allQueueIds, readRecentRounds, termsOf } from '../queue/queue.store.ts';
import type { Round } from '../round/round.ts';
import { windowClassOf } from '../terms/terms.ts';
import { shardsFor } from './lane.ts';
import { fixShardsOfDay } from './lease.store.ts';

/** Tomorrow is fixed in the last hour of today (UTC): rounds that begin with it are cleared by then. */
const FIXED_BEFORE_MS = HOUR;
const WIDTH = 8;

/** Fixes tomorrow, in the hour before it. Answers when that is next due; null where no round is cleared that lasts so long. */
export async function fixTomorrow(call: Call): Promise<{ nextAt: number | null }> {
  const tomorrow = (Math.floor(call.now / DAY) + 1) * DAY;
  const expected = await expectedOn(call, tomorrow);
  if (expected.size === 0) return { nextAt: null };
  if (call.now < tomorrow - FIXED_BEFORE_MS) return { nextAt: tomorrow - FIXED_BEFORE_MS };
  for (const [windowClass, requests] of expected)
    await fixShardsOfDay(call, windowClass, dayOf(tomorrow), shardsFor(requests, DAY));
  return { nextAt: tomorrow + DAY - FIXED_BEFORE_MS };
}

/** Requests awarded for a day, by window class. */
async function expectedOn(call: Call, day: number): Promise<Map<string, number>> {
  const expected = new Map<string, number>();
  const queues = await allQueueIds(call.tables);
  const rounds = await mapConcurrent(queues, WIDTH, (queue) => readRecentRounds(call, queue));
  for (const round of rounds.flat().filter((one) => lastsOn(one, day))) {
    const windowClass = windowClassOf(await termsOf(call.tables, round));
    const perDay = ((round.figures?.awarded ?? 0) * DAY) / (round.endsAt - round.startsAt);
    expected.set(windowClass, (expected.get(windowClass) ?? 0) + perDay);
  }
  return expected;
}

const lastsOn = (round: Round, day: number): boolean =>
  round.clearedAt !== null && round.startsAt < day + DAY && round.endsAt > day;
