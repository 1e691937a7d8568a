/** The disputes of one charge, the newest last: they are numbered from 1 on. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import { call } from '../../api/call.ts';

/** A withdrawn dispute may be opened again, so often in all. */
const MOST_DISPUTES = 9;

export const useDisputesOf = (request: string): UseQueryResult<DisputeView[]> =>
  useQuery({ queryKey: ['disputes of', request], queryFn: ({ signal }) => disputesOf(request, signal) });

async function disputesOf(request: string, signal: AbortSignal): Promise<DisputeView[]> {
  const found: DisputeView[] = [];
  while (found.length < MOST_DISPUTES) {
    const path = { dispute: `${request}.d${found.length + 1}` };
    try {
      found.push(await call('get', '/v1/disputes/{dispute}', { path }, { signal }));
    } catch (error) {
      if (error instanceof ParleyProblem && error.status === 404) break;
      throw error;
    }
  }
  return found;
}
