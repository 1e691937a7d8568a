/** A company's incidents, and the operator's view of spikes over several companies. */
import * as z from 'zod';
import { incidentRoutes } from '../../shared/api/routes/incident.ts';
import type { Member } from '../../shared/identity/identity.ts';
import * as incidents from '../../shared/incident/incident.store.ts';
import { type StoredIncident, viewIncident } from '../../shared/incident/incident.ts';
import { comeBack } from '../../shared/incident/link.store.ts';
import * as runs from '../../shared/incident/run.store.ts';
import { listSpikes as readSpikes } from '../../shared/incident/watch.store.ts';
import type { ProblemCode } from '../../shared/kernel/problem.ts';
import { type Result, refuse } from '../../shared/kernel/result.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { companyWho } from '../../shared/thread/thread.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf, TableKey } from '../middleware/cursor.ts';

const NO_INCIDENT = refuse('not_found', 'There is no such incident.');
const OwnerKey = z.object({ pk: z.string(), sk: z.string(), opk: z.string(), osk: z.string() });

/** Does something with one's own incident and shows it as it then is. */
async function withOwn<Code extends ProblemCode>(
  context: Context<Member>,
  id: string,
  decide: (incident: StoredIncident) => Promise<Result<StoredIncident, Code>>,
) {
  const incident = await incidents.readOwnIncident(context, context.actor.tenant, id);
  if (incident === undefined) return NO_INCIDENT;
  const decided = await decide(incident);
  return decided.ok ? { status: 200 as const, body: viewIncident(decided.value) } : decided;
}

const listIncidents: Handler<'listIncidents'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, OwnerKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await incidents.listIncidents(context, context.actor.tenant, page);
  return { status: 200, body: { items: found.items.map(viewIncident), next: await cursorOf(context, found.after) } };
};

const declareIncident: Handler<'declareIncident'> = async (context, { body }) => {
  const { tenant, user } = context.actor;
  const declared = await incidents.declareIncident(context, tenant, user, body);
  return declared.ok ? { status: 201, body: viewIncident(declared.value) } : declared;
};

const getIncident: Handler<'getIncident'> = async (context, { params }) =>
  withOwn(context, params.incident, async (incident) => ({ ok: true, value: incident }));

const putCause: Handler<'putCause'> = async (context, { params, body }) =>
  withOwn(context, params.incident, (incident) => incidents.nameCause(context, incident, context.actor.user, body));

const dismissIncident: Handler<'dismissIncident'> = async (context, { params }) =>
  withOwn(context, params.incident, (incident) => incidents.dismissIncident(context, incident, context.actor.user));

const closeIncident: Handler<'closeIncident'> = async (context, { params, body }) =>
  withOwn(context, params.incident, (incident) =>
    runs.closeIncident(context, incident, context.actor.user, body.words),
  );

const linkRequests: Handler<'linkRequests'> = async (context, { params, body }) =>
  withOwn(context, params.incident, (incident) => runs.startLinking(context, incident, body));

const previewLinks: Handler<'previewLinks'> = async (context, { params, body }) => {
  const incident = await incidents.readOwnIncident(context, context.actor.tenant, params.incident);
  if (incident === undefined) return NO_INCIDENT;
  return { status: 200, body: await runs.previewLinking(context, incident, body, companyWho(context.actor)) };
};

const unlinkRequests: Handler<'unlinkRequests'> = async (context, { params, body }) =>
  withOwn(context, params.incident, async (incident) => {
    for (const request of body.requests) {
      const head = await readOwnHead(context, context.actor.tenant, request);
      if (head?.incident !== incident.id || head.state !== 'linked') continue;
      const back = await comeBack(context, head, 'company');
      if (!back.ok) return back;
    }
    return { ok: true, value: (await incidents.readIncident(context, incident.id)) ?? incident };
  });

const listLinkedRequests: Handler<'listLinkedRequests'> = async (context, { params, query }) => {
  const after = await pageKeyOf(context, query.cursor, TableKey);
  if (!after.ok) return after;
  const incident = await incidents.readOwnIncident(context, context.actor.tenant, params.incident);
  if (incident === undefined) return NO_INCIDENT;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await runs.viewLinks(context, incident.id, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

const listSpikes: Handler<'listSpikes'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, OwnerKey);
  if (!after.ok) return after;
  const page = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const found = await readSpikes(context, page);
  return { status: 200, body: { items: found.items, next: await cursorOf(context, found.after) } };
};

export const handler = api('incident', incidentRoutes, {
  listIncidents,
  declareIncident,
  getIncident,
  putCause,
  dismissIncident,
  previewLinks,
  linkRequests,
  unlinkRequests,
  listLinkedRequests,
  closeIncident,
  listSpikes,
});
