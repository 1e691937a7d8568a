/** Takes Stripe's events in: the signature is checked over the bytes, the event is kept, and only then Stripe is answered. */
import { stripeRoutes } from '../../shared/api/routes/stripe.ts';
import { StripeSecrets } from '../../shared/gateways/stripe-access.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { keepEvent } from '../../shared/stripe-event/stripe-event.store.ts';
import { eventOf, StripePayload } from '../../shared/stripe-event/stripe-event.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { refuseFields } from '../middleware/fields.ts';
import type { Runtime } from '../runtime.ts';

const NOT_SIGNED = refuse(
  'bad_signature',
  'The header Stripe-Signature is missing, too old, or by none of the secrets of this destination.',
);

const read = new WeakMap<Runtime, Promise<StripeSecrets>>();

/** Read once a process; what could not be read is read again the next time. */
function secretsOf(runtime: Runtime): Promise<StripeSecrets> {
  const known = read.get(runtime);
  if (known !== undefined) return known;
  const reading = runtime.stripeSecrets().then((secrets) => StripeSecrets.parse(secrets));
  read.set(runtime, reading);
  reading.catch(() => read.delete(runtime));
  return reading;
}

const receiveStripeEvent: Handler<'receiveStripeEvent'> = async (context, { params, body }) => {
  const { runtime, machineNow } = context;
  const header = body.headers['stripe-signature'];
  const [{ isSignedByStripe }, all] = await Promise.all([import('#stripe'), secretsOf(runtime)]);
  const secrets = all[params.destination];
  if (header === undefined || !(await isSignedByStripe(body.bytes, header, secrets, machineNow))) return NOT_SIGNED;
  const payload = parsed(body.bytes);
  if (payload === undefined)
    return refuseFields([{ field: 'body', message: 'must be an event as Stripe sends it, whole or thin' }]);
  const event = eventOf(payload);
  const kept = await keepEvent(context, event);
  runtime.log('info', 'an event of Stripe', { event: event.event, type: event.type, kept });
  return { status: 200, body: { received: true } };
};

function parsed(bytes: Uint8Array) {
  try {
    return StripePayload.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

export const handler = api('stripe', stripeRoutes, { receiveStripeEvent });
