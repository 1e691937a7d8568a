/** How the market lists invoices of companies. */
import { Text } from '@mantine/core';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { useNow } from '../../app/market-time.ts';
import type { Column } from '../../ui/data-table.tsx';
import { OrganisationName } from '../../ui/names.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { monthText } from '../finance-parts/months.ts';
import { INVOICE_STATES } from '../finance-parts/states.ts';
import { t } from './messages.en.ts';

const company: Column<Invoice> = {
  key: 'company',
  header: t('column.company'),
  cell: ({ company: id }) => <OrganisationName id={id} />,
};
const month: Column<Invoice> = { key: 'month', header: t('month'), cell: ({ period }) => monthText(period) };

const SHARED: readonly Column<Invoice>[] = [
  { key: 'invoice', header: t('column.invoice'), cell: ({ number }) => number ?? t('planned') },
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

/** Those of all companies for a month, and those of one company for all its months. */
export const ofMonth: readonly Column<Invoice>[] = [company, ...SHARED];
export const ofCompany: readonly Column<Invoice>[] = [month, ...SHARED];

function Due({ of: { dueAt, state } }: { of: Invoice }) {
  const now = useNow();
  const isLate = state === 'open' && now > Date.parse(dueAt ?? '9999-01-01');
  if (!isLate) return <When iso={dueAt} show="date" />;
  return (
    <Text span c="var(--parley-bad)" inherit>
      <When iso={dueAt} show="date" /> ({t('overdue')})
    </Text>
  );
}
