import { texts } from '../../messages/texts.ts';

export const t = texts({
  company: 'Company',
  invoice: 'Invoice',
  month: 'Month',
  state: 'State',
  total: 'Total',
  paid: 'Paid',
  remaining: 'To pay',
  due: 'Due',
  planned: 'planned',
  overdue: 'overdue',
});
