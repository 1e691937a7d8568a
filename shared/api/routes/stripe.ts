/** Where Stripe tells what happens. */
import * as z from 'zod';
import { StripeDestination } from '../../stripe-event/stripe-event.ts';
import { defineRoutes } from '../route.ts';

/** An invoice's event carries its first lines; no event comes near this. */
const MOST_EVENT_BYTES = 1024 * 1024;

export const stripeRoutes = defineRoutes([
  {
    id: 'receiveStripeEvent',
    function: 'stripe',
    method: 'POST',
    path: '/v1/stripe/{destination}',
    access: { who: 'everybody' },
    repeat: 'natural',
    summary: 'Where Stripe posts its events, signed',
    description:
      'One address for each kind of destination: whole events or thin ones, of the market’s own account or of the connected ones. An answer of 200 means that the event is kept; the same event again is harmless.',
    params: z.object({ destination: StripeDestination }),
    rawBody: { types: ['application/json'], mostBytes: MOST_EVENT_BYTES },
    responses: { 200: z.object({ received: z.literal(true) }).meta({ id: 'StripeEventReceived' }) },
    problems: ['bad_signature'],
  },
]);
