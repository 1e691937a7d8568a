/** The turns of one's team by month and state; each opens to its receipt. */
import { Group, Select, Text } from '@mantine/core';
import { LeaseState, type LeaseView } from '../../../../shared/dispatch/lease.ts';
import { usePages } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useUrlState } from '../../app/navigate.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { monthOf, monthsThrough, monthText } from '../../ui/months.ts';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, When } from '../../ui/values.tsx';
import { QueueName } from '../market-parts/queues.tsx';
import { LEASE_STATES } from '../turn-parts/lease-state.ts';
import { t } from './messages.en.ts';

const MONTHS = 13;

const columns: readonly Column<LeaseView>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueName id={queue} /> },
  { key: 'state', header: t('column.state'), cell: ({ state }) => <StatusBadge state={state} states={LEASE_STATES} /> },
  { key: 'by', header: t('column.by'), cell: ({ user }) => <PersonName id={user} /> },
  { key: 'claimed', header: t('column.claimed'), cell: ({ claimedAt }) => <When iso={claimedAt} show="absolute" /> },
  { key: 'resolved', header: t('column.resolved'), cell: (turn) => <Resolved turn={turn} /> },
  { key: 'deadline', header: t('column.deadline'), cell: ({ deadline }) => <When iso={deadline} show="absolute" /> },
  { key: 'stars', header: t('column.stars'), isNumber: true, cell: ({ stars }) => <Count value={stars} /> },
];

export default function Turns() {
  const now = useNow();
  const months = monthsThrough(monthOf(now), MONTHS);
  const [{ month, state }, set] = useUrlState({ month: months[0]!, state: '' });
  const turns = usePages('/v1/leases', {
    query: { month, limit: 50, ...(state === '' ? {} : { state: state as LeaseState }) },
  });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Group mb="md" gap="sm">
        <Select
          label={t('month')}
          value={month}
          allowDeselect={false}
          data={months.map((value) => ({ value, label: monthText(value) }))}
          onChange={(value) => set({ month: value ?? months[0]! })}
        />
        <Select
          label={t('state')}
          value={state}
          allowDeselect={false}
          data={[
            { value: '', label: t('state.all') },
            ...LeaseState.options.map((value) => ({ value, label: LEASE_STATES[value].text })),
          ]}
          onChange={(value) => set({ state: value ?? '' })}
        />
      </Group>
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={turns}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/turns/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

function Resolved({ turn: { resolvedAt, deadline } }: { turn: LeaseView }) {
  return (
    <>
      <When iso={resolvedAt} show="absolute" />
      {resolvedAt !== null && resolvedAt > deadline && (
        <Text span size="sm" className="bad">
          {' '}
          {t('late')}
        </Text>
      )}
    </>
  );
}
