/** The same read for several things at once, such as the open work of each of one's queues. */
import { useQueries } from '@tanstack/react-query';
import { call } from './call.ts';
import type { DataOf, InputOf, PathOf } from './types.ts';

export type Each<T> = {
  /** Null as long as one of them is missing. */
  data: readonly T[] | null;
  error: unknown;
  isLoading: boolean;
};

/** Answers in the order of the inputs. Shares what single reads of the same path have already fetched. */
export function useEach<P extends PathOf<'get'>>(
  path: P,
  inputs: readonly Omit<InputOf<'get', P>, 'body'>[],
  options: { refreshMs?: number } = {},
): Each<DataOf<'get', P>> {
  return useQueries({
    queries: inputs.map((input) => ({
      queryKey: [path, input],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call('get', path, input as InputOf<'get', P>, { signal }) as Promise<DataOf<'get', P>>,
      ...(options.refreshMs === undefined ? {} : { refetchInterval: options.refreshMs }),
    })),
    combine: (results) => {
      const found = results.flatMap(({ data }) => (data === undefined ? [] : [data as DataOf<'get', P>]));
      return {
        data: found.length === inputs.length ? found : null,
        error: results.find(({ error }) => error !== null)?.error ?? null,
        isLoading: results.some(({ isLoading }) => isLoading),
      };
    },
  });
}
