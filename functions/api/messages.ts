/** What is said about a request, by its customer, its company and whoever works it. */
import * as z from 'zod';
import { leaseView } from '../../shared/dispatch/lease.ts';
import type { Customer, Member } from '../../shared/identity/identity.ts';
import { type Result, refuse } from '../../shared/kernel/result.ts';
import { fromIso, iso } from '../../shared/kernel/time.ts';
import { readOwnHead, readWords } from '../../shared/request/request.store.ts';
import { noteAccess, listAccess as readAccess } from '../../shared/thread/access.store.ts';
import { accessForCompany } from '../../shared/thread/access.ts';
import { aboutHead, say as sayAbout } from '../../shared/thread/say.store.ts';
import { shownWords, showTo } from '../../shared/thread/shown.ts';
import { listMessages as list } from '../../shared/thread/thread.store.ts';
import {
  CUSTOMER,
  companyWho,
  type Message,
  type MessageView,
  maySee,
  messageView,
  providerWho,
  type Reader,
} from '../../shared/thread/thread.ts';
import { readTurn, sayInTurn, type TurnView } from '../../shared/thread/turn-thread.store.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { limitCustomer } from './customer-limit.ts';

const NO_REQUEST = refuse('not_found', 'There is no such request.');
const PageKey = z.object({ pk: z.string(), sk: z.string() });

type Query = { order: 'oldest' | 'newest'; since?: string | undefined; cursor?: string | undefined; limit: number };

/** A page of a thread as its reader sees it. What a reader may not see is left out, so a page may hold fewer. */
async function pageFor(context: Context, request: string, query: Query, reader: Reader, until?: number) {
  const after = await pageKeyOf(context, query.cursor, PageKey);
  if (!after.ok) return after;
  const page = await list(context, request, {
    limit: query.limit,
    order: query.order,
    ...(query.since === undefined ? {} : { since: fromIso(query.since) }),
    ...(until === undefined ? {} : { until }),
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const items = page.items.filter((message) => maySee(reader, message)).map((message) => messageView(message, reader));
  return { status: 200 as const, body: { items, next: await cursorOf(context, page.after) } };
}

const answer = <Code extends string>(said: Result<Message, Code>, reader: Reader) =>
  said.ok ? { status: 201 as const, body: messageView(said.value, reader) satisfies MessageView } : said;

export const addMessage: Handler<'addMessage'> = async (context, { params, body }) => {
  const { actor } = context;
  const head = await readOwnHead(context, actor.tenant, params.request);
  if (head === undefined) return NO_REQUEST;
  return answer(await sayAbout(context, aboutHead(head), companyWho(actor), body), companyReader(actor));
};

const companyReader = (actor: Member): Reader => ({ as: 'company', tenant: actor.tenant });

export const listMessages: Handler<'listMessages'> = async (context, { params, query }) => {
  const { actor } = context;
  if ((await readOwnHead(context, actor.tenant, params.request)) === undefined) return NO_REQUEST;
  await noteAccess(context, params.request, companyWho(actor), 'thread');
  return pageFor(context, params.request, query, companyReader(actor));
};

export const getRequestWords: Handler<'getRequestWords'> = async (context, { params }) => {
  const { actor } = context;
  const head = await readOwnHead(context, actor.tenant, params.request);
  if (head === undefined) return NO_REQUEST;
  await noteAccess(context, head.id, companyWho(actor), 'words');
  const { customer = '', text = '', fields = {}, erasedAt } = (await readWords(context, head)) ?? {};
  const erased = erasedAt ?? head.erasedAt;
  const said = { customer, category: head.category, text, fields };
  return { status: 200, body: { ...said, erasedAt: erased === undefined ? null : iso(erased) } };
};

export const listAccess: Handler<'listAccess'> = async (context, { params }) => {
  const { tenant } = context.actor;
  const head = await readOwnHead(context, tenant, params.request);
  if (head === undefined) return NO_REQUEST;
  const accesses = await readAccess(context, head);
  return { status: 200, body: { items: accesses.map((access) => accessForCompany(access, tenant)) } };
};

const providerReader = ({ shows, words }: TurnView, actor: Member): Reader => ({
  as: 'provider',
  tenant: actor.tenant,
  show: showTo(shows, words),
  showsAttachments: shows.attachments,
});

export const getWork: Handler<'getWork'> = async (context, { params }) => {
  const turn = await readTurn(context, context.actor.tenant, params.lease);
  if (!turn.ok) return turn;
  const { lease, category, shows, words } = turn.value;
  await noteAccess(context, lease.request, providerWho(context.actor), 'words');
  return { status: 200, body: { lease: leaseView(lease), category, ...shownWords(shows, words) } };
};

export const addTurnMessage: Handler<'addTurnMessage'> = async (context, { params, body }) => {
  const { actor } = context;
  const said = await sayInTurn(context, actor.tenant, providerWho(actor), params.lease, body);
  // One's own words, as one wrote them.
  return answer(said, { as: 'provider', tenant: actor.tenant, show: (text) => text, showsAttachments: true });
};

export const listTurnMessages: Handler<'listTurnMessages'> = async (context, { params, query }) => {
  const { actor } = context;
  const turn = await readTurn(context, actor.tenant, params.lease);
  if (!turn.ok) return turn;
  const { request, until } = turn.value;
  await noteAccess(context, request, providerWho(actor), 'thread');
  return pageFor(context, request, query, providerReader(turn.value, actor), until);
};

export const say: Handler<'say'> = async (context, { body }) => {
  const allowed = await limitCustomer(context);
  if (!allowed.ok) return allowed;
  const head = await headOf(context);
  if (head === undefined) return NO_REQUEST;
  return answer(await sayAbout(context, aboutHead(head), CUSTOMER, { ...body, kind: 'message' }), { as: 'customer' });
};

const headOf = (context: Context<Customer>) => readOwnHead(context, context.actor.tenant, context.actor.request);

export const listSaid: Handler<'listSaid'> = async (context, { query }) => {
  if ((await headOf(context)) === undefined) return NO_REQUEST;
  return pageFor(context, context.actor.request, query, { as: 'customer' });
};
