/** A provider's self-billed invoices, and its year for the tax office. */
import { Group, NativeSelect } from '@mantine/core';
import type { SelfBilledInvoice } from '../../../../shared/payout/self-billed.ts';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { monthText } from '../../ui/months.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Money, When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { t } from './messages.en.ts';

const YEARS_SHOWN = 5;
const columns: readonly Column<SelfBilledInvoice>[] = [
  { key: 'number', header: t('column.number'), cell: ({ number }) => number },
  { key: 'kind', header: t('column.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
  { key: 'month', header: t('column.month'), cell: ({ period }) => monthText(period) },
  {
    key: 'net',
    header: t('column.net'),
    isNumber: true,
    cell: ({ netMicros, currency }) => <Money micros={netMicros} currency={currency} />,
  },
  {
    key: 'tax',
    header: t('column.tax'),
    isNumber: true,
    cell: ({ taxMicros, currency }) => <Money micros={taxMicros} currency={currency} />,
  },
  {
    key: 'total',
    header: t('column.total'),
    isNumber: true,
    cell: ({ totalMicros, currency }) => <Money micros={totalMicros} currency={currency} />,
  },
  {
    key: 'issued',
    header: t('column.issued'),
    isNumber: true,
    cell: ({ issuedAt }) => <When iso={issuedAt} show="date" />,
  },
];

export default function SelfBilled() {
  const documents = usePages('/v1/self-billed-invoices', { query: { limit: 100 } });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <TaxReport />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={documents}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/self-billed/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

function TaxReport() {
  const thisYear = Number(useThisMonth().slice(0, 4));
  const [{ year }, set] = useUrlState({ year: String(thisYear) });
  const years = Array.from({ length: YEARS_SHOWN }, (_, n) => String(thisYear - n));
  return (
    <Group align="flex-end" mb="md" className="no-print">
      <NativeSelect
        label={t('year')}
        value={year}
        onChange={(event) => set({ year: event.currentTarget.value })}
        data={years}
      />
      <DownloadButton label={t('report')} name={`tax-report-${year}.csv`} path={`/v1/tax-reports/${year}`} />
    </Group>
  );
}
