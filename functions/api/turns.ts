/** A provider's turns: claim, beat, end, note. */
import * as z from 'zod';
import { askByMail } from '../../shared/customer/mail.store.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { listLeasesOf } from '../../shared/dispatch/lease.store.ts';
import { type Lease, leaseView } from '../../shared/dispatch/lease.ts';
import {
  beat,
  endTurn,
  addNote as note,
  readOwnLease,
  resolveTurn,
  type TurnRefusal,
} from '../../shared/dispatch/turn.store.ts';
import { type Result, refuse } from '../../shared/kernel/result.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { answerInSandbox, feedSandbox } from '../../shared/sandbox/sandbox.store.ts';
import { shownWords } from '../../shared/thread/shown.ts';
import { providerWho } from '../../shared/thread/thread.ts';
import { hurryMail } from '../errands.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { NOT_APPROVED } from './refusals.ts';

const NO_LEASE = refuse('not_found', 'There is no such turn of yours.');
const ListKey = z.object({ pk: z.string(), sk: z.string(), lpk: z.string(), lsk: z.string() });

export const claim: Handler<'claim'> = async (context, { body }) => {
  if (!context.actor.approved) return NOT_APPROVED;
  const { tenant, user } = context.actor;
  await feedSandbox(context, tenant, body.max);
  const claimed = await claimWork(context, tenant, body.queues, body.max, Math.random, user);
  const work = claimed.work.map(({ lease, head, words, shows }) => ({
    lease: leaseView(lease),
    category: head.category,
    ...shownWords(shows, words),
  }));
  return { status: 200, body: { work, retryAfterMs: claimed.retryAfterMs, reason: claimed.reason } };
};

export const listLeases: Handler<'listLeases'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, ListKey);
  if (!after.ok) return after;
  const month = query.month ?? monthOf(context.now);
  const page = await listLeasesOf(context, context.actor.tenant, month, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const leases = query.state === undefined ? page.leases : page.leases.filter((lease) => lease.state === query.state);
  return { status: 200, body: { items: leases.map(leaseView), next: await cursorOf(context, page.after) } };
};

export const getLease: Handler<'getLease'> = async (context, { params }) => {
  const lease = await readOwnLease(context, context.actor.tenant, params.lease);
  return lease === undefined ? NO_LEASE : { status: 200, body: leaseView(lease) };
};

const answer = (turn: Result<Lease, TurnRefusal>) =>
  turn.ok ? { status: 200 as const, body: leaseView(turn.value) } : turn;

export const heartbeat: Handler<'heartbeat'> = async (context, { params, body }) =>
  answer(await beat(context, context.actor.tenant, params.lease, body.progress));
export const resolve: Handler<'resolve'> = async (context, { params, body }) => {
  const resolved = await resolveTurn(context, context.actor.tenant, params.lease, body);
  // Where this dies, the sweep at the lease's end orders the same mail.
  if (resolved.ok) {
    await hurryMail(context.runtime, context, await askByMail(context, resolved.value));
    await answerInSandbox(context, resolved.value);
  }
  return answer(resolved);
};
export const escalate: Handler<'escalate'> = async (context, { params, body }) =>
  answer(await endTurn(context, context.actor.tenant, params.lease, 'escalated', body.reason));
export const decline: Handler<'decline'> = async (context, { params, body }) =>
  answer(await endTurn(context, context.actor.tenant, params.lease, 'declined', body.reason));

export const addNote: Handler<'addNote'> = async (context, { params, body }) => {
  const { actor, idempotencyKey } = context;
  const more = { who: providerWho(actor), ...(idempotencyKey === null ? {} : { key: idempotencyKey }) };
  const kept = await note(context, actor.tenant, params.lease, body.text, more);
  return kept.ok ? { status: 201, body: kept.value } : kept;
};
