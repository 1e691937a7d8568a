/**
 * One request and its incident. That it is linked stands in its head; beside it `IL#<incident>` / `<request>` in the requests
 * table says by which walk, at what price, and whether it came back.
 */
import * as z from 'zod';
import { heldPartition } from '../budget/budget.store.ts';
import { hoursOf } from '../calendar/calendar.store.ts';
import { afterOpenTime } from '../calendar/calendar.ts';
import { makeReady, mayStay } from '../dispatch/lane-change.store.ts';
import { providerOfSlot } from '../dispatch/sequence.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Clause, type Item, type Key, keyText, type Write } from '../kernel/table.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { headKey } from '../request/request.store.ts';
import { comesBackUntil, type Head, RequestId, type RequestState } from '../request/request.ts';
import { isProgram, planOf } from '../resolution/resolution.store.ts';
import { takeBack } from '../resolution/take-back.store.ts';
import { announce } from '../webhook/webhook.store.ts';
import { incidentKey } from './incident.store.ts';

export const Link = z.object({
  pk: z.string(),
  sk: RequestId,
  /** The walk that linked it last. */
  run: z.int(),
  at: z.number(),
  micros: z.int(),
  cameBackAt: z.number().nullable(),
});
export type Link = z.infer<typeof Link>;

const partition = (incident: string): string => `IL#${incident}`;
const linkKey = (incident: string, request: string): Key => ({ pk: partition(incident), sk: request });

/** What stands of some requests, by request. */
export async function readLinks(call: Call, incident: string, requests: readonly string[]): Promise<Map<string, Link>> {
  const keys = requests.map((request) => linkKey(incident, request));
  const found = await call.tables.getMany('requests', keys, Link, { consistent: true });
  return new Map([...found.values()].map((link) => [link.sk, link]));
}

/** A page of what was linked to an incident, in order of request. */
export async function listLinks(
  call: Call,
  incident: string,
  page: { limit: number; after?: string | Item | undefined },
): Promise<{ links: Link[]; after: Item | undefined }> {
  const after = typeof page.after === 'string' ? linkKey(incident, page.after) : page.after;
  const found = await call.tables.query('requests', Link, {
    pk: partition(incident),
    limit: page.limit,
    consistent: true,
    ...(after === undefined ? {} : { after }),
  });
  return { links: found.items, after: found.after as Item | undefined };
}

/**
 * Links a request in a walk: first its link, so that whoever comes back finds it, then the head, which decides. Answers
 * whether this walk linked it, also where an earlier try did; one whose customer took it out of this walk stays out.
 */
export async function linkRequest(
  call: Call,
  incident: string,
  run: number,
  head: Head,
  known: Link | undefined,
): Promise<{ isNew: boolean; micros: number }> {
  const micros = known?.run === run ? known.micros : head.priceMicros;
  if (known?.run === run && known.cameBackAt !== null) return { isNew: true, micros };
  if (head.state === 'linked' && head.incident === incident) return { isNew: known?.run === run, micros };
  const key = linkKey(incident, head.id);
  const link: Link = { pk: key.pk, sk: head.id, run, at: call.now, micros, cameBackAt: null };
  if (known === undefined) await call.tables.put('requests', link, ABSENT);
  else if (known.run !== run) await call.tables.put('requests', link, [['=', 'run', known.run]]);
  const into = { state: 'linked', by: 'company', reason: 'linked to an incident', set: { incident } } as const;
  const linked = await takeBack(call, head, into);
  if (linked.ok) return { isNew: true, micros };
  // It was resolved or cancelled at the same moment: nothing of it was linked.
  if (known === undefined || known.run === run) await call.tables.delete('requests', key, [['=', 'run', run]]);
  else await call.tables.put('requests', known, [['=', 'run', run]]);
  return { isNew: false, micros: 0 };
}

export type ComeBackRefusal = 'not_resolved' | 'window_passed' | 'data_erased';
/** What the history says of a request that is worked after all. */
const CAME_BACK = 'came_back';

/** Whether what a customer says of a request is about its incident: it is linked, or has just come back from there. */
export function isOfIncident({ incident, state, history }: Head): boolean {
  if (incident === undefined) return false;
  return state === 'linked' || ((state === 'ready' || state === 'held_back') && history.at(-1)?.[0] === CAME_BACK);
}

/**
 * Takes a request out of its incident: it is worked as one of its own, at its slot and price, with a new deadline. Within the
 * reopen window from the linking, which is how long its round reckons with it. Said again, it changes nothing.
 */
export async function comeBack(
  call: Call,
  head: Head,
  by: 'customer' | 'company',
  more: { personOnly?: boolean; writes?: readonly Write[] } = {},
): Promise<Result<RequestState, ComeBackRefusal>> {
  if (head.state === 'ready') return ok('queued');
  if (head.state === 'held_back') return ok('held_back');
  if (head.erasedAt !== undefined)
    return refuse('data_erased', 'What the customer said was erased, so nobody could work on it; send a new request.');
  const { incident } = head;
  const until = comesBackUntil(head);
  if (until === null || incident === undefined)
    return refuse('not_resolved', `The request is linked to no incident: it is ${head.state}.`);
  if (call.now >= until)
    return refuse('window_passed', 'The time in which it could come back has passed; send a new request.');
  const writes = [...leaveWrites(call, incident, head), ...(more.writes ?? [])];
  const isBack =
    head.slot === null && head.overflow === null
      ? await holdAgain(call, head, by, writes)
      : await workAgain(call, head, by, more.personOnly ?? false, writes);
  if (!isBack)
    return refuse('not_resolved', 'The request changed at the same moment; read it and try again.', {
      retryable: true,
    });
  const data = { request: head.id, queue: head.queue, by };
  const about = { tenant: head.company, subject: head.id, at: call.now, effect: incident };
  await announce(call, { ...about, type: 'request.reopened', data });
  return ok(head.slot === null && head.overflow === null ? 'held_back' : 'queued');
}

const isLinked = (head: Head): readonly Clause[] => [
  ['=', 'state', 'linked'],
  ['=', 'incident', head.incident ?? ''],
];

/** The link says when it came back, and the incident counts it, once. */
function leaveWrites(call: Call, incident: string, head: Head): Write[] {
  return [
    {
      kind: 'update',
      table: 'requests',
      key: linkKey(incident, head.id),
      change: { set: { cameBackAt: call.now } },
      when: [['=', 'cameBackAt', null]],
    },
    {
      kind: 'update',
      table: 'market',
      key: incidentKey(incident),
      change: { add: { cameBack: 1, cameBackMicros: head.priceMicros } },
      when: [['present', 'pk']],
    },
  ];
}

async function workAgain(
  call: Call,
  head: Head,
  by: string,
  personOnly: boolean,
  writes: readonly Write[],
): Promise<boolean> {
  const plan = await planOf(call, head);
  const own = head.slot === null || plan.award === null ? null : providerOfSlot(plan.award.byProvider, head.slot);
  // Its own lane needs no free capacity; any other gave back what it had taken of it when it was linked.
  const isOwnLane = own !== null && own === head.provider;
  const forPeople = head.personOnly || personOnly;
  const staysFirst = isOwnLane && !(forPeople && isProgram(plan, own)) && (await mayStay(call, plan, head.queue, own));
  const moved = await makeReady(call, isOwnLane ? head : { ...head, provider: null }, plan, {
    when: isLinked(head),
    set: {
      deadline: afterOpenTime(await hoursOf(call, head.company, head.queue), call.now, head.slaMs),
      personOnly: forPeople,
      leases: head.lease === null ? head.leases : [...head.leases, head.lease].slice(-5),
    },
    writes,
    staysFirst,
    event: CAME_BACK,
    actor: by,
    at: call.now,
    otherwise: 'nobody',
  });
  return moved === 'moved';
}

/** What a cap had held back is held back again. */
async function holdAgain(call: Call, head: Head, by: string, writes: readonly Write[]): Promise<boolean> {
  const queue = await readQueueItem(call.tables, head.queue);
  if (queue === undefined) return false;
  const change = {
    set: {
      state: 'held_back',
      wpk: heldPartition(head.company, queue.currency),
      wsk: `${timeKey(head.acceptedAt)}#${head.id}`,
    },
    append: { history: [[CAME_BACK, call.now, by]] },
  };
  const held: Write = { kind: 'update', table: 'requests', key: headKey(head.id), change, when: isLinked(head) };
  return (await call.tables.transact([held, ...writes])).ok;
}

export const headsByKey = (heads: ReadonlyMap<string, Head>, requests: readonly string[]): Head[] =>
  requests.flatMap((request) => heads.get(keyText(headKey(request))) ?? []);
