/** Works kept events of Stripe. The item decides, so a message may come twice. */
import * as z from 'zod';
import { readOnce } from '../../shared/kernel/call.ts';
import { eventsDone, openEvents } from '../../shared/stripe-event/stripe-event.store.ts';
import { consumer } from '../middleware/consumer.ts';
import { handlerOf } from '../stripe-in.ts';
import { stripeCall } from '../stripe-out.ts';

const Message = z.object({ event: z.string() });

/** The event that was worked; null where there is nothing to note. */
type Worked = string | null;

export const handler = consumer(
  Message,
  async (runtime, message, { messages, shared }): Promise<Worked> => {
    const call = { ...(await stripeCall(runtime)), shared };
    try {
      const ids = messages.map(({ event }) => event);
      const event = (await readOnce(call, 'open events', () => openEvents(call, ids))).get(message.event);
      if (event === undefined) return null;
      // What is not so far yet stays open: the sweep looks for it again.
      return (await handlerOf(event.type)?.(call, event, runtime)) === 'later' ? null : event.event;
    } finally {
      runtime.recordConsumption('stripe-in', call.tables.consumed);
    }
  },
  async (runtime, worked) => {
    const call = await stripeCall(runtime);
    try {
      await eventsDone(
        call,
        worked.filter((event) => event !== null),
      );
    } finally {
      runtime.recordConsumption('stripe-in:done', call.tables.consumed);
    }
  },
);
