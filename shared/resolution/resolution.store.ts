/** Judging a resolution: confirmed or reopened, by the customer or the company, within the reopen window. */

import { hoursOf } from '../calendar/calendar.store.ts';
import { afterOpenTime } from '../calendar/calendar.ts';
import { makeReady, mayStay, readyAsSeen } from '../dispatch/lane-change.store.ts';
import { leaseKeyOf, readLease } from '../dispatch/lease.store.ts';
import { isResolved, Lease, type Rejection, statesBefore } from '../dispatch/lease.ts';
import { readPlan, termsOfRound } from '../dispatch/plan.store.ts';
import type { Plan } from '../dispatch/plan.ts';
import { releaseHead } from '../dispatch/release.store.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import type { Write } from '../kernel/table.ts';
import { headKey } from '../request/request.store.ts';
import { type Head, type RequestState, rejectionsOf } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';
import { lastTurnEvents, turnEvents } from '../webhook/announcements.ts';
import { announce, announceAgain } from '../webhook/webhook.store.ts';
import { takeBack } from './take-back.store.ts';

export type JudgeRefusal = 'not_resolved' | 'window_passed' | 'data_erased';
/** From this reopening on a person at another provider looks. */
const ANOTHER_PERSON_FROM = 3;

/** 'Solved': the resolution is confirmed. Said again, it changes nothing. */
export async function confirm(call: Call, head: Head, by: string): Promise<Result<RequestState, JudgeRefusal>> {
  if (head.state !== 'leased' || head.lease === null) return notResolved(head);
  const { reopenMs } = windowsOf(head.windowClass);
  const written = await call.tables.change(
    'requests',
    leaseKeyOf(head.lease),
    Lease,
    { set: { state: 'confirmed', confirmedAt: call.now }, append: { history: [['confirmed', call.now, by]] } },
    [
      ['in', 'state', statesBefore('confirm')],
      ['>', 'resolvedAt', call.now - reopenMs],
    ],
  );
  if (written.ok) {
    await announce(call, ...lastTurnEvents(written.item));
    return ok('confirmed');
  }
  const lease = Lease.safeParse(written.old);
  if (lease.success && lease.data.state === 'confirmed') {
    await announceAgain(call, ...turnEvents(lease.data));
    return ok('confirmed');
  }
  return refuseJudgement(head, lease.success ? lease.data : null);
}

/** 'Not solved': the lease is reopened and the head ready again with a new deadline, in one transaction. */
export async function reopen(
  call: Call,
  head: Head,
  by: string,
  more: { personOnly?: boolean; rejection?: Rejection; writes?: readonly Write[] } = {},
): Promise<Result<RequestState, JudgeRefusal>> {
  if (head.state === 'ready' && head.history.at(-1)?.[0] === 'reopened') return ok('queued');
  if (head.erasedAt !== undefined)
    return refuse('data_erased', 'What the customer said was erased, so nobody could work on it; send a new request.');
  if (head.state !== 'leased' || head.lease === null) return notResolved(head);
  const leaseId = head.lease;
  const lease = await readLease(call, leaseId, { consistent: true });
  const { reopenMs } = windowsOf(head.windowClass);
  if (lease === undefined || !isResolved(lease) || (lease.resolvedAt ?? 0) <= call.now - reopenMs) {
    return refuseJudgement(head, lease ?? null);
  }
  const plan = await planOf(call, head);
  const reopens = head.reopens + 1;
  const elsewhere = reopens >= ANOTHER_PERSON_FROM;
  const set: Partial<Head> = {
    reopens,
    deadline: afterOpenTime(await hoursOf(call, head.company, head.queue), call.now, head.slaMs),
    firstResolved: head.firstResolved ?? leaseId,
    personOnly: head.personOnly || elsewhere || (more.personOnly ?? false),
    notOffered:
      elsewhere && !head.notOffered.includes(lease.provider) ? [...head.notOffered, lease.provider] : head.notOffered,
    leases: [...head.leases, leaseId].slice(-5),
  };
  const wasAutomation = isProgram(plan, lease.provider);
  const staysFirst =
    !elsewhere &&
    !(set.personOnly === true && wasAutomation) &&
    (await mayStay(call, plan, head.queue, lease.provider));
  const reopened: Write = {
    kind: 'update',
    table: 'requests',
    key: leaseKeyOf(leaseId),
    change: {
      set: { state: 'reopened', ...(more.rejection === undefined ? {} : { rejection: more.rejection }) },
      append: { history: [['reopened', call.now, by]] },
    },
    when: [
      ['in', 'state', statesBefore('reopen')],
      ['>', 'resolvedAt', call.now - reopenMs],
    ],
  };
  const moved = await makeReady(call, head, plan, {
    when: [
      ['=', 'lease', leaseId],
      ['=', 'state', 'leased'],
    ],
    set,
    writes: [reopened, ...(more.writes ?? [])],
    staysFirst,
    event: 'reopened',
    actor: by,
    at: call.now,
    otherwise: 'nobody',
  });
  if (typeof moved !== 'string')
    return refuse('not_resolved', 'The request changed at the same moment; read it and try again.', {
      retryable: true,
    });
  await announce(call, ...lastTurnEvents({ ...lease, history: [...lease.history, ['reopened', call.now, by]] }));
  return ok('queued');
}

/** A company rejects the same request so often; after that only its customer may say that it is not solved. */
export const MOST_REJECTIONS = 3;

/** The company rejects the resolution, with its reason: the request is worked again, and the rejection counts in its record. */
export async function reject(
  call: Call,
  head: Head,
  rejection: Rejection,
): Promise<Result<RequestState, JudgeRefusal | 'rejections_used'>> {
  const isRepeat = head.state === 'ready' && head.history.at(-1)?.[0] === 'reopened';
  if (!isRepeat && rejectionsOf(head) >= MOST_REJECTIONS)
    return refuse(
      'rejections_used',
      `You have rejected this request ${MOST_REJECTIONS} times; now only the customer can say that it is not solved.`,
    );
  return reopen(call, head, 'company', { rejection });
}

/** Takes a request back that is not resolved yet: ready, or held by a provider whose turn then ends. */
export async function cancel(call: Call, head: Head, by: string): Promise<Result<RequestState, 'request_closed'>> {
  const taken = await takeBack(call, head, { state: 'cancelled', by, reason: 'cancelled by the company', set: {} });
  return taken.ok ? ok('cancelled') : taken;
}

/** 'A person please': from now on only people work it; a program that has it hands it over at once. */
export async function personPlease(
  call: Call,
  head: Head,
): Promise<Result<RequestState, 'request_closed' | 'window_passed' | 'data_erased'>> {
  if (head.state === 'ready') return personNext(call, head);
  if (head.state === 'held_back') {
    const change = { set: { personOnly: true } };
    await call.tables.update('requests', headKey(head.id), change, [['=', 'state', 'held_back']]);
    return ok('held_back');
  }
  if (head.state !== 'leased' || head.lease === null) {
    return refuse('request_closed', 'The request is closed; send a new one.');
  }
  const lease = await readLease(call, head.lease, { consistent: true });
  if (lease !== undefined && isResolved(lease)) {
    const reopened = await reopen(call, head, 'customer', { personOnly: true });
    if (reopened.ok) return reopened;
    return refuse(reopened.code === 'data_erased' ? reopened.code : 'window_passed', reopened.detail);
  }
  await call.tables.update('requests', headKey(head.id), { set: { personOnly: true } }, [['=', 'lease', head.lease]]);
  return handOver(call, head, lease);
}

/** A request that waits: it leaves a program's lane for a person's. */
async function personNext(call: Call, head: Head): Promise<Result<RequestState, never>> {
  if (head.personOnly) return ok('queued');
  const plan = await planOf(call, head);
  await makeReady(call, head, plan, {
    when: [...readyAsSeen(head), ['=', 'personOnly', false]],
    set: { personOnly: true },
    writes: [],
    staysFirst:
      head.provider !== null &&
      !isProgram(plan, head.provider) &&
      (await mayStay(call, plan, head.queue, head.provider)),
    event: 'person',
    actor: 'customer',
    at: call.now,
    otherwise: 'nobody',
  });
  return ok('queued');
}

/** A request that somebody holds: a program's turn ends, a person's goes on. */
async function handOver(call: Call, head: Head, lease: Lease | undefined): Promise<Result<RequestState, never>> {
  const plan = await planOf(call, head);
  if (lease === undefined || head.lease === null || !isProgram(plan, lease.provider)) return ok('working');
  const change = {
    set: { state: 'escalated', endedAt: call.now, reason: 'a person please' },
    append: { history: [['escalated', call.now, 'customer']] },
  };
  const ended = await call.tables.change('requests', leaseKeyOf(head.lease), Lease, change, [
    ['in', 'state', statesBefore('escalate')],
  ]);
  if (ended.ok) {
    await releaseHead(call, ended.item, call.now);
    await announce(call, ...lastTurnEvents(ended.item));
  }
  return ok('queued');
}

export async function planOf(call: Call, head: Head): Promise<Plan> {
  const { version } = await termsOfRound(call, head.queue, head.round);
  return readPlan(call, head.company, head.queue, head.round, version);
}

export const isProgram = (plan: Plan, provider: string | null): boolean =>
  plan.providers.find((other) => other.provider === provider)?.kind === 'automation';

function notResolved(head: Head): Refusal<'not_resolved'> {
  return refuse('not_resolved', `There is no resolution to judge: the request is ${head.state}.`, {
    extra: { state: head.state },
  });
}

function refuseJudgement(head: Head, lease: Lease | null): Refusal<JudgeRefusal> {
  return lease !== null && isResolved(lease)
    ? refuse('window_passed', 'The reopen window has passed; send a new request, or dispute the charge.')
    : refuse(
        'not_resolved',
        `There is no resolution to judge: the turn is ${lease?.state ?? 'gone'}, the request ${head.state}.`,
      );
}
