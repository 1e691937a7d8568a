/** Who an account of the trial balance is made up of. */
import { ACCOUNTS, type AccountCode } from '../../../../shared/ledger/ledger.ts';
import { usePages } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { OrganisationName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { accountColumns } from '../finance-parts/account-columns.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { t } from '../trial-balance/messages.en.ts';

export default function AccountOwners() {
  const account = usePathParam('account') as AccountCode;
  const month = useMonth();
  const { period, currency } = month;
  const at = `period=${period}&currency=${currency}`;
  const owners = usePages('/v1/accounts/{account}/owners', {
    path: { account },
    query: { period, currency, limit: 100 },
  });
  return (
    <>
      <PageHeader
        title={t('owners.title', { account, name: ACCOUNTS[account]?.name ?? '' })}
        lead={t('owners.lead')}
        back={{ href: `/trial-balance?${at}`, title: t('title') }}
        actions={<Go href={`/accounts/${account}?${at}`}>{t('history')}</Go>}
      />
      <MonthFilter of={month} />
      <PagedTable
        caption={t('owners.caption')}
        columns={[
          { key: 'owner', header: t('column.owner'), cell: ({ of }) => <OrganisationName id={of} /> },
          ...accountColumns(currency).slice(1),
        ]}
        pages={owners}
        rowKey={({ of }) => of ?? ''}
        rowHref={({ of }) => `/accounts/${account}?${at}&owner=${encodeURIComponent(of ?? '')}`}
        empty={{ title: t('owners.empty'), text: t('owners.empty.text') }}
      />
    </>
  );
}
