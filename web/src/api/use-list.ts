/**
 * A list that comes in pages behind an opaque cursor. As many rows are kept as one can look at: those far above are let go,
 * and read again when somebody comes back to them. So a list of a hundred thousand rows takes no more room than one of a
 * few thousand, and reading it anew after a change costs no more either.
 */
import {
  type InfiniteData,
  keepPreviousData,
  type UseQueryResult,
  useInfiniteQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';

/** So many pages are kept at a time. */
const MOST_KEPT = 20;
/** How long after a page could not be read again it is tried once more. */
const AGAIN_MS = 3_000;
/** Lists of more pages are not read again by themselves. */
const MOST_REFRESHED = 3;

export type Page<Item> = { items: readonly Item[]; next?: string | null };

/** Where a page begins, and those before it: the way back, though their rows are gone. */
type Place<Sum> = { cursor: string | null; row: number; sum: Sum; previous: Place<Sum> | null };

type Kept<Item, Sum> = InfiniteData<Page<Item>, Place<Sum>>;

/** What all rows come to, added up as they are read. */
export type Fold<Item, Sum> = { none: Sum; add: (sum: Sum, items: readonly Item[]) => Sum };

export type Pages<Item, Sum = unknown> = {
  /** The rows that are there, one after another. */
  items: readonly Item[];
  /** How many rows stand before the first of them. */
  before: number;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** Whether reading on has failed. */
  isStuck: boolean;
  /** Whether somebody has read on already: then more is read as one goes down. */
  wasAsked: boolean;
  more: () => void;
  /** Has a row before the first one read again. */
  back: (row: number) => void;
  /** Of all rows through the last that is there. */
  sum: Sum;
  /** Loading, refused or there: for `QueryState`. */
  query: Pick<UseQueryResult<unknown>, 'status' | 'error' | 'data' | 'fetchStatus' | 'refetch'>;
};

type Options<Item, Sum> = {
  key: readonly unknown[];
  read: (cursor: string | null, signal?: AbortSignal) => Promise<Page<Item>>;
  fold: Fold<Item, Sum>;
  enabled?: boolean;
  refreshMs?: number | undefined;
};

/** Another key starts from the first page, and shows the old list until that is there. */
export function useList<Item, Sum>(options: Options<Item, Sum>): Pages<Item, Sum> {
  const { key, read, fold, enabled = true, refreshMs } = options;
  const queries = useQueryClient();
  const isGoingBack = useRef(false);
  const [, askAgain] = useState(0);
  const start: Place<Sum> = { cursor: null, row: 0, sum: fold.none, previous: null };
  const query = useInfiniteQuery<Page<Item>, Error, Kept<Item, Sum>, readonly unknown[], Place<Sum>>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam.cursor, signal),
    initialPageParam: start,
    getNextPageParam: ({ next, items }, _, place): Place<Sum> | undefined =>
      next == null
        ? undefined
        : { cursor: next, row: place.row + items.length, sum: fold.add(place.sum, items), previous: place },
    getPreviousPageParam: (_first, _all, { previous }) => previous ?? undefined,
    maxPages: MOST_KEPT,
    // Places hang one on another: comparing them would walk the whole way back each time.
    structuralSharing: false,
    placeholderData: keepPreviousData,
    enabled,
    // Whoever reads far down is left in peace: reading so much again and again would tell little.
    refetchInterval: ({ state }) =>
      refreshMs === undefined || (state.data?.pages.length ?? 0) > MOST_REFRESHED ? false : refreshMs,
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError } = query;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const [first, last] = [data?.pageParams[0], data?.pageParams.at(-1)];

  const back = async (row: number): Promise<void> => {
    if (first === undefined || row >= first.row || isGoingBack.current) return;
    isGoingBack.current = true;
    try {
      const place = placeOf(first, row);
      if (place === first.previous) await query.fetchPreviousPage();
      else {
        const page = await read(place.cursor);
        await queries.cancelQueries({ queryKey: key, exact: true });
        queries.setQueryData<Kept<Item, Sum>>(key, { pages: [page], pageParams: [place] });
      }
    } catch {
      // The rows stay away: who still looks at their place then asks again.
      setTimeout(() => askAgain((times) => times + 1), AGAIN_MS);
    }
    isGoingBack.current = false;
  };

  return {
    items,
    before: first?.row ?? 0,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    isStuck: isFetchNextPageError,
    wasAsked: (data?.pages.length ?? 0) > 1 || (first?.row ?? 0) > 0,
    more: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    back: (row) => void back(row),
    sum: last === undefined ? fold.none : fold.add(last.sum, data?.pages.at(-1)?.items ?? []),
    query,
  };
}

/** The place of the page that holds a row before another one. */
function placeOf<Sum>(from: Place<Sum>, row: number): Place<Sum> {
  let place = from;
  while (place.row > row && place.previous !== null) place = place.previous;
  return place;
}
