/** The requests of a round, a page of its file at a time. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { fetchPage } from '../../api/file.ts';
import { type Row, rowsOf } from './rows.ts';

export function useRows(queue: string, round: string, period: string) {
  const query = useInfiniteQuery({
    queryKey: ['requests of', queue, round],
    queryFn: async ({ pageParam }) => {
      const cursor: Record<string, string> = pageParam === null ? {} : { cursor: pageParam };
      const { text, next } = await fetchPage('/v1/exports/requests/ndjson', { queue, round, period, ...cursor });
      return { rows: rowsOf(text), next };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: queue !== '',
  });
  const rows: Row[] = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return {
    query,
    rows,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  };
}
