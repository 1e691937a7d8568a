/** A company's invoices. */
import { Button, Group, Text } from '@mantine/core';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { type Pages, usePages } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useGo } from '../../app/navigate.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { monthText } from '../finance-parts/months.ts';
import { INVOICE_STATES } from '../finance-parts/states.ts';
import { t } from './messages.en.ts';
import { PortalButton } from './portal-button.tsx';
import { owedOn } from './sums.ts';

const columns: readonly Column<Invoice>[] = [
  { key: 'invoice', header: t('column.invoice'), cell: ({ number }) => number ?? t('planned') },
  { key: 'month', header: t('column.month'), cell: ({ period }) => monthText(period) },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={INVOICE_STATES} />,
  },
  {
    key: 'total',
    header: t('column.total'),
    isNumber: true,
    cell: ({ totalMicros, currency }) => <Money micros={totalMicros} currency={currency} />,
  },
  {
    key: 'paid',
    header: t('column.paid'),
    isNumber: true,
    cell: ({ paidMicros, currency }) => <Money micros={paidMicros} currency={currency} />,
  },
  {
    key: 'remaining',
    header: t('column.remaining'),
    isNumber: true,
    cell: ({ remainingMicros, currency, state }) => (
      <Money micros={state === 'open' ? remainingMicros : null} currency={currency} />
    ),
  },
  { key: 'due', header: t('column.due'), isNumber: true, cell: (invoice) => <Due of={invoice} /> },
];

export default function Invoices() {
  const invoices = usePages('/v1/invoices', { query: { limit: 100 } });
  const go = useGo();
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Group gap="xs">
            <PortalButton />
            <Button onClick={() => go('/invoices/next')}>{t('next')}</Button>
          </Group>
        }
      />
      <Sums of={invoices} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={invoices}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/invoices/${id}`}
        empty={{ title: t('empty'), text: t('empty.text'), action: <Go href="/invoices/next">{t('next')}</Go> }}
      />
    </>
  );
}

function Due({ of: { dueAt, state } }: { of: Invoice }) {
  const isLate = useNow() > Date.parse(dueAt ?? '9999-01-01');
  if (state !== 'open' || !isLate) return <When iso={dueAt} show="date" />;
  return (
    <Text span c="var(--parley-bad)" inherit>
      <When iso={dueAt} show="date" />
    </Text>
  );
}

function Sums({ of: { items, hasMore } }: { of: Pages<Invoice> }) {
  const owed = owedOn(items, useNow());
  const note = hasMore ? { note: t('sums.partly') } : {};
  return owed.map(({ currency, unpaidMicros, overdueMicros, overdueCount, paidMicros }) => (
    <Figures key={currency}>
      <Figure name={t('unpaid')} {...note}>
        <Money micros={unpaidMicros} currency={currency} />
      </Figure>
      <Figure name={t('overdue')} note={t('overdue.note', { count: overdueCount })}>
        <Money micros={overdueMicros} currency={currency} />
      </Figure>
      <Figure name={t('paid')}>
        <Money micros={paidMicros} currency={currency} />
      </Figure>
    </Figures>
  ));
}
