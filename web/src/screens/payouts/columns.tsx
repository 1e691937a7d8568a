/** How payouts are listed. */
import type { Payout } from '../../../../shared/payout/payout.ts';
import type { Column } from '../../ui/data-table.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, None, When } from '../../ui/values.tsx';
import { PAYOUT_STATES } from '../finance-parts/states.ts';
import { t } from './messages.en.ts';

export const payoutColumns: readonly Column<Payout>[] = [
  { key: 'when', header: t('column.when'), cell: ({ preparedAt }) => <When iso={preparedAt} show="date" /> },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={PAYOUT_STATES} />,
  },
  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => reason ?? <None /> },
  {
    key: 'reversed',
    header: t('column.reversed'),
    isNumber: true,
    cell: ({ reversedMicros, currency }) => (
      <Money micros={reversedMicros === 0 ? null : -reversedMicros} currency={currency} />
    ),
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ amountMicros, currency }) => <Money micros={amountMicros} currency={currency} />,
  },
  {
    key: 'paid',
    header: t('column.paid'),
    isNumber: true,
    cell: ({ paidAt }) => <When iso={paidAt} show="date" />,
  },
];
