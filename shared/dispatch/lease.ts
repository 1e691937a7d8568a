/** One provider's turn at one request, and its one transition table. */
import * as z from 'zod';
import { OrganisationId, QueueId } from '../kernel/id.ts';
import { Instant, iso, MINUTE } from '../kernel/time.ts';

export const LeaseState = z
  .enum(['held', 'resolved', 'confirmed', 'reopened', 'lost', 'declined', 'escalated', 'returned', 'cancelled'])
  .meta({ id: 'LeaseState' });
export type LeaseState = z.infer<typeof LeaseState>;
export type LeaseEvent = 'resolve' | 'decline' | 'escalate' | 'return' | 'lose' | 'cancel' | 'confirm' | 'reopen';

const NEXT: Record<LeaseState, Partial<Record<LeaseEvent, LeaseState>>> = {
  held: {
    resolve: 'resolved',
    decline: 'declined',
    escalate: 'escalated',
    return: 'returned',
    lose: 'lost',
    cancel: 'cancelled',
  },
  resolved: { confirm: 'confirmed', reopen: 'reopened' },
  confirmed: { reopen: 'reopened' },
  reopened: {},
  lost: {},
  declined: {},
  escalated: {},
  returned: {},
  cancelled: {},
};

/** The state after an event; null where the event does not apply: an ended lease allows only a note. */
export const afterEvent = (state: LeaseState, event: LeaseEvent): LeaseState | null => NEXT[state][event] ?? null;

/** The states in which an event applies: the condition of its write. */
export const statesBefore = (event: LeaseEvent): readonly LeaseState[] =>
  LeaseState.options.filter((state) => NEXT[state][event] !== undefined);

/** Whether a resolution stands: claimed or confirmed, and not reopened. */
export const isResolved = (lease: { state: LeaseState }): boolean =>
  lease.state === 'resolved' || lease.state === 'confirmed';

export const LeaseId = z
  .string()
  .regex(
    /^\d{1,4}-\d{1,4}\.\d{1,15}\.\d{1,4}\.co_[0-9a-z]{4,20}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/,
    'is not a lease id',
  )
  .meta({ description: "A lease's id, given with the claim: the provider's key to this turn" });

export const OutcomeCode = z
  .enum(['solved', 'answered', 'refunded', 'forwarded', 'no_action_needed'])
  .meta({ id: 'OutcomeCode' });

/** Why a company rejects a resolution. */
export const Rejection = z
  .strictObject({
    code: z.enum(['not_done', 'wrong_answer', 'against_policy', 'customer_not_reached', 'other']),
    text: z.string().max(1_000).default('').meta({ description: 'What the next one should know' }),
  })
  .meta({ id: 'Rejection' });
export type Rejection = z.infer<typeof Rejection>;

export const Lease = z.object({
  pk: z.string(),
  sk: z.string(),
  kind: z.literal('lease'),
  request: z.string(),
  company: OrganisationId,
  provider: OrganisationId,
  queue: QueueId,
  round: z.int(),
  state: LeaseState,
  claimedAt: z.number(),
  /** Grows with heartbeats; the key keeps the first one. */
  leaseUntil: z.number(),
  leaseMs: z.number(),
  progressAt: z.number(),
  deadline: z.number(),
  /** The head's lane facts, so that a turn can be judged without reading it again. */
  resolvedAt: z.number().nullable(),
  confirmedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  outcome: z
    .object({
      code: OutcomeCode,
      summary: z.string(),
      evidenceHash: z.string(),
      /** Kept where the summary was erased. */
      summaryHash: z.string().optional(),
    })
    .nullable(),
  reason: z.string().nullable(),
  /** Why the company rejected the resolution. */
  rejection: Rejection.optional(),
  /** The customer's stars for this turn; the comment lies with the customer's words. */
  stars: z.int().min(1).max(5).optional(),
  history: z.array(z.tuple([z.string(), z.number(), z.string()])),
  /** The person or key that claimed it. */
  user: z.string().nullable().default(null),
  /** The version of the company's playbook that it is worked by; null where there is none. */
  playbook: z.int().nullable().default(null),
  lpk: z.string(),
  lsk: z.string(),
});
export type Lease = z.infer<typeof Lease>;

/** A lease's id, from its key: `<class>.<end ms>.<shard>.<request>.<token>`. */
export function leaseIdOf(lease: { pk: string; sk: string }): string {
  const [, windowClass = '', , shard = '0'] = lease.pk.split('#');
  const [end = '0', request = '', token = ''] = lease.sk.split('#');
  return `${windowClass}.${Number(end)}.${shard}.${request}.${token}`;
}

/** A pointer stands at a later time in the same order of keys and names a lease whose own time has moved past its key. */
export const Pointer = z.object({
  pk: z.string(),
  sk: z.string(),
  kind: z.literal('pointer'),
  leasePk: z.string(),
  leaseSk: z.string(),
});
export type Pointer = z.infer<typeof Pointer>;

/** Reclaiming waits this long after a lease's end, and a beat is still taken as late: clocks may stand half of it apart. */
export const LEASE_GRACE_MS = MINUTE;

export type LeaseRefusal = 'lease_ended' | 'lease_expired' | 'no_progress';

/** Whether a turn may still be beaten, resolved, declined or escalated at `now`; null where it may. */
export function turnRefusal(
  lease: Pick<Lease, 'state' | 'leaseUntil'>,
  now: number,
): 'lease_ended' | 'lease_expired' | null {
  if (lease.state !== 'held') return 'lease_ended';
  return lease.leaseUntil > now - LEASE_GRACE_MS ? null : 'lease_expired';
}

/** Two lease lengths without progress end the turn. */
export const lacksProgress = (lease: Pick<Lease, 'progressAt' | 'leaseMs'>, now: number): boolean =>
  now - lease.progressAt > 2 * lease.leaseMs;

export const LeaseView = z
  .object({
    id: LeaseId,
    request: z.string(),
    queue: QueueId,
    round: z.int(),
    state: LeaseState,
    claimedAt: Instant,
    leaseUntil: Instant,
    deadline: Instant,
    resolvedAt: Instant.nullable(),
    reason: z.string().nullable(),
    rejection: Rejection.nullable().meta({ description: 'Why the company rejected this resolution' }),
    stars: z.int().nullable().meta({ description: "The customer's rating, 1 to 5" }),
    playbook: z
      .int()
      .nullable()
      .meta({ description: 'The version of the company’s playbook that applies; null without one' }),
    user: z.string().nullable().meta({ description: 'Who of the provider claimed it: a person or a key' }),
    leaseMs: z.int().meta({ description: 'For so long the claim and each heartbeat keep it' }),
  })
  .meta({ id: 'LeaseView' });
export type LeaseView = z.infer<typeof LeaseView>;

export const leaseView = (lease: Lease): LeaseView => ({
  id: leaseIdOf(lease),
  request: lease.request,
  queue: lease.queue,
  round: lease.round,
  state: lease.state,
  claimedAt: iso(lease.claimedAt),
  leaseUntil: iso(lease.leaseUntil),
  deadline: iso(lease.deadline),
  resolvedAt: lease.resolvedAt === null ? null : iso(lease.resolvedAt),
  reason: lease.reason,
  rejection: lease.rejection ?? null,
  stars: lease.stars ?? null,
  playbook: lease.playbook,
  user: lease.user,
  leaseMs: lease.leaseMs,
});
