/** Records, and the audits that feed them. */
import * as z from 'zod';
import { refuse } from '../../shared/kernel/result.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { readOwnReputation, readReputation } from '../../shared/reputation/reputation.store.ts';
import { listSamples, recordAudit as record } from '../../shared/resolution/audit.store.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';

const NOBODY = refuse('not_found', 'There is no such company or provider.');
const SampleKey = z.object({ pk: z.string(), sk: z.string() });

export const getOwnReputation: Handler<'getOwnReputation'> = async (context) => {
  const own = await readOwnReputation(context, context.actor.tenant);
  return own === undefined ? NOBODY : { status: 200, body: own };
};

export const getReputation: Handler<'getReputation'> = async (context, { params }) => {
  const found = await readReputation(context, params.organisation);
  if (found === undefined) return NOBODY;
  const of = found.kind === 'provider' ? await readOrganisation(context.tables, params.organisation) : undefined;
  return { status: 200, body: { ...found, name: of?.name ?? null } };
};

export const listAuditSamples: Handler<'listAuditSamples'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, SampleKey);
  if (!after.ok) return after;
  const page = await listSamples(context, query.queue, query.month ?? monthOf(context.now), {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { status: 200, body: { items: page.samples, next: await cursorOf(context, page.after) } };
};

export const recordAudit: Handler<'recordAudit'> = async (context, { params, body }) => {
  const recorded = await record(context, params.lease, context.actor.user, body);
  return recorded.ok ? { status: 200, body: recorded.value } : recorded;
};
