/** The operator's view of organisations: who is here, and whether they may work for money. */
import { refuse } from '../../shared/kernel/result.ts';
import { changeStatus, kindOf, listOrganisations as listStored } from '../../shared/organisation/organisation.store.ts';
import type { Handler } from '../middleware/context.ts';
import { afterOf, cursorOf } from '../middleware/cursor.ts';
import { refuseFields } from '../middleware/fields.ts';

const NO_ORGANISATION = refuse('not_found', 'There is no such organisation; GET /v1/organisations lists them.');

export const listOrganisations: Handler<'listOrganisations'> = async (context, { query }) => {
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await listStored(context.tables, query.kind, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const approveOrganisation: Handler<'approveOrganisation'> = async (context, { params, body }) => {
  const kind = kindOf(params.organisation);
  if (kind === 'provider' && body.creditLimitMicros !== undefined)
    return refuseFields([{ field: 'creditLimitMicros', message: 'is for companies: leave it out for a provider' }]);
  if (kind === 'company' && body.qualityBps !== undefined)
    return refuseFields([{ field: 'qualityBps', message: 'is for providers: leave it out for a company' }]);
  const organisation = await changeStatus(context.tables, params.organisation, 'approve', body);
  if (organisation === undefined) return NO_ORGANISATION;
  return { status: 200, body: organisation };
};

export const suspendOrganisation: Handler<'suspendOrganisation'> = async (context, { params }) => {
  const organisation = await changeStatus(context.tables, params.organisation, 'suspend');
  if (organisation === undefined) return NO_ORGANISATION;
  return { status: 200, body: organisation };
};
