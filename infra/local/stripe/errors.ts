/** Stripe's errors as values to throw; each has the status, type and code that Stripe documents. */
import type { Stripe } from 'stripe';

export type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
export type ErrorBody = {
  type: ErrorType;
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  doc_url?: string;
  payment_intent?: Stripe.PaymentIntent;
  setup_intent?: Stripe.SetupIntent;
  charge?: string;
};

/**
 * An answer that is no success. What the request wrote before is taken back, unless `keeps`: a declined payment is an
 * error to the caller and a fact in the books.
 */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly keeps: boolean;

  constructor(status: number, body: ErrorBody, keeps = false) {
    super(body.message);
    this.status = status;
    this.body =
      body.code === undefined
        ? body
        : { ...body, doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` };
    this.keeps = keeps;
  }
}

type Details = { code?: string; param?: string };

/** 400: the request cannot be done, now or as it is written. */
export const invalid = (message: string, details: Details = {}): StripeRefusal =>
  new StripeRefusal(400, { type: 'invalid_request_error', message, ...details });

export const parameterMissing = (param: string): StripeRefusal =>
  invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });

export const parameterUnknown = (param: string): StripeRefusal =>
  invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });

/** 404, also where the id came in a parameter, as Stripe has it. `what` in Stripe's word, such as `customer`. */
export const resourceMissing = (what: string, id: string, param = 'id'): StripeRefusal =>
  new StripeRefusal(param === 'id' ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${what.replace(/^.*\./, '')}: '${id}'`,
  });

/** 402, with what was written kept: the attempt is part of the object's history. */
export const declined = (body: Omit<ErrorBody, 'type' | 'message'> & { message?: string }): StripeRefusal =>
  new StripeRefusal(
    402,
    { type: 'card_error', code: 'card_declined', message: 'Your card was declined.', ...body },
    true,
  );

export const unauthorised = (key: string | undefined): StripeRefusal =>
  new StripeRefusal(401, {
    type: 'invalid_request_error',
    message:
      key === undefined
        ? 'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.'
        : `Invalid API Key provided: ${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`,
  });
