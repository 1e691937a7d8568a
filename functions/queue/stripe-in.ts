/** Works a kept event of Stripe. The item decides, so a message may come twice. */
import * as z from 'zod';
import { readOnce } from '../../shared/kernel/call.ts';
import { eventDone, openEvents } from '../../shared/stripe-event/stripe-event.store.ts';
import { consumer } from '../middleware/consumer.ts';
import { handlerOf } from '../stripe-in.ts';
import { stripeCall } from '../stripe-out.ts';

const Message = z.object({ event: z.string() });

export const handler = consumer(Message, async (runtime, message, { messages, shared }) => {
  const call = { ...(await stripeCall(runtime)), shared };
  try {
    const ids = messages.map(({ event }) => event);
    const event = (await readOnce(call, 'open events', () => openEvents(call, ids))).get(message.event);
    if (event === undefined) return;
    // What is not so far yet stays open: the sweep looks for it again.
    if ((await handlerOf(event.type)?.(call, event, runtime)) === 'later') return;
    await eventDone(call, event.event);
  } finally {
    runtime.recordConsumption('stripe-in', call.tables.consumed);
  }
});
