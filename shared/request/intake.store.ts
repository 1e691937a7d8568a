/**
 * Taking a request in. Reads first, then words, slot or capacity, and the head, whose one conditional put decides; what
 * came before it can be repeated or is given back.
 */
import { slotPriceMicros } from '../award/award.ts';
import { giveBudgetBack } from '../budget/budget.store.ts';
import { holdBack, type Reserved, reserve } from '../budget/reserve.store.ts';
import { hoursOf } from '../calendar/calendar.store.ts';
import { afterOpenTime, openTimeBetween } from '../calendar/calendar.ts';
import { offlineSince, workingCandidates } from '../dispatch/availability.store.ts';
import { giveCapacityBack, laneShard, takeCapacity } from '../dispatch/lane.store.ts';
import { intakeRound, readPlan, termsOfRound } from '../dispatch/plan.store.ts';
import { isWithdrawn, laneCandidates, overflowCandidates, type Plan } from '../dispatch/plan.ts';
import { providerOfSlot } from '../dispatch/sequence.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { contentHash, shortHash, spread } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, keyText } from '../kernel/table.ts';
import { dayOf, fromIso, HOUR, iso } from '../kernel/time.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { noteJoined } from '../round/totals.store.ts';
import { sameWorld } from '../sandbox/sandbox.ts';
import { windowClassOf } from '../terms/terms.ts';
import { intakeEvents } from '../webhook/announcements.ts';
import { announce, announceAgain, announceWork } from '../webhook/webhook.store.ts';
import { normalHandle } from './handle.ts';
import {
  headKey,
  headList,
  moveTime,
  readHead,
  viewRequest,
  wordsKey,
  wordsPartition,
  worklistKeys,
} from './request.store.ts';
import {
  Head,
  headItem,
  type PlacedRequest,
  type RequestInput,
  type RequestView,
  viewOf,
  type Words,
} from './request.ts';
import { findReturn, linkReturn } from './return.store.ts';

export type IntakeRefusal =
  | 'not_found'
  | 'external_id_conflict'
  | 'idempotency_key_reused'
  | 'deadline_too_early'
  | 'category_mismatch'
  | 'budget_reached'
  | 'still_running';
export type Accepted = {
  view: RequestView;
  isReturn: boolean;
  /** It was taken in before, by a command with another key or none. */
  isRepeat: boolean;
};

/**
 * Accepts a request of a company. The same `externalId` with the same content answers the same again; with other content
 * it is `idempotency_key_reused` under the same key, else `external_id_conflict`. `isReturn`: the customer came back, and
 * the answer shows the request that is worked again. `sent` is the request as the company sent it, by which a repetition
 * is recognised.
 */
export async function acceptRequest(
  call: Call,
  company: string,
  input: PlacedRequest,
  commandKey: string | null,
  sent: RequestInput = input,
): Promise<Result<Accepted, IntakeRefusal>> {
  const id = await idOf(company, sent);
  const hash = await contentHash(sent);
  // A shadow of a sandbox has its own queue alone, and nobody else has that one.
  const queue = sameWorld(company, input.queue) ? await readQueueItem(call.tables, input.queue) : undefined;
  const category = queue?.serviceClass.category ?? '';
  const draft = queue === undefined ? undefined : await draftHead(call, company, id, hash, commandKey, input, category);
  // Nearly every call is a new request, so what that needs is read beside the head that would say otherwise.
  const [existing, plan, earlier] = await Promise.all([
    readHead(call, id),
    draft?.round === undefined ? null : readPlan(call, company, input.queue, draft.round, draft.version),
    draft === undefined ? undefined : findReturn(call, wordsPartition(company, draft.head.handle), category, id),
  ]);
  if (existing !== undefined) return answerAgain(call, existing, hash, commandKey);
  if (draft === undefined) {
    return refuse('not_found', `There is no queue ${input.queue}; GET /v1/queues lists them.`, {
      extra: { field: 'queue' },
    });
  }
  const misfit = misfitOf(input, category, draft);
  if (misfit !== undefined) return misfit;
  if (earlier !== undefined) {
    await call.tables.put('requests', wordsItem(call, draft.head, input));
    const linked = await linkReturn(call, draft.head, earlier, input.text);
    if (linked !== undefined) return ok({ view: linked, isReturn: true, isRepeat: false });
  }
  const reserved: Reserved | null =
    plan === null || queue === undefined ? null : await reserve(call, draft.head, queue.currency, plan);
  if (reserved?.beyond === 'refuse') return budgetReached(reserved.budget.currency);
  const [head] = await Promise.all([
    plan === null ? draft.head : placeWithin(call, draft.head, plan, reserved),
    call.tables.put('requests', wordsItem(call, draft.head, input)),
  ]);
  return putHead(call, head, hash, commandKey, reserved);
}

const idOf = async (company: string, { externalId }: RequestInput): Promise<string> =>
  `${company}.${await shortHash(externalId)}`;

/** What a request with this `externalId` was or is answered, before its queue is looked for; undefined where it is new. */
export async function answerEarlier(
  call: Call,
  company: string,
  sent: RequestInput,
  commandKey: string | null,
): Promise<Result<Accepted, IntakeRefusal> | undefined> {
  const head = await readHead(call, await idOf(company, sent));
  return head === undefined ? undefined : answerAgain(call, head, await contentHash(sent), commandKey);
}

/** Places a request that its budget lets through, and holds back another. */
async function placeWithin(call: Call, head: Head, plan: Plan, reserved: Reserved | null): Promise<Head> {
  if (reserved === null) return place(call, head, plan);
  if (reserved.beyond === 'hold') return holdBack(call, head, reserved.budget);
  const placed = await place(call, head, plan);
  if (placed.state === 'ready') return { ...placed, counted: dayOf(call.now) };
  await giveBudgetBack(call, reserved.budget, reserved.micros);
  return placed;
}

const budgetReached = (currency: string): Refusal<'budget_reached'> =>
  refuse(
    'budget_reached',
    `This month’s budget in ${currency} does not suffice for another request; raise the cap with PUT /v1/budget, or wait for the month to turn (UTC).`,
    { extra: { currency } },
  );

type Draft = { head: Head; round: number | undefined; version: number; standardDeadline: number };

/** What is wrong with a request for this queue; undefined where nothing is. */
function misfitOf(
  input: PlacedRequest,
  category: string,
  { standardDeadline, head }: Draft,
): Refusal<'category_mismatch' | 'deadline_too_early'> | undefined {
  if (input.category !== undefined && input.category !== category) {
    return refuse(
      'category_mismatch',
      `Queue ${input.queue} serves “${category}”, not “${input.category}”: choose that category's queue.`,
      { extra: { field: 'category' } },
    );
  }
  if (head.deadline >= standardDeadline) return undefined;
  return refuse(
    'deadline_too_early',
    `A deadline may only be later than the SLA tier's, which is ${iso(standardDeadline)}; leave it out or state a later one.`,
    { extra: { field: 'deadline' } },
  );
}

/** The head of a request as it would be without any supply. */
async function draftHead(
  call: Call,
  company: string,
  id: string,
  hash: string,
  commandKey: string | null,
  input: PlacedRequest,
  category: string,
): Promise<Draft> {
  const round = await intakeRound(call, input.queue);
  const { terms, version } = await termsOfRound(call, input.queue, round?.round ?? 0);
  const hours = await hoursOf(call, company, input.queue);
  const standardDeadline = afterOpenTime(hours, call.now, terms.slaHours * HOUR);
  const deadline = input.deadline === undefined ? standardDeadline : fromIso(input.deadline);
  const slaMs = input.deadline === undefined ? terms.slaHours * HOUR : openTimeBetween(hours, call.now, deadline);
  const head: Head = {
    ...headKey(id),
    id,
    externalId: input.externalId,
    company,
    queue: input.queue,
    category,
    round: round?.round ?? 0,
    windowClass: windowClassOf(terms),
    state: 'unserved',
    provider: null,
    acceptedAt: call.now,
    deadline,
    slaMs,
    moveAt: moveTime(deadline, slaMs),
    slot: null,
    overflow: null,
    capacityOf: null,
    priceMicros: 0,
    lease: null,
    leases: [],
    firstResolved: null,
    handle: await shortHash(normalHandle(input.customer)),
    contentHash: hash,
    commandKey,
    notOffered: [],
    personOnly: false,
    lostTurns: 0,
    reopens: 0,
    linkedTo: null,
    history: [],
    lpk: headList(company, input.queue, round?.round ?? 0),
    lsk: `${timeKey(call.now)}#${id}`,
  };
  return { head, round: round?.round, version, standardDeadline };
}

/** What the customer said, as an item: put once, never changed. */
const wordsItem = (call: Call, head: Head, input: RequestInput): Words => ({
  ...wordsKey(head),
  request: head.id,
  customer: input.customer,
  text: input.text,
  category: head.category,
  fields: input.fields,
  at: call.now,
});

/** Gives the request a slot, else overflow, else leaves it unserved. */
export async function place(call: Call, head: Head, plan: Plan): Promise<Head> {
  await noteJoined(call, head.company, head.queue, head.round, plan.award !== null);
  const slot = plan.award === null ? null : await takeSlot(call, head, plan.award.awarded, plan.award.counters);
  if (slot !== null && plan.award !== null) {
    const provider = providerOfSlot(plan.award.byProvider, slot);
    const lane = await openLane(call, head, plan, provider);
    return ready(call, {
      ...head,
      slot,
      provider: lane.provider,
      capacityOf: lane.capacityOf,
      priceMicros: slotPriceMicros(plan.award, slot),
    });
  }
  for (const candidate of await workingCandidates(call, head, overflowCandidates(plan))) {
    if (!(await takeCapacity(call, head.queue, head.round, candidate.provider))) continue;
    const overflow = { overflow: candidate.provider, provider: candidate.provider, capacityOf: candidate.provider };
    return ready(call, { ...head, ...overflow, priceMicros: candidate.allInMicros });
  }
  return { ...head, history: [['unserved', call.now, 'market']] };
}

const fullCounters = cachePerOwner<true>(50_000);

/**
 * The next free slot of a company in a queue and round; null where all are taken. A full counter sends on to the next,
 * and is remembered: slots never come back.
 */
async function takeSlot(call: Call, head: Head, awarded: number, counters: number): Promise<number | null> {
  const first = spread(head.id) % counters;
  const full = fullCounters(call.tables.owner);
  for (let i = 0; i < counters; i++) {
    const counter = (first + i) % counters;
    const slots = Math.ceil((awarded - counter) / counters);
    const key = { pk: `S#${head.company}#${head.queue}#${head.round}`, sk: String(counter) };
    if (slots <= 0 || full.has(keyText(key))) continue;
    const taken = await call.tables.increment('market', key, 'next', 1, [['absent or <', 'next', slots]]);
    if (taken.ok) return taken.before * counters + counter;
    full.set(keyText(key), true);
  }
  return null;
}

/** The lane of a slot's provider; where the company has withdrawn that provider or it is offline, the next lane with free capacity. */
async function openLane(
  call: Call,
  head: Head,
  plan: Plan,
  provider: string,
): Promise<{ provider: string | null; capacityOf: string | null }> {
  const isGone = isWithdrawn(plan.withdrawn, head.queue, provider);
  if (!isGone && (await offlineSince(call, provider)) === null) return { provider, capacityOf: null };
  for (const candidate of await workingCandidates(call, head, laneCandidates(plan, head))) {
    if (candidate.provider === provider) continue;
    if (await takeCapacity(call, head.queue, head.round, candidate.provider))
      return { provider: candidate.provider, capacityOf: candidate.provider };
  }
  return { provider: isGone ? null : provider, capacityOf: null };
}

/** The head as ready in its lane. */
async function ready(call: Call, head: Head): Promise<Head> {
  const shard = await laneShard(call, head, head.provider);
  return {
    ...head,
    state: 'ready',
    history: [['ready', call.now, head.provider ?? '-']],
    ...worklistKeys(head, head.provider, shard),
  };
}

async function putHead(
  call: Call,
  head: Head,
  hash: string,
  commandKey: string | null,
  reserved: Reserved | null,
): Promise<Result<Accepted, IntakeRefusal>> {
  const written = await call.tables.put('requests', headItem(head), ABSENT);
  if (written.ok) {
    await tellTaken(call, head);
    return ok({ view: viewOf(head, null, null, false, call.now), isReturn: false, isRepeat: false });
  }
  const winner = Head.parse(written.old);
  const isOwnWrite = winner.contentHash === hash && winner.acceptedAt === head.acceptedAt && winner.slot === head.slot;
  if (!isOwnWrite && head.capacityOf !== null) {
    await call.tables.transact([giveCapacityBack(call, head.queue, head.round, head.capacityOf)]);
  }
  if (!isOwnWrite && head.counted !== undefined && reserved?.beyond === null) {
    await giveBudgetBack(call, reserved.budget, reserved.micros);
  }
  if (winner.contentHash !== hash) await call.tables.delete('requests', wordsKey(head));
  return answerAgain(call, winner, hash, commandKey);
}

async function tellTaken(call: Call, head: Head): Promise<void> {
  await announce(call, ...intakeEvents(head));
  if (head.state === 'ready' && head.provider !== null) await announceWork(call, head.provider, head.queue, head.round);
}

async function answerAgain(
  call: Call,
  head: Head,
  hash: string,
  commandKey: string | null,
): Promise<Result<Accepted, IntakeRefusal>> {
  if (head.contentHash === hash) {
    const isRepeat = commandKey === null || head.commandKey !== commandKey;
    if (head.state !== 'linked' || head.linkedTo === null) {
      await announceAgain(call, ...intakeEvents(head));
      return ok({ view: await viewRequest(call, head), isReturn: false, isRepeat });
    }
    const earlier = await readHead(call, head.linkedTo);
    return ok({ view: await viewRequest(call, earlier ?? head), isReturn: earlier !== undefined, isRepeat });
  }
  return conflict(head, commandKey);
}

function conflict(head: Head, commandKey: string | null): Refusal<'external_id_conflict' | 'idempotency_key_reused'> {
  if (commandKey !== null && head.commandKey === commandKey) {
    return refuse(
      'idempotency_key_reused',
      'This Idempotency-Key was sent with another body before; use a new key for a new request.',
      { extra: { field: 'Idempotency-Key' } },
    );
  }
  return refuse(
    'external_id_conflict',
    `“${head.externalId}” is already the id of a request with other content; use a new externalId, or send the same content to get its answer.`,
    {
      extra: { field: 'externalId', request: head.id },
    },
  );
}
