/** What a failed call to Stripe means for the next one: pure decisions over what Stripe answered. */

/** The parts of an SDK error that decide. */
export type StripeFailure = {
  type: string;
  statusCode?: number | undefined;
  code?: string | undefined;
  message: string;
};

/** What a stored key says of the call that it was made for. */
export type CallState = 'intended' | 'done' | 'refused';

/**
 * `again`: nothing is known of the call, and the same key gives the one answer (time-out, 409, 429). `refused`: Stripe
 * answers the same to this key for a day, so that a new attempt needs a new one. `failed`: as `refused`, by Stripe's own
 * fault (5xx). `bug`: the key was used with other parameters, or ours is not accepted at all; repeating changes nothing.
 */
export type FailureMeans = 'again' | 'refused' | 'failed' | 'bug';

export function meaningOf(failure: StripeFailure): FailureMeans {
  const { type, statusCode } = failure;
  if (type === 'StripeIdempotencyError' || type === 'StripeAuthenticationError' || type === 'StripePermissionError')
    return 'bug';
  if (type === 'StripeConnectionError' || type === 'StripeRateLimitError') return 'again';
  if (statusCode === undefined || statusCode === 409 || statusCode === 429) return 'again';
  return statusCode >= 500 ? 'failed' : 'refused';
}

/** Stripe keeps an answer for 24 hours; an older key could do the same again, so what it made is looked for first. */
export const KEY_LIFE_MS = 23 * 3_600_000;

/** The key that Stripe is sent for an attempt. */
export const attemptKey = (key: string, attempt: number): string => `${key}:a${attempt}`;
