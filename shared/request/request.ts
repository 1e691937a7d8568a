/**
 * One customer's need: the immutable words, the head that says where it stands, and what the API shows, which is a pure
 * function of head, lease, whether the ledger entry exists, and the market clock.
 */
import * as z from 'zod';
import type { Lease } from '../dispatch/lease.ts';
import { IncidentId } from '../incident/incident-id.ts';
import { ExternalId, OrganisationId, QueueId } from '../kernel/id.ts';
import { PriceMicros } from '../kernel/money.ts';
import { HOUR, Instant, iso } from '../kernel/time.ts';
import { Category } from '../service-class/service-class.ts';
import { windowsOf } from '../terms/terms.ts';

export const RequestId = z
  .string()
  .regex(/^co_[0-9a-z]{4,20}\.[A-Za-z0-9_-]{22}$/, 'is not a request id')
  .meta({ description: "A request's id, given when it is accepted" });

export const RequestInput = z
  .strictObject({
    externalId: ExternalId,
    queue: QueueId.optional().meta({
      description: 'Left out: found by the category, or else by what the text is about',
    }),
    customer: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: "The customer's handle with the company: an e-mail address, a phone number, an account" }),
    text: z.string().max(8_000).default('').meta({ description: 'What the customer said' }),
    category: Category.optional().meta({
      description: "What it is about; the queue's category, or what triage finds, where left out",
    }),
    fields: z
      .record(z.string().max(60), z.string().max(400))
      .default({})
      .meta({ description: 'Further fields the provider may need' }),
    deadline: Instant.optional().meta({ description: "Only later than the SLA tier's" }),
  })
  .refine((input) => Object.keys(input.fields).length <= 30, {
    path: ['fields'],
    message: 'must have at most 30 entries',
  })
  .meta({ id: 'RequestInput' });
export type RequestInput = z.infer<typeof RequestInput>;
/** A request whose queue is known. */
export type PlacedRequest = RequestInput & { queue: string };

export const Words = z.object({
  pk: z.string(),
  sk: z.string(),
  request: RequestId,
  customer: z.string(),
  text: z.string(),
  category: z.string(),
  fields: z.record(z.string(), z.string()),
  at: z.number(),
  /** When its customer had it erased: customer, text and fields are empty then. */
  erasedAt: z.number().optional(),
});
export type Words = z.infer<typeof Words>;

export const HeadState = z.enum(['ready', 'leased', 'held_back', 'unserved', 'cancelled', 'linked']);

/** A head as an item: what follows from its key is not stored again, so that it stays within one write unit. */
const StoredHead = z.object({
  pk: z.string(),
  sk: z.string(),
  externalId: ExternalId,
  queue: QueueId,
  category: z.string(),
  /** The intake round, kept for price, lane share and slot however late it ends; 0 where no round could take it. */
  round: z.int().min(0),
  windowClass: z.string(),
  state: HeadState,
  /** The lane it waits or waited in; null in nobody's lane. */
  provider: OrganisationId.nullable(),
  acceptedAt: z.number(),
  deadline: z.number(),
  /** From acceptance to the deadline: time of the company's working hours where it stated them, else plain time. */
  slaMs: z.number(),
  /** From here on the lane sweep may move it to another lane. */
  moveAt: z.number(),
  slot: z.int().nullable(),
  /** Overflow: the standing bid it was first offered, which fixes its price. */
  overflow: OrganisationId.nullable(),
  /** Providers whose free capacity it holds now. */
  capacityOf: OrganisationId.nullable(),
  priceMicros: PriceMicros,
  lease: z.string().nullable(),
  /** Its last five leases before that one. */
  leases: z.array(z.string()),
  firstResolved: z.string().nullable(),
  /** Hash of the customer's handle; with category and content hash it leads to the words. */
  handle: z.string(),
  contentHash: z.string(),
  commandKey: z.string().nullable(),
  notOffered: z.array(OrganisationId),
  personOnly: z.boolean(),
  lostTurns: z.int(),
  reopens: z.int(),
  linkedTo: RequestId.nullable(),
  /** The incident it is or was linked to. */
  incident: IncidentId.optional(),
  /** When its customer had the words erased: nobody can work on it any more. */
  erasedAt: z.number().optional(),
  /** The UTC day whose budget it takes; absent where its company has no cap. */
  counted: z.string().optional(),
  history: z.array(z.tuple([z.string(), z.number(), z.string()])),
  wpk: z.string().optional(),
  wsk: z.string().optional(),
  lpk: z.string(),
  lsk: z.string(),
});

/** Where a request stands: its item, with the id and the company that its key says. */
export const Head = StoredHead.transform((item) => {
  const [, company = '', hash = ''] = item.pk.split('#');
  return { ...item, id: `${company}.${hash}`, company };
});
export type Head = z.infer<typeof Head>;

/** How often the company rejected a resolution of this request. */
export const rejectionsOf = (head: Pick<Head, 'history'>): number =>
  head.history.filter(([event, , by]) => event === 'reopened' && by === 'company').length;

/** The item of a head. */
export const headItem = ({ id: _id, company: _company, ...item }: Head): z.input<typeof Head> => item;

/** States as the API shows them. */
export const RequestState = z
  .enum([
    'queued',
    'working',
    'resolved',
    'confirmed',
    'assumed',
    'settled',
    'unserved',
    'held_back',
    'cancelled',
    'linked',
  ])
  .meta({ id: 'RequestState' });
export type RequestState = z.infer<typeof RequestState>;

/** Where a request stands, from head, its current lease, whether its ledger entry exists, and the market clock. */
export function stateOf(
  head: Pick<Head, 'state' | 'windowClass'>,
  lease: Pick<Lease, 'state' | 'resolvedAt'> | null,
  isPosted: boolean,
  now: number,
): RequestState {
  if (isPosted) return 'settled';
  if (head.state === 'ready') return 'queued';
  if (head.state !== 'leased') return head.state;
  if (lease === null || lease.state === 'held') return 'working';
  if (lease.state === 'confirmed') return 'confirmed';
  if (lease.state !== 'resolved' || lease.resolvedAt === null) return 'queued';
  const silenceHours = Number(head.windowClass.split('-')[0]);
  return now >= lease.resolvedAt + silenceHours * HOUR ? 'assumed' : 'resolved';
}

/** A state that only time or nothing can change: what a round's close waits for. */
export const isFinal = (state: RequestState): boolean => ['settled', 'unserved', 'cancelled', 'linked'].includes(state);

/**
 * Until when a request that is linked to an incident may come back: its reopen window, counted from the linking. Null for
 * every other. So long its round and its budget reckon with it.
 */
export function comesBackUntil(head: Pick<Head, 'state' | 'incident' | 'windowClass' | 'history'>): number | null {
  if (head.state !== 'linked' || head.incident === undefined) return null;
  const linkedAt = head.history.findLast(([what]) => what === 'linked')?.[1] ?? 0;
  return linkedAt + windowsOf(head.windowClass).reopenMs;
}

/** Whether a request cannot change any more, or is linked to an incident and its time to come back is over. */
export const isOver = (state: RequestState, head: Parameters<typeof comesBackUntil>[0], now: number): boolean =>
  isFinal(state) && now >= (comesBackUntil(head) ?? 0);

/** One step of a request's life: what happened, when, and by whom. */
export const RequestStep = z
  .object({
    what: z.string().meta({ description: 'Such as `ready`, `leased`, `resolved`, `reopened`' }),
    at: Instant,
    by: z.string().meta({ description: '`customer`, `company`, `market`, or the id of a provider' }),
    lease: z.string().nullable().meta({ description: 'The turn it happened in; null for the request itself' }),
  })
  .meta({ id: 'RequestStep' });
export type RequestStep = z.infer<typeof RequestStep>;

/** The history of a request and of the turns it still names, in order of time. What a turn's claim says is said once. */
export function stepsOf(head: Pick<Head, 'history'>, turns: readonly { id: string; lease: Lease }[]): RequestStep[] {
  const own = head.history.map(([what, at, by]) => ({ what, at, by, lease: null }));
  const inTurns = turns.flatMap(({ id, lease }) =>
    lease.history.filter(([what]) => what !== 'held').map(([what, at, by]) => ({ what, at, by, lease: id })),
  );
  return [...own, ...inTurns].sort((a, b) => a.at - b.at).map((step) => ({ ...step, at: iso(step.at) }));
}

export const RequestView = z
  .object({
    id: RequestId,
    externalId: ExternalId,
    queue: QueueId,
    round: z.int().nullable().meta({ description: 'The round that priced it; null where no round could take it' }),
    state: RequestState,
    provider: OrganisationId.nullable(),
    route: z
      .enum(['slot', 'overflow', 'none'])
      .meta({ description: 'By a slot of the award, by a standing bid, or not at all' }),
    priceMicros: PriceMicros.nullable(),
    acceptedAt: Instant,
    deadline: Instant,
    resolvedAt: Instant.nullable(),
    withinSla: z.boolean().nullable().meta({ description: 'Of the first resolution; null before it' }),
    reopens: z.int(),
    linkedTo: RequestId.nullable(),
    incident: IncidentId.nullable().meta({
      description: 'The incident it is linked to, or was before it came back',
    }),
    outcome: z.object({ code: z.string(), summary: z.string() }).nullable(),
  })
  .meta({ id: 'RequestView' });
export type RequestView = z.infer<typeof RequestView>;

/** What the company sees of a request. `first` is the first resolved lease, where there is one. */
export function viewOf(
  head: Head,
  lease: Lease | null,
  first: Lease | null,
  isPosted: boolean,
  now: number,
): RequestView {
  const state = stateOf(head, lease, isPosted, now);
  const hasOutcome = ['resolved', 'confirmed', 'assumed', 'settled'].includes(state);
  const route = head.slot !== null ? 'slot' : head.overflow !== null ? 'overflow' : 'none';
  return {
    id: head.id,
    externalId: head.externalId,
    queue: head.queue,
    round: head.round === 0 ? null : head.round,
    state,
    provider: head.provider,
    route,
    priceMicros: route === 'none' ? null : head.priceMicros,
    acceptedAt: iso(head.acceptedAt),
    deadline: iso(head.deadline),
    resolvedAt: hasOutcome && lease?.resolvedAt ? iso(lease.resolvedAt) : null,
    withinSla: first === null || first.resolvedAt === null ? null : first.resolvedAt <= first.deadline,
    reopens: head.reopens,
    linkedTo: head.linkedTo,
    incident: head.incident ?? null,
    outcome: hasOutcome && lease?.outcome ? { code: lease.outcome.code, summary: lease.outcome.summary } : null,
  };
}
