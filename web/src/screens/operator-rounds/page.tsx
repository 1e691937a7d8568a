/** The market's queues and rounds as who operates them sees them, with the awards that wait for two people. */
import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, DataTable, PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Count, Money, When } from '../../ui/values.tsx';
import { ClassName } from '../market-parts/queues.tsx';
import { CreateQueue } from './create-queue.tsx';
import { t } from './messages.en.ts';
import { useReleaseColumns } from './releases.tsx';

const columns: readonly Column<PublicQueue>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ serviceClass }) => <ClassName of={serviceClass} /> },
  {
    key: 'open',
    header: t('column.open'),
    cell: ({ open }) =>
      open === null ? (
        '–'
      ) : (
        <>
          {t('round', { round: open.round })},{' '}
          <Text span c="dimmed">
            <When iso={open.closesAt} />
          </Text>
        </>
      ),
  },
  {
    key: 'current',
    header: t('column.current'),
    cell: ({ id, current }) =>
      current === null ? (
        '–'
      ) : (
        <Go href={`/operator/rounds/${id}/${current.round}`}>{t('round', { round: current.round })}</Go>
      ),
  },
  {
    key: 'awarded',
    header: t('column.awarded'),
    isNumber: true,
    cell: ({ current }) => <Count value={current?.figures?.awarded ?? null} />,
  },
  {
    key: 'price',
    header: t('column.price'),
    isNumber: true,
    cell: ({ current, currency }) => <Money micros={current?.averagePriceMicros ?? null} currency={currency} />,
  },
  {
    key: 'terms',
    header: t('column.terms'),
    cell: ({ termsVersion }) => t('version', { version: termsVersion }),
  },
];

export default function OperatorRounds() {
  const operates = useMay('market.operator');
  const [isCreating, setCreating] = useState(false);
  const queues = usePages('/v1/queues', { query: { limit: 100 } });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={operates && <Button onClick={() => setCreating(true)}>{t('create')}</Button>}
      />
      <Stack gap="xl">
        <Releases />
        <section>
          <Title order={2} mb="sm">
            {t('queues.title')}
          </Title>
          <PagedTable
            caption={t('queues.caption')}
            columns={columns}
            pages={queues}
            rowKey={({ id }) => id}
            rowHref={({ id }) => `/operator/queues/${id}`}
            empty={{ title: t('empty'), text: t('empty.text') }}
          />
        </section>
      </Stack>
      <CreateQueue isOpen={isCreating} onClose={() => setCreating(false)} />
    </>
  );
}

function Releases() {
  const releases = usePages('/v1/operator/releases', { query: { limit: 50 } });
  const releaseColumns = useReleaseColumns();
  return (
    <section>
      <Title order={2} mb="sm">
        {t('release.title')}
      </Title>
      <QueryState of={releases.query}>
        {() =>
          releases.items.length === 0 ? (
            <Paper p="md">
              <Text c="dimmed">{t('release.none')}</Text>
            </Paper>
          ) : (
            <DataTable
              caption={t('release.caption')}
              columns={releaseColumns}
              rows={releases.items}
              rowKey={({ queue, round }) => `${queue} ${round}`}
              rowHref={({ queue, round }) => `/operator/rounds/${queue}/${round}`}
            />
          )
        }
      </QueryState>
    </section>
  );
}
