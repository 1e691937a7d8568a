/** How invoices are listed: a company's own, one company's to the market, a month's of all. */
import { Text } from '@mantine/core';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { useNow } from '../../app/market-time.ts';
import type { Column } from '../../ui/data-table.tsx';
import { monthText } from '../../ui/months.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { INVOICE_STATES } from '../finance-parts/states.ts';
import { t } from './columns.messages.en.ts';

const company: Column<Invoice> = {
  key: 'company',
  header: t('company'),
  cell: ({ company: id }) => <OrganisationName id={id} />,
};
const month: Column<Invoice> = { key: 'month', header: t('month'), cell: ({ period }) => monthText(period) };

const invoice: Column<Invoice> = {
  key: 'invoice',
  header: t('invoice'),
  cell: ({ number }) => number ?? t('planned'),
};

const AMOUNTS: readonly Column<Invoice>[] = [
  {
    key: 'state',
    header: t('state'),
    cell: ({ state }) => <StatusBadge state={state} states={INVOICE_STATES} />,
  },
  {
    key: 'total',
    header: t('total'),
    isNumber: true,
    cell: ({ totalMicros, currency }) => <Money micros={totalMicros} currency={currency} />,
  },
  {
    key: 'paid',
    header: t('paid'),
    isNumber: true,
    cell: ({ paidMicros, currency }) => <Money micros={paidMicros} currency={currency} />,
  },
  {
    key: 'remaining',
    header: t('remaining'),
    isNumber: true,
    cell: ({ remainingMicros, currency, state }) => (
      <Money micros={state === 'open' ? remainingMicros : null} currency={currency} />
    ),
  },
  { key: 'due', header: t('due'), isNumber: true, cell: (invoice) => <Due of={invoice} /> },
];

/** Those of all companies for a month, those of one company for all its months, and one's own. */
export const ofMonth: readonly Column<Invoice>[] = [company, invoice, ...AMOUNTS];
export const ofCompany: readonly Column<Invoice>[] = [month, invoice, ...AMOUNTS];
export const ofOwn: readonly Column<Invoice>[] = [invoice, month, ...AMOUNTS];

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
