import { texts } from '../../messages/texts.ts';

export const t = texts({
  not_due: 'Not due',
  days_1_30: '1–30 days',
  days_31_60: '31–60 days',
  days_61_90: '61–90 days',
  days_over_90: 'Over 90 days',
  party: 'Whose',
  total: 'Total',
  band: 'Past due',
  amount: 'Amount',
  summary: '{total} in all, {overdue} of it past due.',
});
