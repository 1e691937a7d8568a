/**
 * An organisation's endpoints and the deliveries to them: what is stored, what the API shows, and the decisions about
 * secrets, the next try, dead letters and endpoints that have to be switched off.
 */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { DAY, HOUR, Instant, iso, MINUTE, SECOND } from '../kernel/time.ts';
import { EventType } from './event.ts';

export const WebhookId = z
  .string()
  .regex(/^we_[0-9a-f]{16}$/, 'is not a webhook id')
  .meta({ description: "An endpoint's id, given when it is made" });
export const DeliveryId = z
  .string()
  .regex(/^\d{1,15}\.msg_[A-Za-z0-9_-]{22}$/, 'is not a delivery id')
  .meta({
    description: "A delivery's id; its second part is the event's, the same in every try and for every endpoint",
  });

/** Endpoints of one organisation at the most, so that they are read in one go. */
export const MOST_ENDPOINTS = 10;

const Url = z.string().min(1).max(500).meta({
  description: 'https, on port 443 or 8443 of a host with public addresses; redirects are not followed',
});
const Events = z
  .union([z.literal('all'), z.array(EventType).min(1).max(40)])
  .meta({ description: 'Types of events to be told, or `all`' });

export const WebhookInput = z
  .strictObject({
    url: Url,
    events: Events.default('all'),
    description: z.string().trim().max(200).default(''),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'WebhookInput' });
export type WebhookInput = z.infer<typeof WebhookInput>;

export const DisabledReason = z.enum(['owner', 'failing', 'gone']);

/** One secret of an endpoint, sealed; `until` is machine time in milliseconds, null for the newest. */
const StoredSecret = z.object({ sealed: z.string(), until: z.number().nullable() });

export const Endpoint = z.object({
  pk: z.string(),
  sk: WebhookId,
  tenant: OrganisationId,
  url: Url,
  events: Events,
  description: z.string(),
  /** Null while it is enabled. */
  disabled: DisabledReason.nullable(),
  secrets: z.array(StoredSecret),
  /** How often the secret was rotated; absent: never. */
  rotations: z.int().optional(),
  createdAt: z.number(),
  /** Since when no try has succeeded; null while it works. */
  failingSince: z.number().nullable(),
  /** Nothing is tried before: it timed out, or asked for a pause. */
  pausedUntil: z.number().nullable(),
});
export type Endpoint = z.infer<typeof Endpoint>;

export const Webhook = z
  .object({
    id: WebhookId,
    url: Url,
    events: Events,
    description: z.string(),
    enabled: z.boolean(),
    disabledBecause: DisabledReason.nullable().meta({
      description: '`owner`: by yourself; `failing`: no try succeeded for five days; `gone`: it answered 410',
    }),
    createdAt: Instant,
    failingSince: Instant.nullable().meta({ description: 'Since when no try has succeeded; null while it works' }),
    pausedUntil: Instant.nullable().meta({ description: 'It timed out or asked for a pause: nothing is tried before' }),
    secrets: z.int().meta({ description: 'How many secrets sign a delivery now: two while a rotation overlaps' }),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

const instant = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** An endpoint as its owner sees it. `machineNow` tells which secrets still sign. */
export const webhookView = (endpoint: Endpoint, machineNow: number): Webhook => ({
  id: endpoint.sk,
  url: endpoint.url,
  events: endpoint.events,
  description: endpoint.description,
  enabled: endpoint.disabled === null,
  disabledBecause: endpoint.disabled,
  createdAt: iso(endpoint.createdAt),
  failingSince: instant(endpoint.failingSince),
  pausedUntil: instant(endpoint.pausedUntil),
  secrets: liveSecrets(endpoint, machineNow).length,
});

/** The sealed secrets that sign now, newest first: those whose overlap has not ended. */
export const liveSecrets = (endpoint: Pick<Endpoint, 'secrets'>, machineNow: number): string[] =>
  endpoint.secrets.flatMap(({ sealed, until }) => (until === null || until > machineNow ? [sealed] : []));

/** Secrets after a rotation: the new one first, and those that still sign until the overlap ends at the latest; three at the most. */
export function rotated(
  secrets: Endpoint['secrets'],
  sealed: string,
  overlapMs: number,
  machineNow: number,
): Endpoint['secrets'] {
  const until = machineNow + overlapMs;
  const older = secrets
    .map((secret) => ({ ...secret, until: Math.min(secret.until ?? until, until) }))
    .filter((secret) => secret.until > machineNow);
  return [{ sealed, until: null }, ...older].slice(0, 3);
}

export const subscribes = (endpoint: Pick<Endpoint, 'events' | 'disabled'>, type: EventType): boolean =>
  endpoint.disabled === null && (endpoint.events === 'all' || endpoint.events.includes(type));

/** Why a try failed; null for one that succeeded. */
export const Cause = z
  .enum([
    'status',
    'redirect',
    'gone',
    'timeout',
    'dns',
    'address',
    'connect',
    'tls',
    'endpoint_disabled',
    'endpoint_deleted',
  ])
  .meta({
    id: 'DeliveryCause',
    description:
      '`status`: it answered outside 200–299; `address`: its host does not resolve to public addresses alone; the others say it themselves',
  });
export type Cause = z.infer<typeof Cause>;

/** What one try came to. */
export const Attempt = z.object({
  at: z.number(),
  status: z.int().nullable(),
  latencyMs: z.int(),
  cause: Cause.nullable(),
  /** The beginning of the answer. */
  response: z.string(),
});
export type Attempt = z.infer<typeof Attempt>;

export const DeliveryState = z.enum(['pending', 'delivered', 'dead']).meta({ id: 'DeliveryState' });

export const Delivery = z.object({
  pk: z.string(),
  sk: z.string(),
  tenant: OrganisationId,
  endpoint: WebhookId,
  event: z.string(),
  type: EventType,
  subject: z.string(),
  body: z.string(),
  state: DeliveryState,
  createdAt: z.number(),
  /** Failed tries since it was made or replayed. */
  failures: z.int(),
  attempts: z.array(Attempt),
  /** In the index of what is due, while pending: shard, and time of the next try. */
  dpk: z.string().optional(),
  dsk: z.string().optional(),
});
export type Delivery = z.infer<typeof Delivery>;

/** Tries kept with a delivery; those before are forgotten. */
export const MOST_ATTEMPTS = 10;
/** A message makes the first try at once; where it is lost, the sweep makes it after this. */
export const FIRST_SWEEP_MS = MINUTE;

/** After how long a failed delivery is tried again: Standard Webhooks' steps, as many as fit into 24 hours. */
export const RETRY_DELAYS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 6 * HOUR] as const;
/** Each delay is changed by up to this share, so that what failed together does not come back together. */
const JITTER = 0.2;

/** When to try again after so many failures, in milliseconds of business time; null: it is dead. `random` in [0, 1). */
export function nextTryAt(failures: number, now: number, random: number): number | null {
  const delay = RETRY_DELAYS_MS[failures - 1];
  return delay === undefined ? null : now + Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}

/** How long an endpoint rests that timed out or could not be reached; one that is overloaded may ask for another time. */
const PAUSE_MS = MINUTE;
const LONGEST_PAUSE_MS = HOUR;
/** An endpoint without one success for so long is switched off. */
export const FAILING_MS = 5 * DAY;

/** How long an endpoint rests after a failed try; null: not at all, since only this event may have failed. */
export function pauseAfter(attempt: Pick<Attempt, 'status' | 'cause'>, retryAfterMs: number | null): number | null {
  const { status, cause } = attempt;
  if (status === 429 || status === 503) return Math.min(Math.max(retryAfterMs ?? PAUSE_MS, SECOND), LONGEST_PAUSE_MS);
  return cause === 'timeout' || cause === 'connect' || cause === 'dns' || cause === 'tls' ? PAUSE_MS : null;
}

/** Whether a failed try is the last straw: it is gone, or nothing has succeeded for five days. */
export function disabledBy(
  endpoint: Pick<Endpoint, 'failingSince'>,
  cause: Cause,
  now: number,
): 'gone' | 'failing' | null {
  if (cause === 'gone') return 'gone';
  return endpoint.failingSince !== null && now - endpoint.failingSince >= FAILING_MS ? 'failing' : null;
}

export const DeliveryView = z
  .object({
    id: DeliveryId,
    event: z.string().meta({ description: 'The event’s id, sent as `webhook-id`: the same in every try' }),
    type: EventType,
    subject: z.string(),
    state: DeliveryState,
    occurredAt: Instant,
    nextTryAt: Instant.nullable().meta({ description: 'At the latest; null unless it is pending' }),
    attempts: z
      .array(
        z.object({
          at: Instant,
          status: z.int().nullable().meta({ description: 'The HTTP status; null where none came' }),
          latencyMs: z.int(),
          cause: Cause.nullable(),
          response: z.string().meta({ description: 'The beginning of the answer' }),
        }),
      )
      .meta({ description: 'The last ten tries, oldest first' }),
    body: z.string().meta({ description: 'What is sent, to the letter: the signature is over it' }),
  })
  .meta({ id: 'WebhookDelivery' });
export type DeliveryView = z.infer<typeof DeliveryView>;

/** A delivery's id, from its sort key. */
export const deliveryIdOf = (sk: string): string => {
  const [at = '0', event = ''] = sk.split('#');
  return `${Number(at)}.${event}`;
};

export const deliveryView = (delivery: Delivery): DeliveryView => ({
  id: deliveryIdOf(delivery.sk),
  event: delivery.event,
  type: delivery.type,
  subject: delivery.subject,
  state: delivery.state,
  occurredAt: iso(delivery.createdAt),
  nextTryAt: delivery.dsk === undefined ? null : iso(Number(delivery.dsk.slice(0, 15))),
  attempts: delivery.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
  body: delivery.body,
});
