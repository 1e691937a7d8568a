import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Ends of accounts',
  lead: 'Companies whose account ends or has ended. Each opens to what it waits for; it is asked for on the company’s own page.',
  caption: 'Ends of accounts, newest first',
  'column.company': 'Company',
  'column.state': 'State',
  'column.reason': 'Reason',
  'column.waits': 'Waits for',
  'column.by': 'Asked for by',
  'column.at': 'Asked for',
  'column.ended': 'Ended',
  empty: 'No account has ended',
  'empty.text': 'The end of an account is asked for by one person and approved by another.',
  organisations: 'To the organisations',
});
