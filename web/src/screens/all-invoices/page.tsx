/** The invoices of all companies for a month, and the write-offs that wait for a second person. */
import { Group, NativeSelect } from '@mantine/core';
import { type Invoice, InvoiceState } from '../../../../shared/invoice/invoice.ts';
import type { Currency } from '../../../../shared/kernel/money.ts';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { type Column, DataTable, PagedTable } from '../../ui/data-table.tsx';
import { monthBefore, monthsThrough, monthText } from '../../ui/months.ts';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { CURRENCIES, useThisMonth } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { INVOICE_STATES } from '../finance-parts/states.ts';
import { ofMonth } from '../invoice-parts/columns.tsx';
import { t } from './messages.en.ts';

const MONTHS_SHOWN = 24;

export default function AllInvoices() {
  const last = monthBefore(useThisMonth());
  const [{ period: chosen, state, currency }, set] = useUrlState({ period: '', state: '', currency: '' });
  const period = chosen === '' ? last : chosen;
  const months = monthsThrough(last, MONTHS_SHOWN);
  const all = { value: '', label: t('all') };
  const invoices = usePages('/v1/money/invoices', {
    query: {
      period,
      limit: 100,
      ...(InvoiceState.safeParse(state).success ? { state: state as InvoiceState } : {}),
      ...(currency === '' ? {} : { currency: currency as Currency }),
    },
  });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <WriteOffs />
      <Group mb="md" align="flex-end">
        <NativeSelect
          label={t('month')}
          value={period}
          onChange={(event) => set({ period: event.currentTarget.value })}
          data={(months.includes(period) ? months : [period, ...months]).map((month) => ({
            value: month,
            label: monthText(month),
          }))}
        />
        <NativeSelect
          label={t('state')}
          value={state}
          onChange={(event) => set({ state: event.currentTarget.value })}
          data={[all, ...InvoiceState.options.map((value) => ({ value, label: INVOICE_STATES[value].text }))]}
        />
        <NativeSelect
          label={t('currency')}
          value={currency}
          onChange={(event) => set({ currency: event.currentTarget.value })}
          data={[all, ...CURRENCIES.map((value) => ({ value, label: value }))]}
        />
      </Group>
      <PagedTable
        caption={t('caption')}
        columns={ofMonth}
        pages={invoices}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/invoices/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

const proposedBy: Column<Invoice> = {
  key: 'by',
  header: t('writeOffs.by'),
  cell: ({ writeOff }) => <PersonName id={writeOff?.by ?? null} />,
};

/** Nothing where none waits. */
function WriteOffs() {
  const { items } = usePages('/v1/write-offs', { query: { limit: 100 } });
  if (items.length === 0) return null;
  return (
    <Section title={t('writeOffs')} lead={t('writeOffs.lead')}>
      <DataTable
        caption={t('writeOffs.caption')}
        columns={[...ofMonth, proposedBy]}
        rows={items}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/invoices/${id}`}
      />
    </Section>
  );
}
