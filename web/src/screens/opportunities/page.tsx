/** The queues as somebody sees them who might serve them. */
import { Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Count, Money, TimeLeft } from '../../ui/values.tsx';
import { ClassName } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const columns: readonly Column<PublicQueue>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ serviceClass }) => <ClassName of={serviceClass} /> },
  { key: 'pool', header: t('column.pool'), isNumber: true, cell: (queue) => <Pool queue={queue} /> },
  {
    key: 'price',
    header: t('column.price'),
    isNumber: true,
    cell: ({ current, currency }) => <Money micros={current?.averagePriceMicros ?? null} currency={currency} exact />,
  },
  {
    key: 'most',
    header: t('column.most'),
    isNumber: true,
    cell: ({ terms, currency }) => <Money micros={terms.ceilingMicros} currency={currency} />,
  },
  {
    key: 'bidders',
    header: t('column.bidders'),
    isNumber: true,
    cell: ({ current }) => <Count value={current?.figures?.providers ?? null} />,
  },
  {
    key: 'closes',
    header: t('column.closes'),
    isNumber: true,
    cell: ({ open }) => <TimeLeft iso={open?.closesAt ?? null} />,
  },
];

export default function Opportunities() {
  const seesBids = useMay('provider.admin', 'provider.finance');
  const queues = usePages('/v1/queues', { query: { limit: 100 } });
  const bids = usePages('/v1/bids', { query: { limit: 100 } }, { enabled: seesBids });
  const placed = new Set(bids.items.map(({ bid }) => `${bid.queue} ${bid.round}`));
  const own: Column<PublicQueue> = {
    key: 'bid',
    header: t('column.bid'),
    cell: ({ id, open }) =>
      open === null ? null : (
        <Go href={`/bids/${id}/${open.round}`}>{t(placed.has(`${id} ${open.round}`) ? 'bid.placed' : 'bid.none')}</Go>
      ),
  };
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <PagedTable
        caption={t('caption')}
        columns={seesBids ? [...columns, own] : columns}
        pages={queues}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/opportunities/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

/** What is awarded now, and what is committed to the next round where that is told. */
function Pool({ queue: { current, open } }: { queue: PublicQueue }) {
  return (
    <>
      <Count value={current?.figures?.awarded ?? null} />
      {open?.pooled != null && (
        <Text span size="xs" c="dimmed" display="block">
          {t('pool.next', { count: open.pooled.committed })}
        </Text>
      )}
    </>
  );
}
