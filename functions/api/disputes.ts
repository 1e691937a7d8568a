/** Disputes: opened and withdrawn by companies, answered by providers, decided by the operator. */
import {
  change,
  listDisputes as disputesOf,
  listContested,
  openDispute,
  readDispute,
  readOwnDispute,
} from '../../shared/dispute/dispute.store.ts';
import { answer, type Dispute, decide, takeOffer, withdraw } from '../../shared/dispute/dispute.ts';
import { type Viewer, viewOf } from '../../shared/dispute/dispute-view.ts';
import { readEvidence } from '../../shared/dispute/evidence.store.ts';
import { advanceDispute } from '../../shared/dispute/sweep.store.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';

const NO_DISPUTE = refuse('not_found', 'There is no such dispute.');
const sideOf = (tenant: string): 'company' | 'provider' => (tenant.startsWith('pr_') ? 'provider' : 'company');

/**
 * The dispute as it stands after a command. What needs no Stripe is posted at once; where that fails, or Stripe is needed,
 * the sweep does it, and the answer is none the worse.
 */
async function shown(context: Context<Member>, dispute: Dispute, viewer: Viewer) {
  await advanceDispute(context, dispute.id).catch((error: unknown) => {
    context.runtime.log('warn', 'a dispute is left to the sweep', { dispute: dispute.id, error: String(error) });
  });
  const after = (await readDispute(context, dispute.id)) ?? dispute;
  return viewOf(after, viewer, context.now);
}

export const disputeCharge: Handler<'disputeCharge'> = async (context, { params, body }) => {
  const { tenant, user } = context.actor;
  const made = await openDispute(context, tenant, user, params.request, body);
  if (!made.ok) return made;
  const view = viewOf(made.value.dispute, 'company', context.now);
  return { status: made.value.created ? 201 : 200, body: view };
};

export const listDisputes: Handler<'listDisputes'> = async (context, { query }) => {
  const { tenant } = context.actor;
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await disputesOf(context, tenant, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const items = page.items.map((dispute) => viewOf(dispute, sideOf(tenant), context.now));
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

export const getDispute: Handler<'getDispute'> = async (context, { params }) => {
  const { tenant } = context.actor;
  const dispute = await readOwnDispute(context, tenant, params.dispute);
  return dispute === undefined ? NO_DISPUTE : { status: 200, body: viewOf(dispute, sideOf(tenant), context.now) };
};

export const getDisputeEvidence: Handler<'getDisputeEvidence'> = async (context, { params }) => {
  const { tenant } = context.actor;
  const dispute = await readOwnDispute(context, tenant, params.dispute);
  if (dispute === undefined) return NO_DISPUTE;
  const evidence = await readEvidence(context, dispute, sideOf(tenant));
  return evidence.ok ? { status: 200, body: evidence.value } : evidence;
};

export const withdrawDispute: Handler<'withdrawDispute'> = async (context, { params }) => {
  const { tenant, user } = context.actor;
  if ((await readOwnDispute(context, tenant, params.dispute)) === undefined) return NO_DISPUTE;
  const done = await change(context, params.dispute, (dispute) => withdraw(dispute, user, context.now), 'decided');
  return done.ok ? { status: 200, body: await shown(context, done.value, 'company') } : done;
};

export const takeDisputeOffer: Handler<'takeDisputeOffer'> = async (context, { params }) => {
  const { tenant, user } = context.actor;
  if ((await readOwnDispute(context, tenant, params.dispute)) === undefined) return NO_DISPUTE;
  const done = await change(context, params.dispute, (dispute) => takeOffer(dispute, user, context.now), 'decided');
  return done.ok ? { status: 200, body: await shown(context, done.value, 'company') } : done;
};

export const answerDispute: Handler<'answerDispute'> = async (context, { params, body }) => {
  const { tenant, user } = context.actor;
  if ((await readOwnDispute(context, tenant, params.dispute)) === undefined) return NO_DISPUTE;
  const done = await change(context, params.dispute, (dispute) => answer(dispute, body, user, context.now), 'answered');
  return done.ok ? { status: 200, body: await shown(context, done.value, 'provider') } : done;
};

export const listContestedDisputes: Handler<'listContestedDisputes'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const page = await listContested(context, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const items = page.items.map((dispute) => viewOf(dispute, 'market', context.now));
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

export const getAnyDispute: Handler<'getAnyDispute'> = async (context, { params }) => {
  const dispute = await readDispute(context, params.dispute);
  return dispute === undefined ? NO_DISPUTE : { status: 200, body: viewOf(dispute, 'market', context.now) };
};

export const getAnyDisputeEvidence: Handler<'getAnyDisputeEvidence'> = async (context, { params }) => {
  const dispute = await readDispute(context, params.dispute);
  if (dispute === undefined) return NO_DISPUTE;
  const evidence = await readEvidence(context, dispute, 'company');
  return evidence.ok ? { status: 200, body: evidence.value } : evidence;
};

export const decideDispute: Handler<'decideDispute'> = async (context, { params, body }) => {
  const { user } = context.actor;
  const done = await change(context, params.dispute, (dispute) => decide(dispute, body, user, context.now), 'decided');
  return done.ok ? { status: 200, body: await shown(context, done.value, 'market') } : done;
};
