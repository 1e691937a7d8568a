/** Events that did not come by themselves: what Stripe could not deliver, and every night all that happened. */
import type Stripe from 'stripe';
import { DAY, HOUR, iso, SECOND } from '../kernel/time.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { keepEvent, keptEvents } from './stripe-event.store.ts';
import { eventOf, StripePayload } from './stripe-event.ts';

/** Stripe tries to deliver for three days. */
const DELIVERED_WITHIN_MS = 3 * DAY;
/** Thin events cannot be asked for by delivery: so much is looked at twice. */
const OVERLAP_MS = HOUR;
const BATCH = 100;

/** Keeps what Stripe could not deliver, and thin events since `since` (ms). How many were not known. */
export async function keepUndelivered(
  call: StripeCall,
  since: number,
  isHandled: (type: string) => boolean,
): Promise<number> {
  const created = { gte: seconds(Math.max(0, call.now - DELIVERED_WITHIN_MS)) };
  const undelivered = call.stripe.events.list({ delivery_success: false, created, limit: 100 });
  return both(keepAll(call, undelivered, isHandled), keepThin(call, since, isHandled));
}

/** Keeps every event since `since` (ms) that is not known here. How many those were. */
export async function keepSince(
  call: StripeCall,
  since: number,
  isHandled: (type: string) => boolean,
): Promise<number> {
  const created = { gte: seconds(Math.max(0, since - OVERLAP_MS)) };
  const all = call.stripe.events.list({ created, limit: 100 });
  return both(keepAll(call, all, isHandled), keepThin(call, since, isHandled));
}

async function both(snapshots: Promise<number>, thin: Promise<number>): Promise<number> {
  const counts = await Promise.all([snapshots, thin]);
  return counts[0] + counts[1];
}

async function keepThin(call: StripeCall, since: number, isHandled: (type: string) => boolean): Promise<number> {
  // The SDK types this range as numbers, as of v1; v2 has instants.
  const created = { gte: iso(Math.max(0, since - OVERLAP_MS)) } as unknown as { gte: number };
  return keepAll(call, call.stripe.v2.core.events.list({ created, limit: 100 }), isHandled);
}

async function keepAll(
  call: StripeCall,
  found: AsyncIterable<Stripe.Event | Stripe.V2.Core.Event>,
  isHandled: (type: string) => boolean,
): Promise<number> {
  let count = 0;
  let batch: { id: string }[] = [];
  const work = async (): Promise<void> => {
    const known = await keptEvents(
      call,
      batch.map(({ id }) => id),
    );
    // Oldest first, as they would have come.
    for (const one of batch.reverse()) {
      if (known.has(one.id)) continue;
      await keepEvent(call, eventOf(StripePayload.parse(one)));
      count += 1;
    }
    batch = [];
  };
  for await (const one of found) {
    if (!isHandled(one.type)) continue;
    batch.push(one);
    if (batch.length === BATCH) await work();
  }
  await work();
  return count;
}

const seconds = (ms: number): number => Math.floor(ms / SECOND);
