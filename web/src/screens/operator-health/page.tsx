/** Whether the market keeps up. */
import { Select, Stack, Title } from '@mantine/core';
import type { LaneView } from '../../../../shared/operations/operations.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Count, TimeLeft } from '../../ui/values.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { t } from './messages.en.ts';
import { Spikes } from './spikes.tsx';
import { Due, Sweeps } from './sweeps.tsx';

const REFRESH_MS = 30_000;

export default function Health() {
  const sweeps = useRead('/v1/operator/sweeps', {}, { refreshMs: REFRESH_MS });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Stack gap="xl">
        <section>
          <Title order={2} mb="sm">
            {t('dead.title')}
          </Title>
          <DeadLetters />
        </section>
        <Spikes />
        <Lanes />
        <QueryState of={sweeps}>
          {(found) => (
            <>
              <Due due={found.due} />
              <Sweeps sweeps={found.sweeps} />
            </>
          )}
        </QueryState>
      </Stack>
    </>
  );
}

const laneColumns: readonly Column<LaneView>[] = [
  { key: 'provider', header: t('lanes.provider'), cell: ({ provider }) => <OrganisationLink id={provider} /> },
  { key: 'round', header: t('lanes.round'), isNumber: true, cell: ({ round }) => <Count value={round} /> },
  {
    key: 'waiting',
    header: t('lanes.waiting'),
    isNumber: true,
    cell: ({ waiting }) => (
      <>
        <Count value={waiting.count} />
        {waiting.isAtLeast ? '+' : ''}
      </>
    ),
  },
  {
    key: 'due',
    header: t('lanes.due'),
    isNumber: true,
    cell: ({ earliestDeadline, isLate }) =>
      isLate ? <span className="bad">{t('lanes.overdue')}</span> : <TimeLeft iso={earliestDeadline} />,
  },
  {
    key: 'missed',
    header: t('lanes.missed'),
    isNumber: true,
    cell: ({ recent }) => <Count value={recent.late + recent.lost} />,
  },
  { key: 'present', header: t('lanes.present'), cell: ({ isPresent }) => t(isPresent ? 'yes' : 'no') },
];

function Lanes() {
  const queues = useQueueList();
  const [{ queue: chosen }, set] = useUrlState({ queue: '' });
  const queue = chosen === '' ? (queues[0]?.id ?? '') : chosen;
  const lanes = usePages('/v1/operator/lanes', { query: { queue, limit: 50 } }, { enabled: queue !== '' });
  return (
    <section>
      <Title order={2} mb="sm">
        {t('lanes.title')}
      </Title>
      <Select
        label={t('lanes.queue')}
        maw={420}
        mb="sm"
        value={queue}
        allowDeselect={false}
        onChange={(value) => set({ queue: value ?? '' })}
        data={queues.map(({ id, serviceClass }) => ({ value: id, label: longName(serviceClass) }))}
      />
      {queue !== '' && (
        <PagedTable
          caption={t('lanes.caption')}
          columns={laneColumns}
          pages={lanes}
          rowKey={({ round, provider }) => `${round} ${provider}`}
          empty={{ title: t('lanes.none'), text: t('lanes.none.text') }}
        />
      )}
    </section>
  );
}
