/**
 * Reading and writing from a screen, typed by method and path:
 * `useRead('/v1/queues/{queue}', { path: { queue } })`, `usePages('/v1/charges', { query: { state } })`,
 * `useAct('post', '/v1/requests')`.
 */
import {
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useRef } from 'react';
import { ParleyProblem } from '../../../shared/client/client.ts';
import { call } from './call.ts';
import type { DataOf, InputOf, ItemOf, Method, Optional, PathOf } from './types.ts';
import { type Fold, type Page, type Pages, useList } from './use-list.ts';

type ReadPath = PathOf<'get'>;
export type ReadOptions = {
  /** False waits: for something that is read first. */
  enabled?: boolean;
  /** Reads again so often while the page is looked at, in milliseconds. */
  refreshMs?: number;
};
type Given<P extends ReadPath> = Optional<Omit<InputOf<'get', P>, 'body'>>;

/** What a path answers, kept for half a minute and read again when somebody comes back to it. */
export function useRead<P extends ReadPath>(
  path: P,
  ...[input, options]: [...Given<P>, options?: ReadOptions]
): UseQueryResult<DataOf<'get', P>> {
  const { enabled = true, refreshMs } = (options ?? {}) as ReadOptions;
  return useQuery({
    queryKey: [path, input ?? {}],
    queryFn: ({ signal }) => call('get', path, (input ?? {}) as InputOf<'get', P>, { signal }),
    enabled,
    ...(refreshMs === undefined ? {} : { refetchInterval: refreshMs }),
  }) as UseQueryResult<DataOf<'get', P>>;
}

/** So many items of a list that is read whole, page after page. */
const MOST_READ = 2_000;

/** A list that is read whole since it is looked things up in, such as the market's queues; the first 2,000 of it. */
export function useWhole<P extends ReadPath>(
  path: P,
  ...[input, options]: [...Given<P>, options?: ReadOptions]
): UseQueryResult<{ items: readonly ItemOf<P>[] }> {
  const { enabled = true, refreshMs } = (options ?? {}) as ReadOptions;
  const given = (input ?? {}) as { query?: object };
  return useQuery({
    queryKey: [path, given, 'whole'],
    queryFn: async ({ signal }) => {
      const items: ItemOf<P>[] = [];
      let cursor: string | null | undefined;
      do {
        const page = { ...given, query: { ...given.query, ...(cursor == null ? {} : { cursor }) } };
        const read = (await call('get', path, page as unknown as InputOf<'get', P>, { signal })) as Page<ItemOf<P>>;
        items.push(...read.items);
        cursor = read.next;
      } while (cursor != null && items.length < MOST_READ);
      return { items };
    },
    enabled,
    ...(refreshMs === undefined ? {} : { refetchInterval: refreshMs }),
  });
}

const NO_SUM: Fold<unknown, null> = { none: null, add: () => null };

/** The pages of a list. Another filter starts from the first page, and shows the old one until it is there. */
export function usePages<P extends ReadPath>(
  path: P,
  ...[input, options]: [...Given<P>, options?: ReadOptions]
): Pages<ItemOf<P>> {
  return useSummedPages(path, (input ?? {}) as Omit<InputOf<'get', P>, 'body'>, NO_SUM, options as ReadOptions);
}

/** The same, with what all of its rows come to. */
export function useSummedPages<P extends ReadPath, Sum>(
  path: P,
  input: Omit<InputOf<'get', P>, 'body'>,
  fold: Fold<ItemOf<P>, Sum>,
  options: ReadOptions = {},
): Pages<ItemOf<P>, Sum> {
  const given = input as { path?: object; query?: object };
  const read = async (cursor: string | null, signal?: AbortSignal) => {
    const page = { ...given, query: { ...given.query, ...(cursor === null ? {} : { cursor }) } };
    const more = signal === undefined ? {} : { signal };
    return (await call('get', path, page as unknown as InputOf<'get', P>, more)) as Page<ItemOf<P>>;
  };
  return useList({ key: [path, given, 'pages'], read, fold, ...options });
}

type WriteMethod = Exclude<Method, 'get'>;
export type ActInput<M extends WriteMethod, P extends PathOf<M>> = InputOf<M, P>;
export type Act<M extends WriteMethod, P extends PathOf<M>> = UseMutationResult<DataOf<M, P>, Error, ActInput<M, P>>;

/**
 * A write. Each POST carries an `Idempotency-Key`; sending the same again after nobody answered keeps the key, so that its
 * effect happens once. Afterwards everything that is shown is read again.
 */
export function useAct<M extends WriteMethod, P extends PathOf<M>>(
  method: M,
  path: P,
  options: { onSuccess?: (data: DataOf<M, P>, input: ActInput<M, P>) => void } = {},
): Act<M, P> {
  const queries = useQueryClient();
  const last = useRef<{ content: string; key: string } | null>(null);
  return useMutation({
    mutationFn: async (input: ActInput<M, P>) => {
      const content = JSON.stringify(input);
      if (last.current?.content !== content) last.current = { content, key: crypto.randomUUID() };
      const headers: Record<string, string> = method === 'post' ? { 'Idempotency-Key': last.current.key } : {};
      try {
        const data = await call(method, path, input, { headers });
        last.current = null;
        return data;
      } catch (error) {
        // The market has answered, so what comes next is another call.
        if (error instanceof ParleyProblem) last.current = null;
        throw error;
      }
    },
    onSuccess: async (data, input) => {
      options.onSuccess?.(data, input);
      await queries.invalidateQueries();
    },
  });
}
