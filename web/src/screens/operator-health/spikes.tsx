/** What several companies of one queue see at once. */
import { Title } from '@mantine/core';
import type { QueueSpike } from '../../../../shared/incident/incident.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Count, When } from '../../ui/values.tsx';
import { QueueLink } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;

const columns: readonly Column<QueueSpike>[] = [
  { key: 'queue', header: t('spikes.queue'), cell: ({ queue }) => <QueueLink id={queue} /> },
  {
    key: 'companies',
    header: t('spikes.companies'),
    isNumber: true,
    cell: ({ companies }) => <Count value={companies} />,
  },
  { key: 'requests', header: t('spikes.requests'), isNumber: true, cell: ({ requests }) => <Count value={requests} /> },
  { key: 'from', header: t('spikes.from'), cell: ({ from }) => <When iso={from} show="absolute" /> },
  { key: 'until', header: t('spikes.until'), cell: ({ until }) => <When iso={until} show="absolute" /> },
];

export function Spikes() {
  const spikes = usePages('/v1/operator/spikes', { query: { limit: 20 } }, { refreshMs: REFRESH_MS });
  return (
    <section>
      <Title order={2} mb="sm">
        {t('spikes.title')}
      </Title>
      <PagedTable
        caption={t('spikes.caption')}
        columns={columns}
        pages={spikes}
        rowKey={({ queue, from }) => `${queue} ${from}`}
        empty={{ title: t('spikes.none'), text: t('spikes.none.text') }}
      />
    </section>
  );
}
