/** Ends of companies' accounts: what waits for a second person, what is under way, what is over. */
import type { AccountEnd } from '../../../../shared/account-end/account-end.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { None, When } from '../../ui/values.tsx';
import { END_STATES } from '../money-parts/states.ts';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;
const BREAK = { overflowWrap: 'anywhere' } as const;

const columns: readonly Column<AccountEnd>[] = [
  { key: 'company', header: t('column.company'), cell: ({ company }) => <OrganisationName id={company} /> },
  { key: 'state', header: t('column.state'), cell: ({ state }) => <StatusBadge state={state} states={END_STATES} /> },
  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => <span style={BREAK}>{reason}</span> },
  {
    key: 'waits',
    header: t('column.waits'),
    cell: ({ waitsFor }) => <span style={BREAK}>{waitsFor.map(({ what }) => what).join(' ') || <None />}</span>,
  },
  { key: 'by', header: t('column.by'), cell: ({ by }) => <PersonName id={by} /> },
  { key: 'at', header: t('column.at'), isNumber: true, cell: ({ askedAt }) => <When iso={askedAt} show="date" /> },
  {
    key: 'ended',
    header: t('column.ended'),
    isNumber: true,
    cell: ({ endedAt }) => <When iso={endedAt} show="date" />,
  },
];

export default function AccountEnds() {
  const ends = usePages('/v1/account-ends', { query: { limit: 100 } }, { refreshMs: REFRESH_MS });
  const organisations = <Go href="/operator/organisations">{t('organisations')}</Go>;
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} actions={organisations} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={ends}
        rowKey={({ company }) => company}
        rowHref={({ company }) => `/companies/${company}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}
