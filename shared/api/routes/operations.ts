/** The operator watches the work: lanes, sweeps, messages that failed. */
import * as z from 'zod';
import { QueueId } from '../../kernel/id.ts';
import { QueueName } from '../../kernel/message.ts';
import { DeadLetter, DueView, LaneView, SweepView } from '../../operations/operations.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const WATCH = { who: 'members', roles: ['market.operator'], scope: 'market:read' } as const;
const WATCH_MONEY = { who: 'members', roles: ['market.operator', 'market.finance'], scope: 'market:read' } as const;
const OPERATE = { who: 'members', roles: ['market.operator'], scope: 'market:write' } as const;

export const operationsRoutes = defineRoutes([
  {
    id: 'listQueueLanes',
    function: 'operations',
    method: 'GET',
    path: '/v1/operator/lanes',
    access: WATCH,
    repeat: 'none',
    summary: 'A queue’s lanes, newest round first: earliest deadline, depth, wait, misses, presence',
    description:
      'Read when asked; counts are bounded. A page may hold fewer lanes than its limit while `next` leads on.',
    query: z.object({ queue: QueueId, ...PageQuery, limit: z.coerce.number().int().min(1).max(50).default(20) }),
    responses: { 200: pageOf(LaneView) },
    problems: ['not_found'],
  },
  {
    id: 'listSweeps',
    function: 'operations',
    method: 'GET',
    path: '/v1/operator/sweeps',
    access: WATCH,
    repeat: 'none',
    summary: 'How far each sweep has come, how late it is, and when it last ran',
    description:
      'One line for each pass over a day’s leases within the windows, the latest 60 days and shards; and the first of what else is due.',
    responses: { 200: z.object({ sweeps: z.array(SweepView), due: z.array(DueView) }).meta({ id: 'Sweeps' }) },
    problems: [],
  },
  {
    id: 'listDeadLetters',
    function: 'operations',
    method: 'GET',
    path: '/v1/operator/dead-letters',
    access: WATCH_MONEY,
    repeat: 'none',
    summary: 'Messages that failed as often as their queue allows, with the cause where known',
    description: 'Who is no operator sees those from and to Stripe. Bringing them back is the operator’s.',
    query: z.object({ queue: QueueName.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
    responses: { 200: z.object({ items: z.array(DeadLetter) }) },
    problems: [],
  },
  {
    id: 'redrive',
    function: 'operations',
    method: 'POST',
    path: '/v1/operator/dead-letters/{queue}/redrive',
    access: OPERATE,
    repeat: 'none',
    summary: 'Bring dead letters back to their queue: some, or all of it',
    description:
      'A thousand a call at the most. A message only says what to look at, so one worked twice does no harm.',
    params: z.object({ queue: QueueName }),
    body: z
      .strictObject({ messages: z.array(z.string().min(1).max(100)).min(1).max(100).optional() })
      .meta({ id: 'RedriveInput', description: 'Left out: all' }),
    responses: { 200: z.object({ redriven: z.int() }).meta({ id: 'Redriven' }) },
    problems: [],
  },
]);
