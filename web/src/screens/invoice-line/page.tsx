/** The charges behind one line of an invoice. */
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam, useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Count, Money } from '../../ui/values.tsx';
import { chargeColumns } from '../charges/columns.tsx';
import { t as charges } from '../charges/messages.en.ts';
import { t } from '../invoice/messages.en.ts';
import { t as kinds } from '../invoice-parts/messages.en.ts';
import { QueueInLine } from '../market-parts/queues.tsx';
import { hrefOfLedger } from '../money-parts/hrefs.ts';

export default function InvoiceLinePage() {
  const invoice = usePathParam('invoice');
  const number = Number(usePathParam('line'));
  const [{ detail }] = useUrlState({ detail: '' });
  const query = detail === 'true' ? { detail: 'true' } : {};
  const of = useRead('/v1/invoices/{invoice}', { path: { invoice } }).data;
  const lines = useRead('/v1/invoices/{invoice}/lines', {
    path: { invoice },
    query: { limit: 100, ...query },
  });
  const line = lines.data?.items.find((one) => one.line === number);
  const isCompany = useMay('company.admin', 'company.finance');
  const pages = usePages('/v1/invoices/{invoice}/lines/{line}/charges', {
    path: { invoice, line: number },
    query: { limit: 100, ...query },
  });
  return (
    <>
      <PageHeader
        title={t('line', { line: number })}
        lead={
          line?.queue == null ? (
            (line?.description ?? t('line.lead'))
          ) : (
            <QueueInLine id={line.queue} round={line.round} />
          )
        }
        back={{ href: `/invoices/${invoice}`, title: of?.number ?? t('invoice') }}
      />
      {line !== undefined && (
        <Figures>
          <Figure name={kinds(`kind.${line.kind}`)}>
            <Count value={line.quantity} />
          </Figure>
          <Figure name={charges('column.amount')}>
            <Money micros={line.micros} currency={of?.currency ?? 'USD'} />
          </Figure>
          <Figure name={t('credited')}>
            <Money micros={line.creditedMicros} currency={of?.currency ?? 'USD'} />
          </Figure>
        </Figures>
      )}
      <PagedTable
        caption={t('line.lead')}
        columns={chargeColumns(true)}
        pages={pages}
        rowKey={({ event }) => event}
        rowHref={({ request, event }) => (isCompany ? `/charges/${request}` : hrefOfLedger(event))}
        empty={{
          title: t('line.empty'),
          text: t('line.empty.text'),
          action: isCompany && of !== undefined && (
            <Go href={`/accounts/1100?period=${of.period}&currency=${of.currency}`}>{t('line.ledger')}</Go>
          ),
        }}
      />
    </>
  );
}
