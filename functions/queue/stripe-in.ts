/** Works a kept event of Stripe. The item decides, so a message may come twice. */
import * as z from 'zod';
import { eventDone, openEvent } from '../../shared/stripe-event/stripe-event.store.ts';
import { consumer } from '../middleware/consumer.ts';
import { handlerOf } from '../stripe-in.ts';
import { stripeCall } from '../stripe-out.ts';

const Message = z.object({ event: z.string() });

export const handler = consumer(Message, async (runtime, message, shared) => {
  const call = { ...(await stripeCall(runtime)), shared };
  try {
    const event = await openEvent(call, message.event);
    if (event === undefined) return;
    // What is not so far yet stays open: the sweep looks for it again.
    if ((await handlerOf(event.type)?.(call, event, runtime)) === 'later') return;
    await eventDone(call, event.event);
  } finally {
    runtime.recordConsumption('stripe-in', call.tables.consumed);
  }
});
