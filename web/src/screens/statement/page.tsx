/** One's accounts of a month, and the entries that moved them. */
import { Group, SegmentedControl, Text } from '@mantine/core';
import type { Currency } from '../../../../shared/kernel/money.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { PrintButton } from '../../ui/print-button.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Count } from '../../ui/values.tsx';
import { accountColumns } from '../finance-parts/account-columns.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { MonthState } from '../finance-parts/month-state.tsx';
import { Entries } from './entries.tsx';
import { t } from './messages.en.ts';

export default function Statement() {
  const month = useMonth();
  const [{ view }, set] = useUrlState({ view: 'accounts' });
  const { period, currency } = month;
  const entries = usePages('/v1/entries', { query: { period, currency, limit: 100 } }, { enabled: view === 'entries' });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Group gap="xs">
            {view === 'entries' ? <PrintButton pages={entries} /> : <PrintButton />}
            <DownloadButton
              label={t('journal')}
              name={`journal-${period}.csv`}
              path="/v1/exports/journal/csv"
              query={{ period, currency }}
            />
          </Group>
        }
      />
      <MonthFilter of={month}>
        <SegmentedControl
          aria-label={t('view')}
          value={view}
          onChange={(value) => set({ view: value })}
          data={[
            { value: 'accounts', label: t('accounts') },
            { value: 'entries', label: t('entries') },
          ]}
        />
      </MonthFilter>
      {view === 'entries' ? <Entries of={entries} /> : <Accounts period={period} currency={currency} />}
    </>
  );
}

function Accounts({ period, currency }: { period: string; currency: Currency }) {
  const statement = useRead('/v1/statement', { query: { period, currency } });
  return (
    <QueryState of={statement}>
      {({ accounts, entries }) => (
        <>
          <Figures>
            <Figure name={t('count')}>
              <FigureLink href={`/statement?period=${period}&currency=${currency}&view=entries`} what={t('entries')}>
                <Count value={entries} />
              </FigureLink>
            </Figure>
            <MonthState period={period} />
          </Figures>
          {accounts.length === 0 ? (
            <Empty title={t('empty')} text={t('empty.text')} />
          ) : (
            <DataTable
              caption={t('caption')}
              columns={accountColumns(currency)}
              rows={accounts}
              rowKey={({ account, of }) => `${account} ${of ?? ''}`}
              rowHref={({ account }) => `/accounts/${account}?period=${period}&currency=${currency}`}
            />
          )}
          <Text size="sm" c="dimmed" mt="sm">
            {t('sign')}
          </Text>
        </>
      )}
    </QueryState>
  );
}
