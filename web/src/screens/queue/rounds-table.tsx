/** The rounds of a queue with what they came to. Each opens to its proof. */
import { Text } from '@mantine/core';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import type { Pages } from '../../api/use-list.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Money, Saving, When } from '../../ui/values.tsx';
import { ROUND_STATES } from '../round/states.ts';
import { t } from './messages.en.ts';

export function RoundsTable({
  pages,
  queue,
  currency,
}: {
  pages: Pages<PublicRound>;
  queue: string;
  currency: string;
}) {
  return (
    <PagedTable
      caption={t('rounds.caption')}
      columns={columnsIn(currency)}
      pages={pages}
      rowKey={({ round }) => `${round}`}
      rowHref={({ round }) => `/queues/${queue}/rounds/${round}`}
      empty={{ title: t('rounds.empty'), text: t('rounds.empty.text') }}
    />
  );
}

const columnsIn = (currency: string): readonly Column<PublicRound>[] => [
  { key: 'round', header: t('rounds.round'), cell: ({ round }) => `${t('rounds.round')} ${round}` },
  {
    key: 'period',
    header: t('rounds.period'),
    cell: ({ startsAt, endsAt }) => (
      <span>
        <When iso={startsAt} show="date" /> – <When iso={endsAt} show="date" />
      </span>
    ),
  },
  { key: 'state', header: t('rounds.state'), cell: ({ state }) => <StatusBadge state={state} states={ROUND_STATES} /> },
  {
    key: 'awarded',
    header: t('rounds.awarded'),
    isNumber: true,
    cell: ({ figures }) => (
      <span>
        <Count value={figures?.awarded ?? null} />{' '}
        {figures !== null && (
          <Text span size="xs" c="dimmed">
            {t('rounds.of', { count: figures.committed })}
          </Text>
        )}
      </span>
    ),
  },
  {
    key: 'members',
    header: t('rounds.members'),
    isNumber: true,
    cell: ({ figures, pooled }) => <Count value={figures?.companies ?? pooled?.members ?? null} />,
  },
  {
    key: 'price',
    header: t('rounds.price'),
    isNumber: true,
    cell: ({ averagePriceMicros }) => <Money micros={averagePriceMicros} currency={currency} />,
  },
  {
    key: 'saving',
    header: t('rounds.saving'),
    isNumber: true,
    cell: ({ averagePriceMicros, averageStandaloneMicros }) => (
      <Saving micros={averagePriceMicros} aloneMicros={averageStandaloneMicros} />
    ),
  },
];
