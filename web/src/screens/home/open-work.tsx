/** Open requests: one by one by deadline, and by queue. */
import { Text } from '@mantine/core';
import type { AllOpenWork, OpenWork } from '../../../../shared/operations/operations.ts';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import { useNow } from '../../app/market-time.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Reference } from '../../ui/reference.tsx';
import { Empty } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, TimeLeft } from '../../ui/values.tsx';
import { REQUEST_STATES } from '../company-parts/request-state.ts';
import { ClassName, useQueue } from '../market-parts/queues.tsx';
import { byDeadline } from './figures.ts';
import { t } from './messages.en.ts';

type Due = AllOpenWork['next'][number];

const dueColumns: readonly Column<Due>[] = [
  { key: 'request', header: t('next.request'), cell: ({ externalId }) => <Reference>{externalId}</Reference> },
  { key: 'queue', header: t('work.queue'), cell: ({ queue }) => <ShortName id={queue} /> },
  { key: 'state', header: t('next.state'), cell: ({ state }) => <StatusBadge state={state} states={REQUEST_STATES} /> },
  { key: 'left', header: t('work.left'), isNumber: true, cell: ({ deadline }) => <Left iso={deadline} /> },
];

export function DueNext({ next }: { next: readonly Due[] }) {
  if (next.length === 0) return <Empty title={t('next.empty')} text={t('work.empty.text')} />;
  return (
    <DataTable
      caption={t('next.caption')}
      columns={dueColumns}
      rows={next}
      rowKey={({ request }) => request}
      rowHref={({ request }) => `/requests/${request}`}
    />
  );
}

export function OpenByQueue({ work, roundOf }: { work: readonly OpenWork[]; roundOf: ReadonlyMap<string, number> }) {
  const rows = byDeadline(work);
  const count = (key: string, header: string, of: (row: OpenWork) => number): Column<OpenWork> => ({
    key,
    header,
    isNumber: true,
    cell: (row) => <Count value={of(row)} />,
  });
  const columns: Column<OpenWork>[] = [
    { key: 'queue', header: t('work.queue'), cell: ({ queue }) => <Name id={queue} /> },
    count('waiting', t('work.waiting'), ({ open }) => (open.queued ?? 0) + (open.held_back ?? 0)),
    count('working', t('work.working'), ({ open }) => open.working ?? 0),
    count('judge', t('work.judge'), ({ open }) => open.resolved ?? 0),
    {
      key: 'overdue',
      header: t('work.overdue'),
      isNumber: true,
      cell: ({ overdue }) =>
        overdue === 0 ? (
          <Count value={0} />
        ) : (
          <Text span c="var(--parley-bad)" fw={600} className="number">
            {overdue}
          </Text>
        ),
    },
    {
      key: 'left',
      header: t('work.left'),
      isNumber: true,
      cell: ({ earliestDeadline }) => <Left iso={earliestDeadline} />,
    },
  ];
  if (rows.length === 0) return <Text c="dimmed">{t('work.empty')}</Text>;
  return (
    <DataTable
      caption={t('work.caption')}
      columns={columns}
      rows={rows}
      rowKey={({ queue }) => queue}
      rowHref={({ queue }) => `/requests?queue=${queue}&round=${roundOf.get(queue) ?? 1}`}
    />
  );
}

function Name({ id }: { id: string }) {
  const queue = useQueue(id);
  return queue === undefined ? id : <ClassName of={queue.serviceClass} />;
}

function ShortName({ id }: { id: string }) {
  const queue = useQueue(id);
  return queue === undefined ? id : shortName(queue.serviceClass);
}

function Left({ iso }: { iso: string | null }) {
  const now = useNow();
  if (iso !== null && Date.parse(iso) <= now)
    return (
      <Text span c="var(--parley-bad)" fw={600}>
        {t('work.over')}
      </Text>
    );
  return <TimeLeft iso={iso} />;
}
