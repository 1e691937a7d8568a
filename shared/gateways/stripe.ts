/**
 * The official SDK, as the market uses it: Stripe itself, or on one machine the stand-in that speaks the same protocol. It is
 * imported as `#stripe`, when it is first needed: in Lambda it lies in a file of its own beside the function's code.
 */
import Stripe from 'stripe';
import { machineClock } from '../kernel/time.ts';
import { endpointOf, Pace } from './pace.ts';
import type { StripeOptions } from './stripe-access.ts';

/** A call that takes longer is tried again under the same key. */
const TIMEOUT_MS = 20_000;
/** Within one call the SDK itself repeats, under the same key, what did not arrive, was too much, or failed at Stripe. */
const REPEATS = 2;

/** A client for the process: connections are kept between calls, and nothing is reported about the calls. */
export function stripeClient({ secretKey, standIn }: StripeOptions): Stripe {
  return new Stripe(secretKey, {
    telemetry: false,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: REPEATS,
    // The stand-in has no limits.
    ...(standIn === undefined
      ? { httpClient: paced() }
      : { host: '127.0.0.1', port: standIn.port, protocol: 'http' as const }),
  });
}

/** Stripe's own HTTP client, each of whose calls waits for its turn. */
function paced(): ReturnType<typeof Stripe.createNodeHttpClient> {
  const client = Stripe.createNodeHttpClient();
  const pace = new Pace(machineClock, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const makeRequest = client.makeRequest.bind(client);
  client.makeRequest = async (...call) => {
    const [, , path, method] = call;
    await pace.take(endpointOf(method, path));
    return makeRequest(...call);
  };
  return client;
}

/** Seconds that a signature may be old, as Stripe advises. */
const TOLERANCE_SECONDS = 300;

/**
 * Whether one of the secrets has signed these bytes, as the SDK decides it, within five minutes of `machineNow` (ms).
 * Both forms of events are signed alike.
 */
export async function isSignedByStripe(
  bytes: Uint8Array,
  header: string,
  secrets: readonly string[],
  machineNow: number,
): Promise<boolean> {
  const { signature } = Stripe.webhooks;
  if (signature === null) throw new Error('the SDK has no way to verify signatures');
  for (const secret of secrets) {
    const isRight = await signature
      .verifyHeaderAsync(bytes, header, secret, TOLERANCE_SECONDS, undefined, machineNow)
      .catch((error: unknown) => {
        if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
        throw error;
      });
    if (isRight) return true;
  }
  return false;
}
