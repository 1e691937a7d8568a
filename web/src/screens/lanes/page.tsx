/** One's lanes: what waits in each, how long, what was missed. */
import { Button, Text } from '@mantine/core';
import type { LaneView } from '../../../../shared/operations/operations.ts';
import { useRead } from '../../api/use-api.ts';
import { useGo } from '../../app/navigate.ts';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { durationText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, TimeLeft, When } from '../../ui/values.tsx';
import { QueueName } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 20_000;
const STANDINGS = {
  open: { text: t('standing.open'), tone: 'good' },
  withdrawn: { text: t('standing.withdrawn'), tone: 'bad' },
  closed: { text: t('standing.closed'), tone: 'neutral' },
} as const;
const PRESENCES = {
  present: { text: t('present'), tone: 'good' },
  absent: { text: t('absent'), tone: 'neutral' },
  offline: { text: t('offline'), tone: 'warning' },
} as const;

const columns: readonly Column<LaneView>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueName id={queue} /> },
  { key: 'round', header: t('column.round'), isNumber: true, cell: ({ round }) => <Count value={round} /> },
  {
    key: 'standing',
    header: t('column.standing'),
    cell: ({ standing }) => <StatusBadge state={standing} states={STANDINGS} />,
  },
  {
    key: 'waiting',
    header: t('column.waiting'),
    isNumber: true,
    cell: ({ waiting }) =>
      waiting.isAtLeast ? t('atLeast', { count: waiting.count }) : <Count value={waiting.count} />,
  },
  {
    key: 'due',
    header: t('column.due'),
    isNumber: true,
    cell: ({ earliestDeadline, isLate }) =>
      isLate ? <span className="bad">{t('overdue')}</span> : <TimeLeft iso={earliestDeadline} />,
  },
  {
    key: 'wait',
    header: t('column.wait'),
    isNumber: true,
    cell: ({ longestWaitMs }) => (longestWaitMs === null ? <Count value={null} /> : durationText(longestWaitMs)),
  },
  { key: 'turns', header: t('column.turns'), isNumber: true, cell: ({ recent }) => <Count value={recent.turns} /> },
  {
    key: 'missed',
    header: t('column.missed'),
    isNumber: true,
    cell: ({ recent }) => <Count value={recent.late + recent.lost} />,
  },
  { key: 'present', header: t('column.present'), cell: (lane) => <Presence lane={lane} /> },
];

export default function Lanes() {
  const go = useGo();
  const lanes = useRead('/v1/lanes', {}, { refreshMs: REFRESH_MS });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={<Button onClick={() => go('/desk')}>{t('desk')}</Button>}
      />
      <ReadTable
        caption={t('caption')}
        columns={columns}
        of={lanes}
        rowKey={({ queue, round }) => `${queue} ${round}`}
        rowHref={({ queue, round }) => `/bids/${queue}/${round}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

function Presence({ lane: { isPresent, offlineSince, seenAt } }: { lane: LaneView }) {
  const state = offlineSince === null ? (isPresent ? 'present' : 'absent') : 'offline';
  return (
    <>
      <StatusBadge state={state} states={PRESENCES} />
      {seenAt !== null && (
        <Text span size="xs" c="dimmed" display="block">
          <When iso={seenAt} />
        </Text>
      )}
    </>
  );
}
