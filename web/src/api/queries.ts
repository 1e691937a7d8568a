/** The query cache: the only state beside the URL. */
import { QueryClient } from '@tanstack/react-query';
import { ParleyProblem } from '../../../shared/client/client.ts';

const FRESH_MS = 30_000;
const KEPT_MS = 10 * 60_000;

/** Whether a failed read is worth another try: the client has repeated what it safely could already. */
export function isWorthARetry(failures: number, error: unknown): boolean {
  if (error instanceof ParleyProblem) return error.status >= 500 && failures < 1;
  return failures < 1;
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: FRESH_MS, gcTime: KEPT_MS, retry: isWorthARetry, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
