/** How requests are sent and worked, as companies and providers state it; and their own view of the work. */
import { dispatchRoutes } from '../../shared/api/routes/dispatch.ts';
import { putBudget as putCap, viewBudgets } from '../../shared/budget/budget.store.ts';
import { deleteCompanyHours, putCompanyHours, readCompanyHours } from '../../shared/calendar/calendar.store.ts';
import { viewAvailability } from '../../shared/dispatch/availability.store.ts';
import { allowProvider as allow, readWithdrawals } from '../../shared/dispatch/lane.store.ts';
import * as offline from '../../shared/dispatch/offline.store.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';
import { listOwnLanes } from '../../shared/operations/lane-view.store.ts';
import { openWork } from '../../shared/operations/open-work.store.ts';
import { readQueueItem } from '../../shared/queue/queue.store.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';

const NO_QUEUE = refuse('not_found', 'There is no such queue; GET /v1/queues lists them.');

const getAvailability: Handler<'getAvailability'> = async (context) => ({
  status: 200,
  body: await viewAvailability(context, context.actor.tenant),
});

const putAvailability: Handler<'putAvailability'> = async (context, { body }) => {
  await offline.putAvailability(context, context.actor.tenant, body.rules);
  return { status: 200, body: await viewAvailability(context, context.actor.tenant) };
};

/** Whom a call takes on or off line: null is the whole provider, which its admin alone may; so is anybody but oneself. */
function whomOf(actor: Member, agent: string | undefined): { agent: string | null } | Refusal<'forbidden'> {
  if (agent === 'me' || agent === actor.user) return { agent: actor.user };
  if (actor.roles.includes('provider.admin')) return { agent: agent ?? null };
  return refuse(
    'forbidden',
    'An agent goes on or off line itself, with agent “me”; for others and the whole provider ask your admin.',
  );
}

const goOffline: Handler<'goOffline'> = async (context, { body }) => {
  const whom = whomOf(context.actor, body.agent);
  if ('ok' in whom) return whom;
  const went = await offline.goOffline(context, context.actor.tenant, whom.agent, body.held === 'keep');
  if (whom.agent === null) await hurry(context);
  return { status: 200, body: went };
};

/** The sweep of lanes finds what is to be moved by itself; the message only hurries it. */
async function hurry(context: Context<Member>): Promise<void> {
  const { runtime, actor } = context;
  await runtime.send('sweeps', [{ kind: 'provider', provider: actor.tenant }]).catch((error: unknown) => {
    runtime.log('warn', 'a message was not sent; the next sweep does its work', {
      queue: 'sweeps',
      error: String(error),
    });
  });
}

const comeOnline: Handler<'comeOnline'> = async (context, { body }) => {
  const whom = whomOf(context.actor, body.agent);
  if ('ok' in whom) return whom;
  await offline.comeOnline(context, context.actor.tenant, whom.agent);
  return { status: 200, body: await viewAvailability(context, context.actor.tenant) };
};

const listLanes: Handler<'listLanes'> = async (context) => ({
  status: 200,
  body: { items: await listOwnLanes(context, context.actor.tenant) },
});

const getBudget: Handler<'getBudget'> = async (context) => ({
  status: 200,
  body: { items: await viewBudgets(context, context.actor.tenant) },
});

const putBudget: Handler<'putBudget'> = async (context, { body }) => {
  const put = await putCap(context, context.actor.tenant, body);
  return put.ok ? { status: 200, body: { items: await viewBudgets(context, context.actor.tenant) } } : put;
};

const getCalendar: Handler<'getCalendar'> = async (context) => ({
  status: 200,
  body: { items: await readCompanyHours(context, context.actor.tenant) },
});

const putCalendar: Handler<'putCalendar'> = async (context, { query, body }) => {
  if (query.queue !== undefined && (await readQueueItem(context.tables, query.queue)) === undefined) return NO_QUEUE;
  const queue = query.queue ?? null;
  await putCompanyHours(context, context.actor.tenant, queue, body);
  return { status: 200, body: { queue, hours: body } };
};

const deleteCalendar: Handler<'deleteCalendar'> = async (context, { query }) => {
  await deleteCompanyHours(context, context.actor.tenant, query.queue ?? null);
  return { status: 204, body: null };
};

const listWithdrawals: Handler<'listWithdrawals'> = async (context) => {
  const withdrawn = await readWithdrawals(context, context.actor.tenant);
  const items = withdrawn.map((entry) => {
    const [queue = '', provider = ''] = entry.split('#');
    return { queue, provider };
  });
  return { status: 200, body: { items } };
};

const allowProvider: Handler<'allowProvider'> = async (context, { params }) => {
  await allow(context, context.actor.tenant, params.queue, params.provider);
  return { status: 204, body: null };
};

const getOpenWork: Handler<'getOpenWork'> = async (context, { params }) => {
  if ((await readQueueItem(context.tables, params.queue)) === undefined) return NO_QUEUE;
  return { status: 200, body: await openWork(context, context.actor.tenant, params.queue) };
};

export const handler = api('dispatch', dispatchRoutes, {
  getAvailability,
  putAvailability,
  goOffline,
  comeOnline,
  listLanes,
  getBudget,
  putBudget,
  getCalendar,
  putCalendar,
  deleteCalendar,
  listWithdrawals,
  allowProvider,
  getOpenWork,
});
