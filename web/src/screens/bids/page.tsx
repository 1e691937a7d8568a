/** One's own bids in all queues, with their rounds and what they were awarded. */
import { Button, Text } from '@mantine/core';
import type { OwnBid } from '../../../../shared/award/own-list.ts';
import { usePages } from '../../api/use-api.ts';
import { useGo } from '../../app/navigate.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, When } from '../../ui/values.tsx';
import { ClassName } from '../market-parts/queues.tsx';
import { ROUND_STATES } from '../market-parts/round-state.ts';
import { t } from './messages.en.ts';

const columns: readonly Column<OwnBid>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ serviceClass }) => <ClassName of={serviceClass} /> },
  { key: 'round', header: t('column.round'), isNumber: true, cell: ({ bid }) => <Count value={bid.round} /> },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ round }) => <StatusBadge state={round.state} states={ROUND_STATES} />,
  },
  {
    key: 'when',
    header: t('column.when'),
    cell: ({ round }) => <When iso={round.state === 'open' ? round.closesAt : round.startsAt} show="date" />,
  },
  { key: 'price', header: t('column.price'), isNumber: true, cell: (own) => <Prices own={own} /> },
  {
    key: 'capacity',
    header: t('column.capacity'),
    isNumber: true,
    cell: ({ bid }) => <Count value={bid.capacity} />,
  },
  {
    key: 'awarded',
    header: t('column.awarded'),
    isNumber: true,
    cell: ({ award }) => <Count value={award?.awarded ?? null} />,
  },
  {
    key: 'standing',
    header: t('column.standing'),
    isNumber: true,
    cell: ({ award }) => <Count value={award?.standingCapacity ?? null} />,
  },
];

export default function Bids() {
  const go = useGo();
  const bids = usePages('/v1/bids', { query: { limit: 50 } });
  const toOpportunities = <Button onClick={() => go('/opportunities')}>{t('opportunities')}</Button>;
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} actions={toOpportunities} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={bids}
        rowKey={({ bid }) => `${bid.queue} ${bid.round}`}
        rowHref={({ bid }) => `/bids/${bid.queue}/${bid.round}`}
        empty={{ title: t('empty'), text: t('empty.text'), action: toOpportunities }}
      />
    </>
  );
}

/** The price at the least volume, and that at the most where it differs. */
function Prices({ own: { bid } }: { own: OwnBid }) {
  const first = bid.tiers[0]!.priceMicros;
  const last = bid.tiers.at(-1)!.priceMicros;
  const shown = (micros: number) => moneyText(micros, bid.currency);
  return (
    <span className="number">
      {first === last ? shown(first) : t('price.to', { first: shown(first), last: shown(last) })}
      {bid.rolledFrom !== undefined && (
        <Text span size="xs" c="dimmed" display="block">
          {t('rolled')}
        </Text>
      )}
    </span>
  );
}
