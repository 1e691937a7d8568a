/** A lane that takes no new work any more is drawn together: it puts into one shard first, and looks into one a minute later. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { MINUTE } from '../kernel/time.ts';
import { readRecentRounds } from '../queue/queue.store.ts';
import { lanePartition } from './due.ts';
import { forgetLane, laneKey, readLanes } from './lane.store.ts';
import type { Lane } from './lane.ts';

/** Other processes put by a lane that they read five seconds ago at the most, and the index may be two seconds late. */
const LOOK_AFTER_MS = MINUTE;

/**
 * Draws a settling round's lane together as far as it can be now. Reopened work may still come, so it keeps one shard. Each
 * write is conditioned on the counts that were read; doing it again changes nothing.
 */
export async function drawTogether(call: Call, queue: string, round: number, provider: string): Promise<void> {
  const lane = (await readLanes(call, queue, round)).find((one) => one.provider === provider);
  if (lane === undefined || lane.look === 1) return;
  const state = (await readRecentRounds(call, queue)).find((one) => one.round === round)?.state;
  if (state === 'active' || state === undefined) return;
  if (lane.put > 1) return change(call, lane, { put: 1, drawnAt: call.now });
  if ((lane.drawnAt ?? 0) > call.now - LOOK_AFTER_MS) return;
  for (let shard = 1; shard < lane.look; shard++) {
    const waiting = await call.tables.query('requests', z.object({ wsk: z.string() }), {
      index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
      pk: lanePartition({ queue, round, provider, shard }),
      limit: 1,
    });
    if (waiting.items.length > 0) return;
  }
  return change(call, lane, { look: 1 });
}

async function change(call: Call, lane: Lane, set: Partial<Lane>): Promise<void> {
  await call.tables.update('market', laneKey(lane.queue, lane.round, lane.provider), { set }, [
    ['=', 'put', lane.put],
    ['=', 'look', lane.look],
  ]);
  forgetLane(call, lane);
}
