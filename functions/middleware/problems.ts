/** Turns refusals and failures into RFC 9457 answers: the one place where a code becomes HTTP. */
import { PROBLEMS, type ProblemCode, problem } from '../../shared/kernel/problem.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';
import { type ApiResponse, isRefusal, type Outcome } from './context.ts';
import { fieldErrorsOf } from './fields.ts';

/** Seconds after which a call that may succeed later is worth another try, where the refusal does not say. */
const RETRY_AFTER_SECONDS = 1;

/** The HTTP answer of an outcome: JSON, or text of the type given. Every answer names the call. */
export function respond(outcome: Outcome, callId: string, textType?: string): ApiResponse {
  const headers: Record<string, string> = { 'parley-call-id': callId, 'cache-control': 'no-store' };
  if (isRefusal(outcome)) return respondProblem(outcome, headers, callId);
  if (outcome.status === 204) return { statusCode: 204, headers, body: '' };
  if (textType !== undefined) {
    headers['content-type'] = `${textType}; charset=utf-8`;
    if (typeof outcome.next === 'string') headers['parley-next'] = outcome.next;
    return { statusCode: outcome.status, headers, body: String(outcome.body) };
  }
  headers['content-type'] = 'application/json';
  return { statusCode: outcome.status, headers, body: JSON.stringify(outcome.body) };
}

function respondProblem(refusal: Refusal<ProblemCode>, headers: Record<string, string>, callId: string): ApiResponse {
  const [status] = PROBLEMS[refusal.code];
  const errors = fieldErrorsOf(refusal);
  const body = problem(refusal.code, refusal.detail, {
    ...refusal.extra,
    retryable: refusal.retryable,
    instance: callId,
    ...(errors === undefined ? {} : { errors }),
  });
  headers['content-type'] = 'application/problem+json';
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const seconds = refusal.extra?.retryAfterSeconds;
  if (refusal.retryable) headers['retry-after'] = String(typeof seconds === 'number' ? seconds : RETRY_AFTER_SECONDS);
  return { statusCode: status, headers, body: JSON.stringify(body) };
}

/** Errors by which a table or a queue says that it does not answer just now; trying again later can help. */
const UNAVAILABLE = new Set([
  'InternalServerError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TimeoutError',
  'TransactionCanceledException',
  'TransactionInProgressException',
]);
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT']);

/** What a thrown error is to the caller; nothing of its text leaves the house. */
export function failureOf(error: unknown): Refusal<'internal' | 'unavailable'> {
  const { name, code } = (error ?? {}) as { name?: string; code?: string };
  if (UNAVAILABLE.has(name ?? '') || UNREACHABLE.has(code ?? ''))
    return refuse('unavailable', 'A part of the market does not answer just now. Send the same call again.', {
      retryable: true,
    });
  return refuse('internal', 'Something went wrong on our side. Quote the id of the call when you ask about it.');
}
