/** A provider's calls: bids; its turns are in `turns.ts`. */
import { providerRoutes } from '../../shared/api/routes/provider.ts';
import { readProviderAwards } from '../../shared/award/award.store.ts';
import { putBid as bid, readBid, withdrawBid as withdraw } from '../../shared/bid/bid.store.ts';
import { improves } from '../../shared/bid/improve.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { ASSUMED_QUALITY_BPS, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { readProviderResult, readProvisional, usePreview } from '../../shared/provisional/provisional.store.ts';
import { providerFeedback } from '../../shared/provisional/provisional.ts';
import { previewBid as previewAsked } from '../../shared/provisional/what-if-provider.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { wrongCurrency } from '../../shared/round/round.store.ts';
import { awardsAreShown } from '../../shared/round/round.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { NOT_APPROVED } from './refusals.ts';
import { getProviderFile, getProviderWhy } from './round-files.ts';
import * as turns from './turns.ts';

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

export const handler = api('provider', providerRoutes, {
  putBid,
  getBid,
  withdrawBid,
  getProviderAward,
  getProviderFeedback,
  previewBid,
  getProviderFile,
  getProviderWhy,
  ...turns,
});
