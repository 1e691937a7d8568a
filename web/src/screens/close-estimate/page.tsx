/** What each company's invoice of a month would be by now. */
import { Alert } from '@mantine/core';
import type { InvoiceEstimate } from '../../../../shared/invoice/estimate.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { monthText } from '../../ui/months.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Money, None } from '../../ui/values.tsx';
import { t } from '../closes/messages.en.ts';
import { t as reasons } from '../invoice-parts/messages.en.ts';

type Part = 'before' | 'volume' | 'mix' | 'price' | 'other' | 'after';
const part = (key: Part): Column<InvoiceEstimate> => ({
  key,
  header: t(`column.${key}`),
  isNumber: true,
  cell: ({ variance, currency }) => <Money micros={variance[`${key}Micros`]} currency={currency} />,
});
const columns: readonly Column<InvoiceEstimate>[] = [
  { key: 'company', header: t('column.company'), cell: ({ company }) => <OrganisationName id={company} /> },
  {
    key: 'reason',
    header: t('column.reason'),
    cell: ({ reason }) => (reason === null ? <None /> : reasons(`reason.${reason}`)),
  },
  part('before'),
  part('volume'),
  part('mix'),
  part('price'),
  part('other'),
  part('after'),
  {
    key: 'subtotal',
    header: t('column.subtotal'),
    isNumber: true,
    cell: ({ subtotalMicros, currency }) => <Money micros={subtotalMicros} currency={currency} />,
  },
];

export default function CloseEstimate() {
  const period = usePathParam('period');
  const isClosed = useRead('/v1/closes').data?.items.some((close) => close.period === period && close.state === 'done');
  const estimates = usePages('/v1/closes/{period}/estimate', { path: { period }, query: { limit: 25 } });
  return (
    <>
      <PageHeader
        title={t('estimate', { month: monthText(period) })}
        lead={t('estimate.lead')}
        back={{ href: '/closes', title: t('title') }}
      />
      {isClosed === true && (
        <Alert variant="default" mb="md">
          {t('estimate.closed', { month: monthText(period) })} <Go href={`/closes/${period}`}>{t('estimate.close')}</Go>
        </Alert>
      )}
      <PagedTable
        caption={t('estimate.caption')}
        columns={columns}
        pages={estimates}
        rowKey={({ company, currency }) => `${company} ${currency}`}
        empty={{ title: t('estimate.empty'), text: t('estimate.empty.text') }}
      />
    </>
  );
}
