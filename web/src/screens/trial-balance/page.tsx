/** The trial balance of a month. */
import { ACCOUNTS } from '../../../../shared/ledger/ledger.ts';
import { useRead } from '../../api/use-api.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Count } from '../../ui/values.tsx';
import { accountColumns } from '../finance-parts/account-columns.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { MonthState } from '../finance-parts/month-state.tsx';
import { t } from './messages.en.ts';

export default function TrialBalance() {
  const month = useMonth();
  const { period, currency } = month;
  const balance = useRead('/v1/trial-balance', { query: { through: period, currency } });
  const at = `period=${period}&currency=${currency}`;
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <DownloadButton
            label={t('csv')}
            name={`trial-balance-${period}.csv`}
            path="/v1/exports/trial-balance/csv"
            query={{ period, currency }}
          />
        }
      />
      <MonthFilter of={month} />
      <QueryState of={balance}>
        {({ accounts, entries, balanced }) => (
          <>
            <Figures>
              <Figure name={t('balanced')} note={t(balanced ? 'balanced.note' : 'balanced.note.no')}>
                <span className={balanced ? 'good' : 'bad'}>{t(balanced ? 'balanced.yes' : 'balanced.no')}</span>
              </Figure>
              <Figure name={t('entries')} note={t('entries.note')}>
                <FigureLink href={`/ledger?${at}`} what={t('entries.open')}>
                  <Count value={entries} />
                </FigureLink>
              </Figure>
              <MonthState period={period} />
            </Figures>
            <DataTable
              caption={t('caption')}
              columns={[
                ...accountColumns(currency),
                {
                  key: 'owners',
                  header: t('owners'),
                  cell: ({ account }) =>
                    ACCOUNTS[account].of === 'market' ? (
                      '–'
                    ) : (
                      <Go href={`/accounts/${account}/owners?${at}`}>{t('owners')}</Go>
                    ),
                },
              ]}
              rows={accounts}
              rowKey={({ account }) => account}
              rowHref={({ account }) => `/accounts/${account}?${at}`}
            />
          </>
        )}
      </QueryState>
    </>
  );
}
