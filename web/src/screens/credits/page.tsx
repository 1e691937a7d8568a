/** Credit notes, and SLA credits of a month. */
import type { SlaCredit } from '../../../../shared/ledger/sla-credit.ts';
import { usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ownPart, Reference } from '../../ui/reference.tsx';
import { Money, When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { QueueInLine } from '../market-parts/queues.tsx';
import { creditNoteColumns, ofInvoice } from './columns.tsx';
import { t } from './messages.en.ts';

export default function Credits() {
  const isCompany = useMay('company.admin', 'company.finance');
  const month = useMonth();
  return (
    <>
      <PageHeader title={t('title')} lead={t(isCompany ? 'lead.company' : 'lead.provider')} />
      {isCompany && <CreditNotes period={month.period} currency={month.currency} />}
      <Section title={t('sla')} lead={t('sla.lead')}>
        <MonthFilter of={month} hasCurrency={false} />
        <SlaCredits period={month.period} isCompany={isCompany} />
      </Section>
    </>
  );
}

function CreditNotes({ period, currency }: { period: string; currency: string }) {
  const notes = usePages('/v1/credit-notes', { query: { limit: 100 } });
  return (
    <Section
      title={t('notes')}
      actions={
        <DownloadButton
          size="xs"
          label={t('notes.csv')}
          name={`credit-notes-${period}.csv`}
          path="/v1/exports/credit-notes/csv"
          query={{ period, currency }}
        />
      }
    >
      <PagedTable
        caption={t('notes.caption')}
        columns={[...creditNoteColumns.slice(0, 2), ofInvoice, ...creditNoteColumns.slice(2)]}
        pages={notes}
        rowKey={({ id }) => id}
        empty={{ title: t('notes.empty'), text: t('notes.empty.text') }}
      />
    </Section>
  );
}

function SlaCredits({ period, isCompany }: { period: string; isCompany: boolean }) {
  const credits = usePages('/v1/sla-credits', { query: { period, limit: 100 } });
  const columns: readonly Column<SlaCredit>[] = [
    { key: 'request', header: t('column.request'), cell: ({ request }) => <Reference>{ownPart(request)}</Reference> },
    { key: 'queue', header: t('column.queue'), cell: ({ queue, round }) => <QueueInLine id={queue} round={round} /> },
    { key: 'reason', header: t('column.reason'), cell: ({ reason }) => reason },
    {
      key: 'deadline',
      header: t('column.deadline'),
      isNumber: true,
      cell: ({ deadline }) => <When iso={deadline} show="absolute" />,
    },
    {
      key: 'resolved',
      header: t('column.resolved'),
      isNumber: true,
      cell: ({ resolvedAt }) => <When iso={resolvedAt} show="absolute" />,
    },
    {
      key: 'amount',
      header: t(isCompany ? 'column.amount' : 'column.borne'),
      isNumber: true,
      cell: ({ micros, currency }) => <Money micros={micros} currency={currency} exact />,
    },
  ];
  return (
    <PagedTable
      caption={t('sla.caption')}
      columns={columns}
      pages={credits}
      rowKey={({ event }) => event}
      {...(isCompany ? { rowHref: ({ request }: SlaCredit) => `/charges/${request}` } : {})}
      empty={{ title: t('sla.empty'), text: t('sla.empty.text') }}
    />
  );
}
