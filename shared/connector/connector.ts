/** What connects a company's own systems: where their messages come in, how they prove who they are, and what becomes of them. */
import * as z from 'zod';
import { QueueId } from '../kernel/id.ts';
import { Instant, iso } from '../kernel/time.ts';
import { Mapping } from '../request/mapping.ts';
import { RequestId } from '../request/request.ts';

export const ConnectorId = z
  .string()
  .regex(/^cn_[0-9a-z]{4,20}\.[A-Za-z0-9_-]{22}$/, 'is not the id of a connector')
  .meta({ description: "A connector's id, which is also its secret address: /v1/inbound/{connector}" });

/** The most bytes of one message: what a function may be given. */
export const MOST_INBOUND_BYTES = 4 * 1024 * 1024;
export const MOST_CONNECTORS = 20;

const HeaderName = z.string().regex(/^[A-Za-z0-9-]{1,80}$/, 'is not the name of a header');

const Hmac = z
  .strictObject({
    scheme: z.literal('hmac'),
    header: HeaderName.default('X-Signature'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    prefix: z.string().max(40).default('').meta({ description: 'Before the signature in its header, such as sha256=' }),
    signs: z
      .enum(['body', 'timestamp.body', 'timestamp+body'])
      .default('body')
      .meta({ description: 'What is signed: with a timestamp, old messages are refused' }),
    timestampHeader: HeaderName.default('X-Timestamp'),
  })
  .meta({ description: 'HMAC-SHA256 with the secret as it stands' });
const StandardWebhooks = z
  .strictObject({ scheme: z.literal('standard-webhooks') })
  .meta({ description: 'By standardwebhooks.com; the secret is base64 behind whsec_' });
const Mailgun = z
  .strictObject({ scheme: z.literal('mailgun') })
  .meta({ description: "The fields timestamp, token and signature of Mailgun's form; the secret is its signing key" });
const Password = z
  .strictObject({ scheme: z.literal('password') })
  .meta({ description: 'For senders that sign nothing: the secret as password of HTTP Basic, or as bearer token' });
const Zendesk = z.strictObject({ scheme: z.literal('zendesk') });

/** How a message proves who sent it. */
export type Signature = z.output<
  typeof Hmac | typeof StandardWebhooks | typeof Mailgun | typeof Password | typeof Zendesk
>;

const Common = {
  name: z.string().trim().min(1).max(80),
  isOn: z
    .boolean()
    .default(true)
    .meta({ description: 'Switched off, it refuses messages; who sends them tries again' }),
  queue: QueueId.optional().meta({ description: 'For messages whose mapping names none' }),
  toleranceSeconds: z
    .int()
    .min(30)
    .max(3_600)
    .default(300)
    .meta({ description: 'How far a signed timestamp may be from now, before or after' }),
};
const Only = z
  .array(z.strictObject({ path: z.string().min(1).max(200), is: z.array(z.string().max(200)).min(1).max(20) }))
  .max(5)
  .default([])
  .meta({ description: 'Messages that become requests: each path has one of its values. Others are ignored' });

export const ConnectorInput = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('webhook'),
      ...Common,
      mapping: Mapping,
      only: Only,
      signature: z
        .discriminatedUnion('scheme', [Hmac, StandardWebhooks, Password])
        .default({ scheme: 'standard-webhooks' }),
    }),
    z.strictObject({
      kind: z.literal('zendesk'),
      ...Common,
      mapping: Mapping.default({}).meta({ description: 'What differs from the ready mapping' }),
    }),
    z.strictObject({
      kind: z.literal('email'),
      ...Common,
      signature: z
        .discriminatedUnion('scheme', [Hmac, StandardWebhooks, Mailgun, Password])
        .default({ scheme: 'password' }),
    }),
  ])
  .meta({ id: 'ConnectorInput' });
export type ConnectorInput = z.output<typeof ConnectorInput>;

export const SecretInput = z
  .string()
  .min(16)
  .max(200)
  .optional()
  .meta({ description: 'The one the other system made, such as Zendesk; left out, one is made here' });

export const signatureOf = (config: ConnectorInput): Signature =>
  config.kind === 'zendesk' ? { scheme: 'zendesk' } : config.signature;

/** A connector as an item. */
export const StoredConnector = z.object({
  pk: z.string(),
  sk: z.string(),
  id: ConnectorId,
  company: z.string(),
  config: ConnectorInput,
  /** Sealed; the newest first. The older one is good until a time of the machine, in milliseconds. */
  secrets: z.array(z.object({ sealed: z.string(), until: z.number().nullable() })),
  /** The last message with a bad signature, noted once a minute: machine time in milliseconds. */
  refusedAt: z.number().nullable(),
  refusedWhy: z.string().nullable(),
  createdAt: z.number(),
  changedAt: z.number(),
});
export type StoredConnector = z.infer<typeof StoredConnector>;

export const ConnectorView = z
  .object({
    id: ConnectorId,
    address: z.string().meta({ description: 'Where messages are posted; it is as secret as the id' }),
    config: ConnectorInput,
    createdAt: Instant,
    changedAt: Instant,
    oldSecretUntil: Instant.nullable().meta({ description: 'The secret before the last change is good until then' }),
    lastRefused: z.object({ at: Instant, why: z.string() }).nullable().meta({ description: 'A bad signature' }),
  })
  .meta({ id: 'Connector' });
export type ConnectorView = z.infer<typeof ConnectorView>;

/** A connector as its company sees it. `machineNow` in milliseconds. */
export function viewConnector(item: StoredConnector, machineNow: number): ConnectorView {
  const until = item.secrets[1]?.until ?? null;
  return {
    id: item.id,
    address: `/v1/inbound/${item.id}`,
    config: item.config,
    createdAt: iso(item.createdAt),
    changedAt: iso(item.changedAt),
    oldSecretUntil: until !== null && until > machineNow ? iso(until) : null,
    lastRefused:
      item.refusedAt === null || item.refusedWhy === null ? null : { at: iso(item.refusedAt), why: item.refusedWhy },
  };
}

export const Delivered = z
  .object({
    outcome: z.enum(['accepted', 'repeated', 'returned', 'ignored', 'kept']).meta({
      description:
        '`returned`: the customer came back, and an earlier request goes on. `ignored`: no request, and why. `kept`: it could not become a request; it is among the errors of the connector',
    }),
    request: RequestId.nullable(),
    error: z.string().nullable().meta({ description: 'The error under which it is kept' }),
    detail: z.string(),
  })
  .meta({ id: 'Delivered' });
export type Delivered = z.infer<typeof Delivered>;

export const ConnectorError = z
  .object({
    id: z.string(),
    at: Instant,
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
    contentType: z.string(),
    payload: z.string().nullable().meta({ description: 'What came, its first 4,000 characters' }),
    canRetry: z.boolean().meta({ description: 'False where it was too large to be kept whole' }),
  })
  .meta({ id: 'ConnectorError' });
export type ConnectorError = z.infer<typeof ConnectorError>;

export const DryRun = z
  .object({
    outcome: z.enum(['request', 'ignored', 'unfit']),
    detail: z.string(),
    request: z.record(z.string(), z.unknown()).nullable().meta({ description: 'The RequestInput it would become' }),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
    repliesTo: z.array(z.string()).meta({ description: 'Messages it answers, where it is an e-mail' }),
  })
  .meta({ id: 'ConnectorDryRun' });
export type DryRun = z.infer<typeof DryRun>;
