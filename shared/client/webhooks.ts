/** Checks that a webhook comes from the market, whole and fresh, and gives its event (Standard Webhooks). */
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import * as z from 'zod';

/** An event as it is delivered; `data` is described per type in the API's docs. The same event has the same `webhook-id` in each try. */
export const WebhookEvent = z.object({ type: z.string(), timestamp: z.string(), data: z.unknown() }).loose();
export type WebhookEvent = z.infer<typeof WebhookEvent>;
export type Verified = { id: string; event: WebhookEvent };

const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * Verifies a delivery. `secret` is the endpoint's, `whsec_…`; `body` the bytes as they came, before any parsing. Throws
 * `WebhookVerificationError` where the signature is another's, the body was changed, or the time is over five minutes
 * off. A delivery may come more than once: keep `id`.
 */
export function verifyWebhook(secret: string, headers: Headers | Record<string, unknown>, body: string): Verified {
  const read = (name: string): string => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name];
    if (typeof value !== 'string') throw new WebhookVerificationError(`the header ${name} is missing`);
    return value;
  };
  const signed = Object.fromEntries(HEADERS.map((name) => [name, read(name)])) as Record<
    (typeof HEADERS)[number],
    string
  >;
  const event = WebhookEvent.parse(new Webhook(secret).verify(body, signed));
  return { id: signed['webhook-id'], event };
}

export { WebhookVerificationError };
