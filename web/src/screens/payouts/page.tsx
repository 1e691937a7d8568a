/** A provider's payouts. */
import { Group } from '@mantine/core';
import type { Payout } from '../../../../shared/payout/payout.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { PAYOUT_STATES } from '../finance-parts/states.ts';
import { t } from './messages.en.ts';

const columns: readonly Column<Payout>[] = [
  { key: 'when', header: t('column.when'), cell: ({ preparedAt }) => <When iso={preparedAt} show="date" /> },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={PAYOUT_STATES} />,
  },
  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => reason ?? '–' },
  {
    key: 'reversed',
    header: t('column.reversed'),
    isNumber: true,
    cell: ({ reversedMicros, currency }) => (
      <Money micros={reversedMicros === 0 ? null : -reversedMicros} currency={currency} />
    ),
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ amountMicros, currency }) => <Money micros={amountMicros} currency={currency} />,
  },
  {
    key: 'paid',
    header: t('column.paid'),
    isNumber: true,
    cell: ({ paidAt }) => <When iso={paidAt} show="date" />,
  },
];

export default function Payouts() {
  const payouts = usePages('/v1/payouts', { query: { limit: 100 } });
  const period = useThisMonth();
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Group gap="md">
            <Go href="/payables">{t('payables')}</Go>
            <DownloadButton
              label={t('csv')}
              name={`payouts-${period}.csv`}
              path="/v1/exports/payouts/csv"
              query={{ period }}
            />
          </Group>
        }
      />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={payouts}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/payouts/${id}`}
        empty={{ title: t('empty'), text: t('empty.text'), action: <Go href="/payables">{t('payables')}</Go> }}
      />
    </>
  );
}
