/** A company's own record: how often it rejects, as providers see it, and the rounds that it rests on. */
import type { OwnReputation, ReputationRound } from '../../../../shared/reputation/reputation.ts';
import { useRead } from '../../api/use-api.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Count, Percent, When } from '../../ui/values.tsx';
import { QueueInLine } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const columns: readonly Column<ReputationRound>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueInLine id={queue} /> },
  { key: 'round', header: t('column.round'), isNumber: true, cell: ({ round }) => <Count value={round} /> },
  { key: 'closed', header: t('column.closed'), cell: ({ closedAt }) => <When iso={closedAt} show="date" /> },
  ...(['charged', 'rejected'] as const).map(
    (key): Column<ReputationRound> => ({
      key,
      header: t(`column.${key}`),
      isNumber: true,
      cell: ({ judging }) => <Count value={judging?.[key] ?? null} />,
    }),
  ),
];

export default function RecordPage() {
  const record = useRead('/v1/reputation');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} back={{ href: '/provider-limits', title: t('back') }} />
      <QueryState of={record}>{(found) => <Record of={found} />}</QueryState>
    </>
  );
}

function Record({ of: { rejectedBps, rounds } }: { of: OwnReputation }) {
  const sum = (key: 'charged' | 'rejected') => rounds.reduce((all, { judging }) => all + (judging?.[key] ?? 0), 0);
  return (
    <>
      <Figures>
        <Figure name={t('share')} note={t(rejectedBps === null ? 'share.few' : 'share.note')}>
          <Percent bps={rejectedBps} />
        </Figure>
        <Figure name={t('charged')} note={t('charged.note')}>
          <Count value={sum('charged')} />
        </Figure>
        <Figure name={t('rejected')}>
          <Count value={sum('rejected')} />
        </Figure>
      </Figures>
      {rounds.length === 0 ? (
        <Empty title={t('empty')} text={t('empty.text')} />
      ) : (
        <DataTable
          caption={t('caption')}
          columns={columns}
          rows={rounds}
          rowKey={({ queue, round }) => `${queue} ${round}`}
          rowHref={({ queue, round }) => `/demand/${queue}/${round}`}
        />
      )}
    </>
  );
}
