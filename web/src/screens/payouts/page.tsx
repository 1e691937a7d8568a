/** A provider's payouts. */
import { Group } from '@mantine/core';
import { usePages } from '../../api/use-api.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { payoutColumns } from './columns.tsx';
import { t } from './messages.en.ts';

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
        columns={payoutColumns}
        pages={payouts}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/payouts/${id}`}
        empty={{ title: t('empty'), text: t('empty.text'), action: <Go href="/payables">{t('payables')}</Go> }}
      />
    </>
  );
}
