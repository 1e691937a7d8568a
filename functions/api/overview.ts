/** What an organisation has in all queues at once, and what waits for whoever asks. */
import * as z from 'zod';
import { overviewRoutes } from '../../shared/api/routes/overview.ts';
import { listOwnBids, listOwnCommitments } from '../../shared/award/own-list.store.ts';
import { readChecklist } from '../../shared/checklist/checklist.store.ts';
import { readInbox } from '../../shared/inbox/inbox.store.ts';
import { pageOfItems } from '../../shared/inbox/inbox.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { allOpenWork } from '../../shared/operations/open-work.store.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { afterOf, cursorOf, pageKeyOf } from '../middleware/cursor.ts';

const OwnerKey = z.object({ pk: z.string(), sk: z.string(), opk: z.string(), osk: z.string() });

const listCommitments: Handler<'listCommitments'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, OwnerKey);
  if (!after.ok) return after;
  const asked = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const page = await listOwnCommitments(context, context.actor.tenant, asked);
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const listBids: Handler<'listBids'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, OwnerKey);
  if (!after.ok) return after;
  const asked = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const page = await listOwnBids(context, context.actor.tenant, asked);
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const getAllOpenWork: Handler<'getAllOpenWork'> = async (context) => ({
  status: 200,
  body: await allOpenWork(context, context.actor.tenant),
});

const getChecklist: Handler<'getChecklist'> = async (context) => {
  const checklist = await readChecklist(context, context.actor.tenant);
  return checklist === undefined
    ? refuse('not_found', 'There is no such organisation.')
    : { status: 200, body: checklist };
};

const getInbox: Handler<'getInbox'> = async (context, { query }) => {
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const { items, isWhole } = await readInbox(context, context.actor);
  const page = pageOfItems(items, query.limit, after.value);
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after), isWhole } };
};

export const handler = api('overview', overviewRoutes, {
  listCommitments,
  listBids,
  getAllOpenWork,
  getChecklist,
  getInbox,
});
