import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Invoices of all companies',
  lead: 'One for each company, currency and month that was closed. Each opens to its lines, and to what the market can do about it.',
  month: 'Month billed (UTC)',
  state: 'State',
  currency: 'Currency',
  all: 'All',
  caption: 'Invoices of the month',
  empty: 'No invoice of this month is like that',
  'empty.text': 'Invoices are planned when the month is closed.',
  writeOffs: 'Write-offs that wait',
  'writeOffs.lead': 'Proposed by one person; another carries each out on the invoice’s page.',
  'writeOffs.caption': 'Invoices that somebody proposed to write off',
  'writeOffs.by': 'Proposed by',
});
