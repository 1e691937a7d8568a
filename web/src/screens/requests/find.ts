/** Finds requests by what a person has at hand: an id of the market, one's own id, or the customer. */
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { shortHash } from '../../../../shared/kernel/hash.ts';
import { RequestId, type RequestView } from '../../../../shared/request/request.ts';
import { call } from '../../api/call.ts';

/** The market's id of a request that a company sent under its own id. */
export const requestIdOf = async (company: string, externalId: string): Promise<string> =>
  `${company}.${await shortHash(externalId)}`;

async function readIfThere(request: string): Promise<RequestView | null> {
  try {
    return await call('get', '/v1/requests/{request}', { path: { request } });
  } catch (error) {
    if (error instanceof ParleyProblem && error.status === 404) return null;
    throw error;
  }
}

export type Found = { request: string } | { customer: string; items: readonly RequestView[]; isWhole: boolean } | null;

/** One request where the text is an id, those of a customer where it is a handle, null where it is neither. */
export async function findRequests(company: string, text: string): Promise<Found> {
  const asId = RequestId.safeParse(text).success ? text : await requestIdOf(company, text);
  const one = await readIfThere(asId);
  if (one !== null) return { request: one.id };
  const { items, next } = await call('post', '/v1/requests/search', {
    query: { limit: 100 },
    body: { customer: text },
  });
  return items.length === 0 ? null : { customer: text, items, isWhole: next === null };
}
