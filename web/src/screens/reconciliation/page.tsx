/** One reconciliation with its breaks. */
import { Alert } from '@mantine/core';
import type { Break } from '../../../../shared/reconciliation/reconciliation.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { type Column, DataTable, PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { dayText } from '../../ui/format.ts';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Money, None, When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from '../reconciliations/messages.en.ts';
import { RECONCILIATION_STATES } from '../reconciliations/states.ts';

/** Resolutions are counted; all else is money. */
const Side = ({ of, value }: { of: Break; value: number | null }) =>
  of.currency === null ? <Count value={value} /> : <Money micros={value} currency={of.currency} exact />;

const columns: readonly Column<Break>[] = [
  { key: 'comparison', header: t('column.comparison'), cell: ({ comparison }) => t(`comparison.${comparison}`) },
  { key: 'kind', header: t('column.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
  {
    key: 'subject',
    header: t('column.subject'),
    cell: ({ subject }) => <span style={{ overflowWrap: 'anywhere' }}>{subject}</span>,
  },
  { key: 'party', header: t('column.party'), cell: ({ party }) => <OrganisationName id={party} /> },
  { key: 'ledger', header: t('column.ledger'), isNumber: true, cell: (of) => <Side of={of} value={of.ledger} /> },
  { key: 'stripe', header: t('column.stripe'), isNumber: true, cell: (of) => <Side of={of} value={of.stripe} /> },
  {
    key: 'done',
    header: t('column.done'),
    cell: ({ done }) => done.map((what) => t(`done.${what}`)).join(', ') || <None />,
  },
];

const LIST = { href: '/reconciliations', title: t('title') };

export default function ReconciliationPage() {
  const reconciliation = usePathParam('reconciliation');
  const found = useRead('/v1/reconciliations/{reconciliation}', { path: { reconciliation } });
  return (
    <QueryState of={found} isPage back={LIST}>
      {(of) => (
        <>
          <PageHeader
            title={t('of', { day: dayText(of.day) })}
            back={LIST}
            status={<StatusBadge state={of.state} states={RECONCILIATION_STATES} />}
            actions={
              <DownloadButton
                label={t('csv')}
                name={`reconciliation-${of.day}.csv`}
                path={`/v1/reconciliations/${encodeURIComponent(of.id)}/csv`}
              />
            }
          />
          {of.stopsClose && (
            <Alert color="red" variant="default" mb="md">
              {t('stops')}
            </Alert>
          )}
          <Figures>
            <Figure name={t('column.breaks')}>
              <Count value={of.breaks} />
            </Figure>
            <Figure name={t('column.serious')}>
              <Count value={of.serious} />
            </Figure>
            <Figure
              name={t('column.finished')}
              note={of.askedBy === null ? t('itself') : <PersonName id={of.askedBy} />}
            >
              <When iso={of.finishedAt} />
            </Figure>
          </Figures>
          <Section title={t('breaks')}>
            <Breaks reconciliation={of.id} />
          </Section>
          <Section title={t('comparisons')}>
            <DataTable
              caption={t('comparisons.caption')}
              rows={of.compared}
              rowKey={({ comparison }) => comparison}
              columns={[
                {
                  key: 'comparison',
                  header: t('column.comparison'),
                  cell: ({ comparison }) => t(`comparison.${comparison}`),
                },
                {
                  key: 'subjects',
                  header: t('column.subjects'),
                  isNumber: true,
                  cell: ({ subjects }) => <Count value={subjects} />,
                },
              ]}
            />
          </Section>
        </>
      )}
    </QueryState>
  );
}

function Breaks({ reconciliation }: { reconciliation: string }) {
  const breaks = usePages('/v1/reconciliations/{reconciliation}/breaks', {
    path: { reconciliation },
    query: { limit: 100 },
  });
  return (
    <PagedTable
      caption={t('breaks.caption')}
      columns={columns}
      pages={breaks}
      rowKey={({ comparison, kind, subject, currency }) => `${comparison} ${kind} ${subject} ${currency}`}
      empty={{ title: t('breaks.none'), text: t('breaks.none.text') }}
    />
  );
}
