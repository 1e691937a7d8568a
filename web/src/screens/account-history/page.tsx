/** The history of one account in a month. */

import type { HistoryRow } from '../../../../shared/ledger/history.ts';
import { ACCOUNTS, type AccountCode } from '../../../../shared/ledger/ledger.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam, useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { OrganisationName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Money, When } from '../../ui/values.tsx';
import { hrefOfEntry, type Viewer } from '../finance-parts/entry-href.ts';
import { ENTRY_KINDS } from '../finance-parts/entry-kinds.messages.en.ts';
import { EntryLink } from '../finance-parts/entry-link.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { hrefOfLedger } from '../money-parts/hrefs.ts';
import { t } from './messages.en.ts';

const columns = (viewer: Viewer, currency: string): readonly Column<HistoryRow>[] => [
  { key: 'kind', header: t('column.kind'), cell: ({ kind }) => ENTRY_KINDS[kind] },
  {
    key: 'event',
    header: t('column.event'),
    cell: (row) => (
      <EntryLink href={viewer === 'market' ? hrefOfLedger(row.event) : hrefOfEntry(row, viewer)} event={row.event} />
    ),
  },
  {
    key: 'when',
    header: t('column.when'),
    isNumber: true,
    cell: ({ occurredAt }) => <When iso={occurredAt} show="absolute" />,
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ micros }) => <Money micros={micros} currency={currency} exact />,
  },
  {
    key: 'balance',
    header: t('column.balance'),
    isNumber: true,
    cell: ({ balanceMicros }) => <Money micros={balanceMicros} currency={currency} exact />,
  },
];

export default function AccountHistory() {
  const account = usePathParam('account') as AccountCode;
  const month = useMonth();
  const [{ owner }] = useUrlState({ owner: '' });
  const isMarket = useMay('market.finance', 'market.operator');
  const isCompany = useMay('company.admin', 'company.finance');
  const { period, currency } = month;
  const query = { period, currency, limit: 100, ...(owner === '' ? {} : { owner }) };
  const history = usePages('/v1/accounts/{account}/history', { path: { account }, query });
  const totals = useRead('/v1/accounts/{account}/history', { path: { account }, query: { ...query, limit: 1 } }).data;
  const back = isMarket
    ? { href: `/trial-balance?period=${period}&currency=${currency}`, title: t('trialBalance') }
    : { href: `/statement?period=${period}&currency=${currency}`, title: t('statement') };
  return (
    <>
      <PageHeader
        title={t('title', { account, name: ACCOUNTS[account]?.name ?? '' })}
        lead={
          owner === '' ? (
            t('lead')
          ) : (
            <>
              {t('owner')} <OrganisationName id={owner} />. {t('lead')}
            </>
          )
        }
        back={back}
      />
      <MonthFilter of={month} />
      {totals !== undefined && (
        <Figures>
          {(['opening', 'debit', 'credit', 'closing'] as const).map((name) => (
            <Figure key={name} name={t(name)}>
              <Money micros={name === 'credit' ? -totals.creditMicros : totals[`${name}Micros`]} currency={currency} />
            </Figure>
          ))}
        </Figures>
      )}
      <PagedTable
        caption={t('caption')}
        columns={columns(isMarket ? 'market' : isCompany ? 'company' : 'provider', currency)}
        pages={history}
        rowKey={({ event }) => event}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}
