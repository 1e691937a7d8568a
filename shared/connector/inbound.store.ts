/** A message of a connector becomes a request, is ignored, or is kept as an error: nothing is lost in silence. */
import type { Call } from '../kernel/call.ts';
import { parseFields } from '../kernel/fields.ts';
import { shortHash } from '../kernel/hash.ts';
import type { Problem } from '../kernel/problem.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { keyText } from '../kernel/table.ts';
import type { Draft } from '../request/mapping.ts';
import { headKey } from '../request/request.store.ts';
import { Head, RequestInput } from '../request/request.ts';
import { takeIn, unfit } from '../request/take-in.store.ts';
import type { ModelLoader } from '../triage/intake.store.ts';
import { keepError } from './connector.store.ts';
import type { Delivered, DryRun, StoredConnector } from './connector.ts';
import type { Payload } from './payload.ts';
import { mailRequestId, type Translated, translate } from './translate.ts';

/** Messages that an e-mail answers, the nearest first, which are looked up. */
const MOST_REFERENCES = 10;

/**
 * Delivers a message whose sender is known. Repeating it changes nothing: the request is keyed by what the message names.
 * Refused only where trying again can help. `keepErrors: false`: what does not become a request is only answered.
 */
export async function deliver(
  call: Call,
  connector: StoredConnector,
  payload: Payload,
  machineNow: number,
  loadModel: ModelLoader,
  options: { keepErrors: boolean } = { keepErrors: true },
): Promise<Result<Delivered, 'unavailable'>> {
  const translated = await translate(connector.config, payload);
  if (translated.what === 'ignored')
    return ok({ outcome: 'ignored', request: null, error: null, detail: translated.reason });
  const keep = async (problem: Problem): Promise<Result<Delivered, never>> => {
    const error = options.keepErrors ? await keepError(call, connector.id, payload, problem, machineNow) : null;
    return ok({ outcome: 'kept', request: null, error, detail: problem.detail });
  };
  if (translated.what === 'unfit') return keep(unfit(translated.errors).problem);
  const draft = await asReply(call, connector.company, translated);
  const taken = await takeIn(call, connector.company, draft, null, loadModel);
  if (!taken.ok) {
    if (taken.problem.retryable === true) return refuse('unavailable', taken.problem.detail, { retryable: true });
    return keep(taken.problem);
  }
  const request = taken.request.id;
  if (taken.isReturn)
    return ok({
      outcome: 'returned',
      request,
      error: null,
      detail: 'The customer came back: the earlier request goes on.',
    });
  return taken.isRepeat
    ? ok({ outcome: 'repeated', request, error: null, detail: 'It was taken in before.' })
    : ok({ outcome: 'accepted', request, error: null, detail: 'It is a request now.' });
}

/** What a message would become, with nothing written. */
export async function dryRun(call: Call, connector: StoredConnector, payload: Payload): Promise<DryRun> {
  const translated = await translate(connector.config, payload);
  const nothing = { request: null, errors: [], repliesTo: [] };
  if (translated.what === 'ignored') return { ...nothing, outcome: 'ignored', detail: translated.reason };
  if (translated.what === 'unfit')
    return { ...nothing, outcome: 'unfit', detail: 'It would be kept as an error.', errors: translated.errors };
  const draft = await asReply(call, connector.company, translated);
  const { repliesTo } = translated;
  const input = parseFields(RequestInput, draft, 'request');
  if (!input.ok)
    return {
      outcome: 'unfit',
      detail: 'It would be kept as an error.',
      request: draft,
      errors: input.errors,
      repliesTo,
    };
  return { outcome: 'request', detail: 'It would become this request.', request: input.value, errors: [], repliesTo };
}

/**
 * An answer to a request of the same customer goes to that request's queue, where `acceptRequest` sees that the customer
 * came back. An answer by somebody else, or to what is not known, is a request of its own.
 */
async function asReply(
  call: Call,
  company: string,
  { draft, repliesTo }: Extract<Translated, { what: 'request' }>,
): Promise<Draft> {
  if (repliesTo.length === 0 || draft.customer === undefined) return draft;
  const handle = await shortHash(draft.customer);
  const ids = await Promise.all(
    repliesTo.slice(0, MOST_REFERENCES).map(async (id) => `${company}.${await shortHash(await mailRequestId(id))}`),
  );
  const heads = await call.tables.getMany('requests', ids.map(headKey), Head, { consistent: true });
  const known = ids.map((id) => heads.get(keyText(headKey(id)))).find((head) => head?.handle === handle);
  return known === undefined ? draft : { ...draft, queue: known.queue };
}
