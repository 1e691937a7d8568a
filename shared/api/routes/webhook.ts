/** An organisation's endpoints: what it is told, and what became of each delivery. */
import * as z from 'zod';
import { Instant } from '../../kernel/time.ts';
import { DeliveryId, DeliveryState, DeliveryView, Webhook, WebhookId, WebhookInput } from '../../webhook/webhook.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const ADMINS = ['company.admin', 'provider.admin'] as const;
const MANAGE = { who: 'members', roles: ADMINS, scope: 'webhooks:write' } as const;
const READ = { who: 'members', roles: ADMINS, scope: 'webhooks:read' } as const;
const WebhookParams = z.object({ webhook: WebhookId });
const DeliveryParams = z.object({ webhook: WebhookId, delivery: DeliveryId });
const WithSecret = Webhook.extend({
  secret: z
    .string()
    .nullable()
    .meta({ description: '`whsec_…`, shown this once; null where the call is a repetition' }),
}).meta({ id: 'WebhookWithSecret' });

export const webhookRoutes = defineRoutes([
  {
    id: 'createWebhook',
    function: 'webhook',
    method: 'POST',
    path: '/v1/webhooks',
    access: MANAGE,
    repeat: 'key',
    summary: 'Be told by signed calls to an endpoint of yours',
    description:
      'Signed as Standard Webhooks says: check `webhook-signature` with the secret of this answer. Answer 200–299 within ten seconds; anything else is tried again for 24 hours. Events may come twice and in any order: `webhook-id` is the same in every try.',
    body: WebhookInput,
    responses: { 201: WithSecret },
    problems: [],
  },
  {
    id: 'listWebhooks',
    function: 'webhook',
    method: 'GET',
    path: '/v1/webhooks',
    access: READ,
    repeat: 'none',
    summary: 'One’s endpoints',
    responses: { 200: z.object({ items: z.array(Webhook) }) },
    problems: [],
  },
  {
    id: 'getWebhook',
    function: 'webhook',
    method: 'GET',
    path: '/v1/webhooks/{webhook}',
    access: READ,
    repeat: 'none',
    summary: 'One endpoint',
    params: WebhookParams,
    responses: { 200: Webhook },
    problems: [],
  },
  {
    id: 'updateWebhook',
    function: 'webhook',
    method: 'PUT',
    path: '/v1/webhooks/{webhook}',
    access: MANAGE,
    repeat: 'natural',
    summary: 'Change an endpoint, or switch it off or on again',
    params: WebhookParams,
    body: WebhookInput,
    responses: { 200: Webhook },
    problems: [],
  },
  {
    id: 'deleteWebhook',
    function: 'webhook',
    method: 'DELETE',
    path: '/v1/webhooks/{webhook}',
    access: MANAGE,
    repeat: 'natural',
    summary: 'Take an endpoint away, with what waits for it',
    params: WebhookParams,
    responses: { 204: null },
    problems: [],
  },
  {
    id: 'rotateWebhookSecret',
    function: 'webhook',
    method: 'POST',
    path: '/v1/webhooks/{webhook}/secret',
    access: MANAGE,
    repeat: 'key',
    summary: 'Get a new secret; the one before signs beside it for a while',
    params: WebhookParams,
    body: z
      .strictObject({
        overlapHours: z.int().min(0).max(168).default(24).meta({ description: '0 where the old secret has leaked' }),
      })
      .meta({ id: 'WebhookRotation' }),
    responses: { 200: WithSecret },
    problems: [],
  },
  {
    id: 'testWebhook',
    function: 'webhook',
    method: 'POST',
    path: '/v1/webhooks/{webhook}/test',
    access: MANAGE,
    repeat: 'none',
    summary: 'Send a `webhook.test` to an endpoint; read the delivery to see what came of it',
    params: WebhookParams,
    responses: { 201: DeliveryView },
    problems: ['webhook_disabled'],
  },
  {
    id: 'listDeliveries',
    function: 'webhook',
    method: 'GET',
    path: '/v1/webhooks/{webhook}/deliveries',
    access: READ,
    repeat: 'none',
    summary: 'What was sent to an endpoint within 30 days, newest first',
    params: WebhookParams,
    query: z.object({
      state: DeliveryState.optional().meta({ description: 'Only these; a page may then hold fewer than `limit`' }),
      ...PageQuery,
    }),
    responses: { 200: pageOf(DeliveryView) },
    problems: [],
  },
  {
    id: 'getDelivery',
    function: 'webhook',
    method: 'GET',
    path: '/v1/webhooks/{webhook}/deliveries/{delivery}',
    access: READ,
    repeat: 'none',
    summary: 'One delivery with its tries',
    params: DeliveryParams,
    responses: { 200: DeliveryView },
    problems: [],
  },
  {
    id: 'replayDelivery',
    function: 'webhook',
    method: 'POST',
    path: '/v1/webhooks/{webhook}/deliveries/{delivery}/replay',
    access: MANAGE,
    repeat: 'none',
    summary: 'Send a delivery again, whatever became of it',
    params: DeliveryParams,
    responses: { 200: DeliveryView },
    problems: ['webhook_disabled'],
  },
  {
    id: 'replayDeadDeliveries',
    function: 'webhook',
    method: 'POST',
    path: '/v1/webhooks/{webhook}/replay',
    access: MANAGE,
    repeat: 'none',
    summary: 'Send again what was given up since a time, oldest first, 200 at a time',
    description: 'Call it again until `isComplete`: what was taken is no longer dead.',
    params: WebhookParams,
    body: z.strictObject({ since: Instant }).meta({ id: 'WebhookReplay' }),
    responses: { 200: z.object({ replayed: z.int(), isComplete: z.boolean() }).meta({ id: 'WebhookReplayed' }) },
    problems: ['webhook_disabled'],
  },
]);
