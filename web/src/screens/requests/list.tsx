/** The requests of a queue and round: read as one goes down, or all at once; by state among those that are read. */
import { Button, Group, Text } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { RequestView } from '../../../../shared/request/request.ts';
import { usePages } from '../../api/use-api.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { useQueueList } from '../company-parts/queues.tsx';
import { columnsOf } from './columns.tsx';
import { t } from './messages.en.ts';

const PAGE = 100;
type Props = { queue: string; round: number; state: string };

export function RequestList({ queue, round, state }: Props) {
  const pages = usePages('/v1/requests', { query: { queue, round, order: 'newest', limit: PAGE } });
  const fit = state === '' ? pages.items : pages.items.filter((request) => request.state === state);
  return (
    <QueryState of={pages.query}>
      {() => (
        <>
          {pages.items.length === 0 && <Empty title={t('empty')} text={t('empty.text')} />}
          {pages.items.length > 0 && fit.length === 0 && <Empty title={t('empty')} text={t('empty.state')} />}
          {fit.length > 0 && <RequestTable rows={fit} />}
          {pages.items.length > 0 && <Foot pages={pages} fit={fit.length} isFiltered={state !== ''} />}
        </>
      )}
    </QueryState>
  );
}

export function RequestTable({ rows }: { rows: readonly RequestView[] }) {
  const currencies = new Map(useQueueList().map(({ id, currency }) => [id, currency]));
  return (
    <DataTable
      caption={t('caption')}
      columns={columnsOf((id) => currencies.get(id) ?? 'USD')}
      rows={rows}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/requests/${id}`}
    />
  );
}

type Pages = ReturnType<typeof usePages<'/v1/requests'>>;

/** Says how much is read, and reads on when it comes into sight. */
function Foot({ pages, fit, isFiltered }: { pages: Pages; fit: number; isFiltered: boolean }) {
  const { items, hasMore, isLoadingMore, more } = pages;
  const [readsAll, setReadsAll] = useState(false);
  const { ref, entry } = useIntersection({ rootMargin: '600px' });
  const isSeen = entry?.isIntersecting === true;
  const count = items.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that has come asks anew whether to go on
  useEffect(() => {
    if (hasMore && !isLoadingMore && (readsAll || isSeen)) more();
    if (!hasMore) setReadsAll(false);
  }, [count, hasMore, isLoadingMore, readsAll, isSeen]);
  const text = isFiltered ? t('shownFit', { fit, count }) : hasMore ? t('shownMore', { count }) : t('shown', { count });
  return (
    <Group mt="sm" justify="space-between" className="no-print" ref={ref}>
      <Text size="sm" c="dimmed" role="status">
        {readsAll ? t('reading', { count }) : text}
      </Text>
      {hasMore && (
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={more} loading={isLoadingMore && !readsAll}>
            {t('more')}
          </Button>
          <Button variant="default" size="xs" onClick={() => setReadsAll(!readsAll)}>
            {t(readsAll ? 'stop' : 'all')}
          </Button>
        </Group>
      )}
    </Group>
  );
}
