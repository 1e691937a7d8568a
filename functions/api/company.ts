/** A company's calls: demand, requests, judgements. */

import * as z from 'zod';
import { companyRoutes } from '../../shared/api/routes/company.ts';
import { customerDataRoutes } from '../../shared/api/routes/customer-data.ts';
import { triageRoutes } from '../../shared/api/routes/triage.ts';
import { readCompanyAward } from '../../shared/award/award.store.ts';
import {
  putCommitment as commit,
  readCommitment,
  withdrawCommitment as withdraw,
} from '../../shared/commitment/commitment.store.ts';
import { checkCommitment } from '../../shared/credit/credit.store.ts';
import { linkExpiry, signLink } from '../../shared/customer/link.ts';
import { withdrawProvider as withdrawFrom } from '../../shared/dispatch/lane.store.ts';
import { readLease } from '../../shared/dispatch/lease.store.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { type Call, mapConcurrent } from '../../shared/kernel/call.ts';
import { pageOfMatching } from '../../shared/kernel/matching.ts';
import { PROBLEMS, type Problem, problem } from '../../shared/kernel/problem.ts';
import { type Refusal, type Result, refuse } from '../../shared/kernel/result.ts';
import type { Item } from '../../shared/kernel/table.ts';
import { iso } from '../../shared/kernel/time.ts';
import { readCompanyResult, readProvisional, usePreview } from '../../shared/provisional/provisional.store.ts';
import { companyFeedback } from '../../shared/provisional/provisional.ts';
import { previewCommitment as previewAsked } from '../../shared/provisional/what-if-company.ts';
import { readQueueItem, readRound } from '../../shared/queue/queue.store.ts';
import {
  listCustomerHeads,
  listHeads,
  type RequestFacts,
  readFacts,
  readOwnHead,
  viewRequest,
} from '../../shared/request/request.store.ts';
import { type Head, type RequestState, type RequestView, stepsOf } from '../../shared/request/request.ts';
import { takeIn } from '../../shared/request/take-in.store.ts';
import { cancel, confirm, reject } from '../../shared/resolution/resolution.store.ts';
import { wrongCurrency } from '../../shared/round/round.store.ts';
import { awardsAreShown } from '../../shared/round/round.ts';
import { workInSandbox } from '../../shared/sandbox/sandbox.store.ts';
import { acceptTriaged } from '../../shared/triage/intake.store.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { failureOf } from '../middleware/problems.ts';
import { NOT_APPROVED } from '../middleware/refusals.ts';
import { loadTriageModel } from '../triage-model.ts';
import * as customerData from './customer-data.ts';
import { getCompanyFile, getCompanyWhy } from './round-files.ts';
import * as triage from './triage.ts';

const NO_REQUEST = refuse('not_found', 'There is no such request.');
/** Requests of one batch that are taken in side by side. */
const BATCH_WIDTH = 8;
const WordsKey = z.object({ pk: z.string(), sk: z.string() });
const ListKey = z.object({ pk: z.string(), sk: z.string(), lpk: z.string(), lsk: z.string() });

const putCommitment: Handler<'putCommitment'> = async (context, { params, body }) => {
  if (!context.actor.approved) return NOT_APPROVED;
  const { tenant } = context.actor;
  const { volume, reserveMicros, rollOver } = body;
  const planned = { ...params, volume, reserveMicros, rollOver };
  const credit = await checkCommitment(context, tenant, planned);
  if (!credit.ok) return credit;
  const committed = await commit(context, context.actor.tenant, params.queue, params.round, body);
  return committed.ok ? { status: 200, body: committed.value } : committed;
};

const getCommitment: Handler<'getCommitment'> = async (context, { params }) => {
  const found = await readCommitment(context, context.actor.tenant, params.queue, params.round);
  return found === undefined
    ? refuse('not_found', 'You have no commitment in this round.')
    : { status: 200, body: found };
};

const withdrawCommitment: Handler<'withdrawCommitment'> = async (context, { params }) => {
  const withdrawn = await withdraw(context, context.actor.tenant, params.queue, params.round);
  return withdrawn.ok ? { status: 204, body: null } : withdrawn;
};

const getCompanyAward: Handler<'getCompanyAward'> = async (context, { params }) => {
  const round = await readRound(context.tables, params.queue, params.round);
  if (round === undefined) return refuse('not_found', 'There is no such round.');
  const shown = awardsAreShown(round, context.now);
  if (!shown.ok) return shown;
  const award = await readCompanyAward(context.tables, params.queue, params.round, context.actor.tenant);
  return award === null ? refuse('not_found', 'You had no commitment in this round.') : { status: 200, body: award };
};

const NO_COMMITMENT = refuse('not_found', 'You had no commitment at the last provisional clearing of this round.');

const getFeedback: Handler<'getFeedback'> = async (context, { params }) => {
  const provisional = await readProvisional(context, params.queue, params.round);
  if (!provisional.ok) return provisional;
  const { newest } = provisional.value;
  const own = await readCompanyResult(context, provisional.value, context.actor.tenant, 'newest');
  return own === undefined ? NO_COMMITMENT : { status: 200, body: companyFeedback(own, newest.outline, newest.at) };
};

const previewCommitment: Handler<'previewCommitment'> = async (context, { params, body }) => {
  const provisional = await readProvisional(context, params.queue, params.round);
  if (!provisional.ok) return provisional;
  const wrong = wrongCurrency(provisional.value.queue, body.currency);
  if (wrong !== undefined) return wrong;
  const used = await usePreview(context, provisional.value, context.actor.tenant);
  if (!used.ok) return used;
  const own = await readCompanyResult(context, provisional.value, context.actor.tenant, 'outline');
  const preview = previewAsked(provisional.value.newest.outline, body, own, provisional.value.terms);
  return preview.ok ? { status: 200, body: preview.value } : preview;
};

const withdrawProvider: Handler<'withdrawProvider'> = async (context, { params }) => {
  if ((await readQueueItem(context.tables, params.queue)) === undefined)
    return refuse('not_found', 'There is no such queue.');
  await withdrawFrom(context, context.actor.tenant, params.queue, params.provider);
  return { status: 204, body: null };
};

const createRequest: Handler<'createRequest'> = async (context, { body }) => {
  if (!context.actor.approved) return NOT_APPROVED;
  const accepted = await acceptTriaged(context, context.actor.tenant, body, context.idempotencyKey, loadTriageModel);
  if (!accepted.ok) return accepted;
  await workInSandbox(context, context.actor.tenant);
  return { status: accepted.value.isReturn ? 200 : 201, body: accepted.value.view };
};

const createRequests: Handler<'createRequests'> = async (context, { body }) => {
  if (!context.actor.approved) return NOT_APPROVED;
  const results: BatchResult[] = [];
  await mapConcurrent(placesById(body.requests), BATCH_WIDTH, async (places) => {
    for (const place of places) results[place] = await acceptEntry(context, body.requests[place], place);
  });
  const outage = results.every((result) => result.status === 503) ? results[0] : undefined;
  if (outage !== undefined && 'problem' in outage)
    return refuse('unavailable', outage.problem.detail, { retryable: true });
  for (let left = results.length; left > 0; left -= 10) await workInSandbox(context, context.actor.tenant);
  return { status: 200, body: { results } };
};

type BatchResult = { status: number; request: RequestView } | { status: number; problem: Problem };

/** The places of the entries, those with the same `externalId` together: they are taken in order, others side by side. */
function placesById(entries: readonly unknown[]): number[][] {
  const idOf = (place: number): unknown => (entries[place] as { externalId?: unknown } | null)?.externalId ?? place;
  return [...Map.groupBy(entries.keys(), idOf).values()];
}

/** One entry of a batch: what is refused, or cannot be taken just now, gets a problem of its own. */
async function acceptEntry(context: Context<Member>, entry: unknown, place: number): Promise<BatchResult> {
  const key = context.idempotencyKey === null ? null : `${context.idempotencyKey}#${place}`;
  try {
    const taken = await takeIn(context, context.actor.tenant, entry, key, loadTriageModel, `requests[${place}].`);
    return taken.ok
      ? { status: taken.status, request: taken.request }
      : { status: taken.status, problem: taken.problem };
  } catch (error) {
    context.runtime.log('error', 'an entry of a batch failed', { callId: context.callId, place, error: String(error) });
    const { code, detail, retryable } = failureOf(error);
    return { status: PROBLEMS[code][0], problem: problem(code, detail, { retryable }) };
  }
}

const listRequests: Handler<'listRequests'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, ListKey);
  if (!after.ok) return after;
  const { queue, round, state, limit } = query;
  const list = async (more: { limit: number; after?: Item }) => {
    const page = await listHeads(context, context.actor.tenant, queue, round, {
      ...more,
      descending: query.order === 'newest',
    });
    return { items: await readFacts(context, page.heads), after: page.after };
  };
  const fits = ({ view }: RequestFacts) => (state === undefined || view.state === state ? view : undefined);
  const page = await pageOfMatching(list, fits, { limit, after: after.value });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const findRequests: Handler<'findRequests'> = async (context, { query, body }) => {
  const after = await pageKeyOf(context, query.cursor, WordsKey);
  if (!after.ok) return after;
  const page = await listCustomerHeads(context, context.actor.tenant, body.customer, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return pageOfHeads(context, page);
};

async function pageOfHeads(context: Context<Member>, page: { heads: Head[]; after: Item | undefined }) {
  const facts = await readFacts(context, page.heads);
  const items = facts.map((fact) => fact.view);
  return { status: 200 as const, body: { items, next: await cursorOf(context, page.after) } };
}

const getRequest: Handler<'getRequest'> = async (context, { params }) => {
  const head = await readOwnHead(context, context.actor.tenant, params.request);
  return head === undefined ? NO_REQUEST : { status: 200, body: await viewRequest(context, head) };
};

const getRequestHistory: Handler<'getRequestHistory'> = async (context, { params }) => {
  const head = await readOwnHead(context, context.actor.tenant, params.request);
  if (head === undefined) return NO_REQUEST;
  const ids = [...new Set([head.firstResolved, ...head.leases, head.lease])].filter((id) => id !== null);
  const turns = await Promise.all(ids.map(async (id) => ({ id, lease: await readLease(context, id) })));
  const known = turns.flatMap(({ id, lease }) => (lease === undefined ? [] : [{ id, lease }]));
  return { status: 200, body: { items: stepsOf(head, known) } };
};

const confirmRequest: Handler<'confirmRequest'> = async (context, { params }) =>
  judge(context, params.request, (head) => confirm(context, head, 'company'));
const rejectRequest: Handler<'rejectRequest'> = async (context, { params, body }) =>
  judge(context, params.request, (head) => reject(context, head, body ?? { code: 'other', text: '' }));
const cancelRequest: Handler<'cancelRequest'> = async (context, { params }) =>
  judge(context, params.request, (head) => cancel(context, head, 'company'));

/** Judges one's own request and shows it as it then is. */
async function judge<
  Code extends 'not_resolved' | 'window_passed' | 'request_closed' | 'rejections_used' | 'data_erased',
>(context: Context<Member>, request: string, decide: (head: Head) => Promise<Result<RequestState, Code>>) {
  const head = await readOwnHead(context, context.actor.tenant, request);
  if (head === undefined) return NO_REQUEST;
  const decided = await decide(head);
  if (!decided.ok) return decided as Refusal<Code>;
  const after = await readOwnHead(context, context.actor.tenant, request);
  return { status: 200 as const, body: await viewRequest(context as Call, after ?? head) };
}

const createLink: Handler<'createLink'> = async (context, { params }) => {
  const head = await readOwnHead(context, context.actor.tenant, params.request);
  if (head === undefined) return NO_REQUEST;
  const expiresAt = linkExpiry(head, context.now);
  const token = await signLink(context.runtime.signingKey, { request: head.id, exp: expiresAt });
  return { status: 200, body: { token, expiresAt: iso(expiresAt) } };
};

export const handler = api('company', [...companyRoutes, ...customerDataRoutes, ...triageRoutes], {
  putCommitment,
  getCommitment,
  withdrawCommitment,
  getCompanyAward,
  getFeedback,
  previewCommitment,
  getCompanyFile,
  getCompanyWhy,
  withdrawProvider,
  createRequest,
  createRequests,
  listRequests,
  findRequests,
  getRequest,
  getRequestHistory,
  confirmRequest,
  rejectRequest,
  cancelRequest,
  createLink,
  ...triage,
  ...customerData,
});
