/** One's disputes, with their clocks: those that a company opened, or that a provider answers. */
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import { usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ownPart, Reference } from '../../ui/reference.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Money, None, TimeLeft, When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { t as common } from '../finance-parts/messages.en.ts';
import { DISPUTE_STATES, OPEN_DISPUTES } from '../finance-parts/states.ts';
import { t } from './messages.en.ts';

const columns: readonly Column<DisputeView>[] = [
  { key: 'request', header: t('column.request'), cell: ({ request }) => <Reference>{ownPart(request)}</Reference> },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={DISPUTE_STATES} />,
  },
  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => common(`reason.${reason.code}`) },
  {
    key: 'claimed',
    header: t('column.claimed'),
    isNumber: true,
    cell: ({ amounts, currency }) => <Money micros={amounts[0]?.claimedMicros ?? null} currency={currency} exact />,
  },
  {
    key: 'givenBack',
    header: t('column.givenBack'),
    isNumber: true,
    cell: ({ amounts, currency }) => <Money micros={amounts[0]?.givenBackMicros ?? null} currency={currency} exact />,
  },
  {
    key: 'waits',
    header: t('column.waits'),
    cell: ({ clock }) => (clock === null ? <None /> : t(`waits.${clock.waitsFor}`)),
  },
  {
    key: 'left',
    header: t('column.left'),
    isNumber: true,
    cell: ({ clock }) => <TimeLeft iso={clock?.until ?? null} />,
  },
  {
    key: 'opened',
    header: t('column.opened'),
    isNumber: true,
    cell: ({ openedAt }) => <When iso={openedAt} show="date" />,
  },
];

export default function Disputes() {
  const isCompany = useMay('company.admin', 'company.finance');
  const period = useThisMonth();
  const disputes = usePages('/v1/disputes', { query: { limit: 100 } });
  const empty = isCompany
    ? { title: t('empty'), text: t('empty.company'), action: <Go href="/charges">{t('charges')}</Go> }
    : { title: t('empty'), text: t('empty.provider') };
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t(isCompany ? 'lead.company' : 'lead.provider')}
        actions={
          <DownloadButton
            label={t('csv')}
            name={`disputes-${period}.csv`}
            path="/v1/exports/disputes/csv"
            query={{ period }}
          />
        }
      />
      {disputes.items.length > 0 && <Sums all={disputes.items} isCompany={isCompany} />}
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={disputes}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/disputes/${id}`}
        empty={empty}
      />
    </>
  );
}

function Sums({ all, isCompany }: { all: readonly DisputeView[]; isCompany: boolean }) {
  const open = all.filter(({ state }) => OPEN_DISPUTES.includes(state));
  const mine = isCompany ? open : open.filter(({ clock }) => clock?.waitsFor === 'provider');
  const currencies = [...new Set(open.map(({ currency }) => currency))];
  const note = t('of.read', { count: all.length });
  const claimedIn = (wanted: string) =>
    open
      .filter(({ currency }) => currency === wanted)
      .reduce((sum, { amounts }) => sum + (amounts[0]?.claimedMicros ?? 0), 0);
  return (
    <Figures>
      <Figure name={t(isCompany ? 'open' : 'toAnswer')} note={note}>
        <Count value={mine.length} />
      </Figure>
      {currencies.map((currency) => (
        <Figure key={currency} name={t('open.sum')}>
          <Money micros={claimedIn(currency)} currency={currency} />
        </Figure>
      ))}
      <Figure name={t('ended')} note={note}>
        <Count value={all.length - open.length} />
      </Figure>
    </Figures>
  );
}
