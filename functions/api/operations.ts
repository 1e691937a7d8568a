/** The operator's view of the work: lanes, sweeps, dead letters. */

import * as z from 'zod';
import { operationsRoutes } from '../../shared/api/routes/operations.ts';
import { MONEY_QUEUES, QueueName } from '../../shared/kernel/message.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { iso } from '../../shared/kernel/time.ts';
import { forgetFailures, readFailures } from '../../shared/operations/failure.store.ts';
import { listQueueLanes as lanesOf } from '../../shared/operations/lane-view.store.ts';
import type { DeadLetter } from '../../shared/operations/operations.ts';
import { viewDue, viewSweeps } from '../../shared/operations/sweep-view.store.ts';
import { readQueueItem } from '../../shared/queue/queue.store.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { leasePartitionsNow } from '../sweeps.ts';

/** Days and shards of leases that one answer shows. */
const MOST_PARTITIONS = 60;
const LaneKey = z.object({ pk: z.string(), sk: z.string() });

const listQueueLanes: Handler<'listQueueLanes'> = async (context, { query }) => {
  if ((await readQueueItem(context.tables, query.queue)) === undefined)
    return refuse('not_found', 'There is no such queue; GET /v1/queues lists them.');
  const after = await pageKeyOf(context, query.cursor, LaneKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await lanesOf(context, query.queue, page);
  return { status: 200, body: { items: found.lanes, next: await cursorOf(context, found.after) } };
};

const listSweeps: Handler<'listSweeps'> = async (context) => {
  const dayIn = (partition: string): string => partition.split('#')[2] ?? '';
  const all = (await leasePartitionsNow(context)).sort((a, b) => (dayIn(a) < dayIn(b) ? -1 : 1));
  const partitions = all.slice(-MOST_PARTITIONS);
  const [sweeps, due] = await Promise.all([viewSweeps(context, partitions), viewDue(context)]);
  return { status: 200, body: { sweeps, due } };
};

const listDeadLetters: Handler<'listDeadLetters'> = async (context, { query }) => {
  const seen = context.actor.roles.includes('market.operator') ? QueueName.options : MONEY_QUEUES;
  const queues = query.queue === undefined ? seen : seen.filter((queue) => queue === query.queue);
  const items: DeadLetter[] = [];
  for (const queue of queues) {
    if (items.length === query.limit) break;
    const letters = await context.runtime.deadLetters.list(queue, query.limit - items.length);
    const ids = letters.map((letter) => letter.id);
    const causes = await readFailures(context, ids);
    for (const { id, body, receives, firstSentAt } of letters) {
      const sentAt = firstSentAt === null ? null : iso(firstSentAt);
      items.push({ id, queue, body, receives, firstSentAt: sentAt, cause: causes.get(id) ?? null });
    }
  }
  return { status: 200, body: { items } };
};

const redrive: Handler<'redrive'> = async (context, { params, body }) => {
  const moved = await context.runtime.deadLetters.redrive(params.queue, body.messages ?? null);
  await forgetFailures(context, moved);
  context.runtime.log('info', 'dead letters were redriven', {
    queue: params.queue,
    redriven: moved.length,
    by: context.actor.user,
  });
  return { status: 200, body: { redriven: moved.length } };
};

export const handler = api('operations', operationsRoutes, { listQueueLanes, listSweeps, listDeadLetters, redrive });
