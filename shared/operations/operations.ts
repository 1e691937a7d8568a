/** What whoever runs the market, or works in it, sees of its work: lanes, sweeps, messages that failed. */
import * as z from 'zod';
import { ExternalId, OrganisationId, QueueId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';
import { RequestId, RequestState } from '../request/request.ts';

/** A count that stops somewhere: at least so many. */
export const BoundedCount = z
  .object({ count: z.int(), isAtLeast: z.boolean().meta({ description: 'Whether there are more than were counted' }) })
  .meta({ id: 'BoundedCount' });

export const LaneView = z
  .object({
    queue: QueueId,
    round: z.int(),
    provider: OrganisationId,
    standing: z.enum(['open', 'withdrawn', 'closed']),
    seenAt: Instant.nullable().meta({ description: 'When its provider last asked for work, to five minutes' }),
    isPresent: z.boolean().meta({ description: 'Seen within 15 minutes, within its hours, and not offline' }),
    offlineSince: Instant.nullable(),
    shards: z.object({ put: z.int(), look: z.int() }),
    waiting: BoundedCount,
    earliestDeadline: Instant.nullable(),
    isLate: z.boolean().meta({ description: 'Whether the earliest deadline has passed' }),
    longestWaitMs: z.int().nullable().meta({ description: 'Of the ten most urgent requests, since each became ready' }),
    recent: z.object({ turns: z.int(), resolved: z.int(), late: z.int(), lost: z.int() }).meta({
      description: 'The provider’s latest turns of the month in this lane, 50 looked at: misses are late or lost',
    }),
  })
  .meta({ id: 'Lane' });
export type LaneView = z.infer<typeof LaneView>;

export const SweepView = z
  .object({
    partition: z.string(),
    pass: z.string(),
    through: Instant.nullable().meta({ description: 'The time up to which all is done; null before its first' }),
    lastRunAt: Instant.nullable().meta({ description: 'To the hour where nothing is to be done' }),
    nextDueAt: Instant.nullable().meta({
      description: 'When the first that is not done is due; null where nothing waits',
    }),
    lagMs: z.int().meta({ description: 'For how long that has been due' }),
  })
  .meta({ id: 'Sweep' });
export type SweepView = z.infer<typeof SweepView>;

export const DueView = z
  .object({ kind: z.enum(['round', 'demand', 'budget', 'incidents']), nextDueAt: Instant.nullable(), lagMs: z.int() })
  .meta({ id: 'DueWork' });
export type DueView = z.infer<typeof DueView>;

/** A message that its consumer could not work, as often as the queue allows. */
export const DeadLetter = z
  .object({
    id: z.string(),
    queue: z.string(),
    body: z.string().meta({ description: 'What it asks to look at; never a customer’s words' }),
    receives: z.int().meta({ description: 'How often it was taken in all, by whoever looked at it too' }),
    firstSentAt: Instant.nullable().meta({ description: 'In machine time' }),
    cause: z.string().nullable().meta({ description: 'What its last try failed of, where known' }),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const OpenWork = z
  .object({
    queue: QueueId,
    looked: BoundedCount.meta({ description: 'Requests looked at, newest first' }),
    open: z.partialRecord(RequestState, z.int()).meta({ description: 'Those not final, by state' }),
    overdue: z.int().meta({ description: 'Waiting or worked past their deadline' }),
    earliestDeadline: Instant.nullable(),
    resolved: z
      .object({
        count: z.int(),
        withinSla: z.int().meta({ description: 'Of their first resolution' }),
        reopened: z.int().meta({ description: 'Worked again after a resolution, once or more' }),
      })
      .meta({ description: 'Of the requests looked at, those that were resolved at least once' }),
  })
  .meta({ id: 'OpenWork' });
export type OpenWork = z.infer<typeof OpenWork>;

/** A company's open work in all queues in which it has commitments. */
export const AllOpenWork = z
  .object({
    queues: z.array(OpenWork).meta({ description: 'In order of their ids' }),
    next: z
      .array(
        z.object({
          request: RequestId,
          externalId: ExternalId,
          queue: QueueId,
          state: RequestState,
          deadline: Instant,
        }),
      )
      .meta({ description: 'Of those looked at, what somebody has yet to resolve: the first twenty by deadline' }),
    isWhole: z.boolean().meta({ description: 'False where there are more queues than these' }),
  })
  .meta({ id: 'AllOpenWork' });
export type AllOpenWork = z.infer<typeof AllOpenWork>;

/** Since when something has been due, in milliseconds; 0 where it is not due or nothing waits. */
export const lagOf = (dueAt: number | null, now: number): number => (dueAt === null ? 0 : Math.max(0, now - dueAt));
