/** An organisation's endpoints and what was sent to them. */

import * as z from 'zod';
import { webhookRoutes } from '../../shared/api/routes/webhook.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { randomToken } from '../../shared/kernel/id.ts';
import { pageOfMatching } from '../../shared/kernel/matching.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { ABSENT, type Item } from '../../shared/kernel/table.ts';
import { fromIso, HOUR } from '../../shared/kernel/time.ts';
import { kindOf } from '../../shared/organisation/organisation.store.ts';
import {
  deliveryKey,
  listDeliveries as listStored,
  readDelivery,
  replay,
  replayDead,
} from '../../shared/webhook/delivery.store.ts';
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  rotateSecret,
  updateEndpoint,
} from '../../shared/webhook/endpoint.store.ts';
import { typesFor } from '../../shared/webhook/event.ts';
import { hurryDeliveries, newDelivery } from '../../shared/webhook/webhook.store.ts';
import {
  type Delivery,
  deliveryView,
  MOST_ENDPOINTS,
  type WebhookInput,
  webhookView,
} from '../../shared/webhook/webhook.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { type FieldRefusal, refuseFields } from '../middleware/fields.ts';
import { keyOf } from '../middleware/idempotency.ts';
import { webhooksOf } from '../webhooks.ts';

const NO_WEBHOOK = refuse('not_found', 'You have no such endpoint; GET /v1/webhooks lists them.');
const NO_DELIVERY = refuse('not_found', 'This endpoint has no such delivery; they are kept for 30 days.');
const DISABLED = refuse('webhook_disabled', 'This endpoint is switched off: switch it on by PUT with enabled: true.');
const MOST_REPLAYED = 200;
const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** What is wrong with a URL or with the events asked for. */
function misfitOf({ runtime, actor }: Context<Member>, { url, events }: WebhookInput): FieldRefusal | undefined {
  const wrong = webhooksOf(runtime).refuse(url);
  if (wrong !== undefined) return refuseFields([{ field: 'url', message: wrong }]);
  const kind = kindOf(actor.tenant) === 'company' ? 'company' : 'provider';
  const known: readonly string[] = typesFor(kind);
  const foreign = events === 'all' ? [] : events.filter((type) => !known.includes(type));
  if (foreign.length === 0) return undefined;
  return refuseFields([{ field: 'events', message: `holds ${foreign.join(', ')}, which no ${kind} is told` }]);
}

const createWebhook: Handler<'createWebhook'> = async (context, { body }) => {
  const { actor, runtime, machineNow } = context;
  const misfit = misfitOf(context, body);
  if (misfit !== undefined) return misfit;
  if ((await listEndpoints(context, actor.tenant)).length >= MOST_ENDPOINTS)
    return refuseFields([
      { field: 'url', message: `is one too many: you have ${MOST_ENDPOINTS} endpoints, take one away first` },
    ]);
  const made = await createEndpoint(context, runtime.signingKey, actor.tenant, body, keyOf(context));
  const view = webhookView(made.endpoint, machineNow);
  return { status: 201, body: { ...view, secret: made.secret }, onRepeat: { body: { ...view, secret: null } } };
};

const listWebhooks: Handler<'listWebhooks'> = async (context) => {
  const all = await listEndpoints(context, context.actor.tenant);
  return { status: 200, body: { items: all.map((endpoint) => webhookView(endpoint, context.machineNow)) } };
};

const getWebhook: Handler<'getWebhook'> = async (context, { params }) => {
  const endpoint = await readEndpoint(context, context.actor.tenant, params.webhook);
  return endpoint === undefined ? NO_WEBHOOK : { status: 200, body: webhookView(endpoint, context.machineNow) };
};

const updateWebhook: Handler<'updateWebhook'> = async (context, { params, body }) => {
  const misfit = misfitOf(context, body);
  if (misfit !== undefined) return misfit;
  const endpoint = await updateEndpoint(context, context.actor.tenant, params.webhook, body);
  return endpoint === undefined ? NO_WEBHOOK : { status: 200, body: webhookView(endpoint, context.machineNow) };
};

const deleteWebhook: Handler<'deleteWebhook'> = async (context, { params }) =>
  (await deleteEndpoint(context, context.actor.tenant, params.webhook)) ? { status: 204, body: null } : NO_WEBHOOK;

const rotateWebhookSecret: Handler<'rotateWebhookSecret'> = async (context, { params, body }) => {
  const { actor, runtime, machineNow } = context;
  const overlapMs = body.overlapHours * HOUR;
  const made = await rotateSecret(context, runtime.signingKey, actor.tenant, params.webhook, overlapMs, machineNow);
  if (!made.ok) return made;
  const view = webhookView(made.value.endpoint, machineNow);
  return { status: 200, body: { ...view, secret: made.value.secret }, onRepeat: { body: { ...view, secret: null } } };
};

const testWebhook: Handler<'testWebhook'> = async (context, { params }) => {
  const { actor, now } = context;
  const endpoint = await readEndpoint(context, actor.tenant, params.webhook);
  if (endpoint === undefined) return NO_WEBHOOK;
  if (endpoint.disabled !== null) return DISABLED;
  const delivery = await newDelivery(context, endpoint, {
    tenant: actor.tenant,
    type: 'webhook.test',
    subject: endpoint.sk,
    at: now,
    data: { webhook: endpoint.sk },
    effect: randomToken(12),
  });
  await context.tables.put('market', delivery, ABSENT);
  await hurryDeliveries(context, [delivery]);
  return { status: 201, body: deliveryView(delivery) };
};

const listDeliveries: Handler<'listDeliveries'> = async (context, { params, query }) => {
  const { tenant } = context.actor;
  const after = await pageKeyOf(context, query.cursor, ListKey);
  if (!after.ok) return after;
  if ((await readEndpoint(context, tenant, params.webhook)) === undefined) return NO_WEBHOOK;
  const list = async (more: { limit: number; after?: Item }) => {
    const page = await listStored(context, tenant, params.webhook, more);
    return { items: page.deliveries, after: page.after };
  };
  const fits = (delivery: Delivery) =>
    query.state === undefined || delivery.state === query.state ? deliveryView(delivery) : undefined;
  const page = await pageOfMatching(list, fits, { limit: query.limit, after: after.value });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const getDelivery: Handler<'getDelivery'> = async (context, { params }) => {
  const delivery = await readDelivery(context, deliveryKey(context.actor.tenant, params.webhook, params.delivery));
  return delivery === undefined ? NO_DELIVERY : { status: 200, body: deliveryView(delivery) };
};

const replayDelivery: Handler<'replayDelivery'> = async (context, { params }) => {
  const { tenant } = context.actor;
  const endpoint = await readEndpoint(context, tenant, params.webhook);
  if (endpoint === undefined) return NO_WEBHOOK;
  if (endpoint.disabled !== null) return DISABLED;
  const delivery = await replay(context, deliveryKey(tenant, params.webhook, params.delivery));
  return delivery === undefined ? NO_DELIVERY : { status: 200, body: deliveryView(delivery) };
};

const replayDeadDeliveries: Handler<'replayDeadDeliveries'> = async (context, { params, body }) => {
  const { tenant } = context.actor;
  const endpoint = await readEndpoint(context, tenant, params.webhook);
  if (endpoint === undefined) return NO_WEBHOOK;
  if (endpoint.disabled !== null) return DISABLED;
  const replayed = await replayDead(context, tenant, params.webhook, fromIso(body.since), MOST_REPLAYED);
  return { status: 200, body: replayed };
};

export const handler = api('webhook', webhookRoutes, {
  createWebhook,
  listWebhooks,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  listDeliveries,
  getDelivery,
  replayDelivery,
  replayDeadDeliveries,
});
