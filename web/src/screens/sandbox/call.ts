/** Calls made in the sandbox: as the same person, for the shadow of the organisation. Nothing of the frame switches over. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createParley, type Parley } from '../../../../shared/client/client.ts';
import { accessToken } from '../../auth/session.ts';

export const callsFor = (shadow: string): Parley =>
  createParley({
    baseUrl: '',
    attempts: 2,
    timeoutMs: 20_000,
    token: accessToken,
    organisation: shadow,
    fetch: (url, init) => fetch(url, init),
  });

const KEY = 'sandbox';
const REFRESH_MS = 3_000;

/** What a call in the sandbox answers, read again every few seconds: there, things happen by themselves. */
export function useInSandbox<T>(what: readonly string[], read: () => Promise<T>) {
  return useQuery({
    queryKey: [KEY, ...what],
    queryFn: read,
    refetchInterval: REFRESH_MS,
  });
}

/** Does something there, and has everything of it read again. */
export function useDoInSandbox<T = void>(act: (input: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }) });
}
