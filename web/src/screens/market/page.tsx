/** The queues, as everybody may see them. */
import { Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Count, Money, Saving, When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const columns: readonly Column<PublicQueue>[] = [
  { key: 'queue', header: t('column.queue'), cell: (queue) => <Name queue={queue} /> },
  {
    key: 'volume',
    header: t('column.volume'),
    isNumber: true,
    cell: ({ current }) => <Count value={current?.figures?.awarded ?? null} />,
  },
  { key: 'price', header: t('column.price'), isNumber: true, cell: (queue) => <Price queue={queue} /> },
  {
    key: 'alone',
    header: t('column.alone'),
    isNumber: true,
    cell: ({ current, currency }) => <Money micros={current?.averageStandaloneMicros ?? null} currency={currency} />,
  },
  {
    key: 'saving',
    header: t('column.saving'),
    isNumber: true,
    cell: ({ current }) => (
      <Saving micros={current?.averagePriceMicros ?? null} aloneMicros={current?.averageStandaloneMicros ?? null} />
    ),
  },
  {
    key: 'members',
    header: t('column.members'),
    isNumber: true,
    cell: ({ current }) => <Count value={current?.figures?.companies ?? null} />,
  },
  {
    key: 'round',
    header: t('column.round'),
    isNumber: true,
    cell: ({ current }) => <When iso={current?.endsAt ?? null} />,
  },
];

export default function Market() {
  const queues = usePages('/v1/queues', { query: { limit: 100 } });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={queues}
        rowKey={(queue) => queue.id}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

function Name({ queue }: { queue: PublicQueue }) {
  const { category, channel, language, region, slaTier } = queue.serviceClass;
  return (
    <div>
      <Text span fw={600}>
        {category} · {channel}
      </Text>
      <Text size="sm" c="dimmed">
        {language} · {region} · {slaTier}
      </Text>
    </div>
  );
}

function Price({ queue: { current, currency, terms } }: { queue: PublicQueue }) {
  const price = current?.averagePriceMicros ?? null;
  if (price !== null) return <Money micros={price} currency={currency} exact />;
  return (
    <Text span size="sm" c="dimmed">
      {t('price.atMost', { price: moneyText(terms.ceilingMicros, currency) })}
    </Text>
  );
}
