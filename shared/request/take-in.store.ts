/**
 * The one way in for requests that come in numbers or from other systems: each is parsed and accepted by itself, and what
 * is refused gets a problem of its own. Batches, imports and connectors all come through here.
 */
import type { Call } from '../kernel/call.ts';
import { type FieldError, parseFields } from '../kernel/fields.ts';
import { PROBLEMS, type Problem, problem } from '../kernel/problem.ts';
import { acceptTriaged, type ModelLoader } from '../triage/intake.store.ts';
import { RequestInput, type RequestView } from './request.ts';

export type TakenIn =
  /** 201: a new request, or the same again; 200: the customer came back, and the earlier request is shown. */
  | { ok: true; status: 200 | 201; request: RequestView; isReturn: boolean; isRepeat: boolean }
  | { ok: false; status: number; problem: Problem };

/**
 * Takes in one request as it came, of whatever shape. `commandKey` names this very attempt: the same attempt made again is
 * no repeat. One that names no queue is triaged. `place` is put before the names of fields, such as `requests[3].`.
 */
export async function takeIn(
  call: Call,
  company: string,
  entry: unknown,
  commandKey: string | null,
  loadModel: ModelLoader,
  place = '',
): Promise<TakenIn> {
  const input = parseFields(RequestInput, entry, 'request');
  if (!input.ok) return { ok: false, ...unfit(input.errors.map((e) => ({ ...e, field: `${place}${e.field}` }))) };
  const accepted = await acceptTriaged(call, company, input.value, commandKey, loadModel);
  if (accepted.ok) {
    const { view, isReturn, isRepeat } = accepted.value;
    return { ok: true, status: isReturn ? 200 : 201, request: view, isReturn, isRepeat };
  }
  const { code, detail, retryable, extra } = accepted;
  return { ok: false, status: PROBLEMS[code][0], problem: problem(code, detail, { retryable, ...extra }) };
}

/** The problem of a request that does not fit its schema. */
export function unfit(errors: readonly FieldError[]): { status: number; problem: Problem } {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return { status: 400, problem: problem('invalid_request', detail, { errors: [...errors], retryable: false }) };
}
