/** A provider's calls: bids, claims, turns. */
import * as z from 'zod';
import { readProviderAwards } from '../../shared/award/award.store.ts';
import { putBid as bid, readBid, withdrawBid as withdraw } from '../../shared/bid/bid.store.ts';
import { improves } from '../../shared/bid/improve.ts';
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
import { ASSUMED_QUALITY_BPS, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { readProviderResult, readProvisional, usePreview } from '../../shared/provisional/provisional.store.ts';
import { providerFeedback } from '../../shared/provisional/provisional.ts';
import { previewBid as previewAsked } from '../../shared/provisional/what-if-provider.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { wrongCurrency } from '../../shared/round/round.store.ts';
import { awardsAreShown } from '../../shared/round/round.ts';
import { answerInSandbox, feedSandbox } from '../../shared/sandbox/sandbox.store.ts';
import { shownWords } from '../../shared/thread/shown.ts';
import { providerWho } from '../../shared/thread/thread.ts';
import { hurryMail } from '../errands.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { getProviderFile, getProviderWhy } from './round-files.ts';

const NOT_APPROVED = refuse(
  'organisation_not_approved',
  'The market has not approved your organisation yet; GET /v1/organisation shows its status.',
);
const NO_LEASE = refuse('not_found', 'There is no such turn of yours.');
const ListKey = z.object({ pk: z.string(), sk: z.string(), lpk: z.string(), lsk: z.string() });

const putBid: Handler<'putBid'> = async (context, { params, body }) => {
  const { actor } = context;
  if (!actor.approved) return NOT_APPROVED;
  const organisation = await readOrganisation(context.tables, actor.tenant);
  if (organisation?.providerKind === null || organisation === undefined) return NOT_APPROVED;
  const bidder = {
    tenant: actor.tenant,
    kind: organisation.providerKind,
    qualityBps: organisation.qualityBps ?? ASSUMED_QUALITY_BPS,
  };
  const placed = await bid(context, bidder, params.queue, params.round, body);
  return placed.ok ? { status: 200, body: placed.value } : placed;
};

const getBid: Handler<'getBid'> = async (context, { params }) => {
  const found = await readBid(context, context.actor.tenant, params.queue, params.round);
  return found === undefined ? refuse('not_found', 'You have no bid in this round.') : { status: 200, body: found };
};

const withdrawBid: Handler<'withdrawBid'> = async (context, { params }) => {
  const withdrawn = await withdraw(context, context.actor.tenant, params.queue, params.round);
  return withdrawn.ok ? { status: 204, body: null } : withdrawn;
};

const getProviderAward: Handler<'getProviderAward'> = async (context, { params }) => {
  const round = await readRound(context.tables, params.queue, params.round);
  if (round === undefined) return refuse('not_found', 'There is no such round.');
  const shown = awardsAreShown(round, context.now);
  if (!shown.ok) return shown;
  const own = (await readProviderAwards(context.tables, params.queue, params.round)).find(
    (award) => award.provider === context.actor.tenant,
  );
  return own === undefined ? refuse('not_found', 'You had no bid in this round.') : { status: 200, body: own };
};

const getProviderFeedback: Handler<'getProviderFeedback'> = async (context, { params }) => {
  const provisional = await readProvisional(context, params.queue, params.round);
  if (!provisional.ok) return provisional;
  const { newest, terms } = provisional.value;
  const own = await readProviderResult(context, provisional.value, context.actor.tenant, 'newest');
  if (own === undefined) return refuse('not_found', 'You had no bid at the last provisional clearing of this round.');
  return { status: 200, body: providerFeedback(own, newest.outline, terms, newest.at) };
};

const previewBid: Handler<'previewBid'> = async (context, { params, body }) => {
  const { tenant } = context.actor;
  const provisional = await readProvisional(context, params.queue, params.round);
  if (!provisional.ok) return provisional;
  const wrong = wrongCurrency(provisional.value.queue, body.currency);
  if (wrong !== undefined) return wrong;
  const [placed, organisation] = await Promise.all([
    readBid(context, tenant, params.queue, params.round),
    readOrganisation(context.tables, tenant),
  ]);
  const allowed = placed === undefined ? null : improves(placed, body);
  if (allowed !== null && !allowed.ok) return allowed;
  const used = await usePreview(context, provisional.value, tenant);
  if (!used.ok) return used;
  const { newest, terms } = provisional.value;
  const own = await readProviderResult(context, provisional.value, tenant, 'outline');
  const qualityBps = placed?.qualityBps ?? organisation?.qualityBps ?? ASSUMED_QUALITY_BPS;
  const preview = previewAsked(newest.outline, body, { awarded: own?.awarded ?? 0, qualityBps }, terms);
  return preview.ok ? { status: 200, body: preview.value } : preview;
};

const claim: Handler<'claim'> = async (context, { body }) => {
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

const listLeases: Handler<'listLeases'> = async (context, { query }) => {
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

const getLease: Handler<'getLease'> = async (context, { params }) => {
  const lease = await readOwnLease(context, context.actor.tenant, params.lease);
  return lease === undefined ? NO_LEASE : { status: 200, body: leaseView(lease) };
};

const answer = (turn: Result<Lease, TurnRefusal>) =>
  turn.ok ? { status: 200 as const, body: leaseView(turn.value) } : turn;

const heartbeat: Handler<'heartbeat'> = async (context, { params, body }) =>
  answer(await beat(context, context.actor.tenant, params.lease, body.progress));
const resolve: Handler<'resolve'> = async (context, { params, body }) => {
  const resolved = await resolveTurn(context, context.actor.tenant, params.lease, body);
  // Where this dies, the sweep at the lease's end orders the same mail.
  if (resolved.ok) {
    await hurryMail(context.runtime, context, await askByMail(context, resolved.value));
    await answerInSandbox(context, resolved.value);
  }
  return answer(resolved);
};
const escalate: Handler<'escalate'> = async (context, { params, body }) =>
  answer(await endTurn(context, context.actor.tenant, params.lease, 'escalated', body.reason));
const decline: Handler<'decline'> = async (context, { params, body }) =>
  answer(await endTurn(context, context.actor.tenant, params.lease, 'declined', body.reason));

const addNote: Handler<'addNote'> = async (context, { params, body }) => {
  const { actor, idempotencyKey } = context;
  const more = { who: providerWho(actor), ...(idempotencyKey === null ? {} : { key: idempotencyKey }) };
  const kept = await note(context, actor.tenant, params.lease, body.text, more);
  return kept.ok ? { status: 201, body: kept.value } : kept;
};

export const handler = api('provider', {
  putBid,
  getBid,
  withdrawBid,
  getProviderAward,
  getProviderFeedback,
  previewBid,
  getProviderFile,
  getProviderWhy,
  claim,
  listLeases,
  getLease,
  heartbeat,
  resolve,
  escalate,
  decline,
  addNote,
});
