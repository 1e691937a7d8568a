/** One's commitments in all queues, those of the rounds that begin last first. */
import { Badge, Group } from '@mantine/core';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Money, Saving, When } from '../../ui/values.tsx';
import { useCommitments } from '../company-parts/own.ts';
import { ClassName } from '../market-parts/queues.tsx';
import { ROUND_STATES } from '../market-parts/round-state.ts';
import { t } from './messages.en.ts';

const columns: readonly Column<OwnCommitment>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ serviceClass }) => <ClassName of={serviceClass} /> },
  { key: 'round', header: t('column.round'), isNumber: true, cell: ({ commitment }) => commitment.round },
  { key: 'state', header: t('column.state'), cell: (own) => <State own={own} /> },
  {
    key: 'volume',
    header: t('column.volume'),
    isNumber: true,
    cell: ({ commitment }) => <Count value={commitment.volume} />,
  },
  {
    key: 'reserve',
    header: t('column.reserve'),
    isNumber: true,
    cell: ({ commitment: { reserveMicros, currency } }) =>
      reserveMicros === undefined ? t('ceiling') : <Money micros={reserveMicros} currency={currency} exact />,
  },
  {
    key: 'awarded',
    header: t('column.awarded'),
    isNumber: true,
    cell: ({ award }) => <Count value={award?.awarded ?? null} />,
  },
  {
    key: 'price',
    header: t('column.price'),
    isNumber: true,
    cell: ({ commitment, award }) => <Money micros={priceOf(award)} currency={commitment.currency} exact />,
  },
  {
    key: 'saving',
    header: t('column.saving'),
    isNumber: true,
    cell: ({ award }) => <Saving micros={priceOf(award)} aloneMicros={award?.standalonePriceMicros ?? null} />,
  },
  { key: 'next', header: t('column.next'), isNumber: true, cell: (own) => <Next own={own} /> },
];

const priceOf = (award: OwnCommitment['award']): number | null =>
  award === null || award.awarded === 0 ? null : award.unitPriceMicros;

export default function Demand() {
  const commitments = useCommitments();
  const mayCommit = useMay('company.admin');
  const post = <LinkButton href="/demand/new">{t(mayCommit ? 'post' : 'ask')}</LinkButton>;
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} actions={post} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={commitments}
        rowKey={({ commitment }) => `${commitment.queue}#${commitment.round}`}
        rowHref={({ commitment }) => `/demand/${commitment.queue}/${commitment.round}`}
        empty={{ title: t('empty'), text: t('empty.text'), action: post }}
      />
    </>
  );
}

function State({ own: { round, commitment } }: { own: OwnCommitment }) {
  return (
    <Group gap={6}>
      <StatusBadge state={round.state} states={ROUND_STATES} />
      {commitment.rollOver && <Badge color="gray">{t('standing')}</Badge>}
    </Group>
  );
}

function Next({ own: { round } }: { own: OwnCommitment }) {
  if (round.state === 'open')
    return (
      <>
        {t('next.closes')} <When iso={round.closesAt} />
      </>
    );
  if (round.state === 'clearing')
    return (
      <>
        {t('next.begins')} <When iso={round.startsAt} />
      </>
    );
  if (round.state === 'active')
    return (
      <>
        {t('next.ends')} <When iso={round.endsAt} />
      </>
    );
  return <When iso={round.endsAt} show="date" />;
}
