/** The operator's calls: queues, terms, approvals, reports. */

import * as z from 'zod';
import { operatorRoutes } from '../../shared/api/routes/operator.ts';
import { reputationRoutes } from '../../shared/api/routes/reputation.ts';
import { allCompanyAwards } from '../../shared/award/award.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { createQueue as open, publishTerms as publish, readRound } from '../../shared/queue/queue.store.ts';
import { awaitedReleases, releaseAwards as releaseRound } from '../../shared/round/release.store.ts';
import { lateJoiners, readTotals, sumTotals } from '../../shared/round/totals.store.ts';
import { FlagPlace, listFlags as flagsOf, reviewFlag as review } from '../../shared/screen/flag.store.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import * as organisations from './organisations.ts';
import * as reputation from './reputation.ts';
import { getSealedFile } from './round-files.ts';

const createQueue: Handler<'createQueue'> = async (context, { body }) => {
  const created = await open(context, body);
  if (!created.ok) return created;
  return { status: created.value.created ? 201 : 200, body: created.value.queue };
};

const publishTerms: Handler<'publishTerms'> = async (context, { params, body }) => {
  const published = await publish(context, params.queue, body);
  return published.ok ? { status: 201, body: published.value } : published;
};

const DueKey = z.object({ pk: z.string(), sk: z.string(), dpk: z.string(), dsk: z.string() });

const listReleases: Handler<'listReleases'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, DueKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await awaitedReleases(context, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

const releaseAwards: Handler<'releaseAwards'> = async (context, { params }) => {
  const released = await releaseRound(context, context.actor.user, params.queue, params.round);
  return released.ok ? { status: 200, body: released.value } : released;
};

const getRoundReport: Handler<'getRoundReport'> = async (context, { params }) => {
  const round = await readRound(context.tables, params.queue, params.round);
  if (round === undefined) return refuse('not_found', 'There is no such round.');
  if (round.clearedAt === null)
    return refuse('round_not_cleared', 'The round has not been cleared yet.', { retryable: true });
  const [awards, joiners, totals] = await Promise.all([
    allCompanyAwards(context, params.queue, params.round),
    lateJoiners(context, params.queue, params.round),
    readTotals(context, params.queue, params.round),
  ]);
  const companies = new Set([...awards.map((award) => award.company), ...joiners]);
  const body = {
    queue: round.queue,
    round: round.round,
    state: round.state,
    figures: round.figures,
    totals: sumTotals(totals),
    companiesFinal: totals.length,
    companiesOpen: companies.size - totals.length,
    shortfallMicros: round.shortfallMicros ?? 0,
    releaseCreditMicros: round.releaseCreditMicros ?? 0,
    trueUpMicros: round.trueUpMicros ?? 0,
  };
  return { status: 200, body };
};

const listFlags: Handler<'listFlags'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, FlagPlace);
  if (!after.ok) return after;
  const page = await flagsOf(context, query, { limit: query.limit, after: after.value });
  return { status: 200, body: { items: page.flags, next: await cursorOf(context, page.after) } };
};

const reviewFlag: Handler<'reviewFlag'> = async (context, { params, body }) => {
  const reviewed = await review(context, params.flag, context.actor.user, body);
  return reviewed.ok ? { status: 200, body: reviewed.value } : reviewed;
};

export const handler = api('operator', [...operatorRoutes, ...reputationRoutes], {
  createQueue,
  publishTerms,
  ...organisations,
  listReleases,
  releaseAwards,
  getRoundReport,
  listFlags,
  reviewFlag,
  getSealedFile,
  ...reputation,
});
