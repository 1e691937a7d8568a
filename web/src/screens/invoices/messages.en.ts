import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Invoices',
  lead: 'One for each month and currency. Each opens to its lines, their charges and the receipts behind them.',
  next: 'Next invoice',
  portal: 'Open Stripe’s portal',
  caption: 'Invoices, newest month first',
  unpaid: 'To pay',
  'sums.partly': 'of those shown; there are more',
  overdue: 'Overdue',
  'overdue.note': '{count|one invoice|{count} invoices} past due',
  paid: 'Paid, of those shown',
  empty: 'No invoices yet',
  'empty.text': 'When a month is closed, its charges become an invoice. What it would be by now is in the preview.',
});
