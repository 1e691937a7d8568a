import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Audit trail',
  lead: 'Who changed money, the market or the organisation, and how it was answered. Nothing can be taken out of it.',
  caption: 'Calls of the month, newest first',
  'column.action': 'Action',
  'column.who': 'Who',
  'column.about': 'About',
  'column.content': 'Sent',
  'column.end': 'Answer',
  'column.when': 'Time',
  show: 'Show',
  unknown: 'no end written down',
  csv: 'As CSV',
  empty: 'Nobody changed anything in this month',
  'empty.text': 'Each change of money, of the market or of the organisation is written here before it is made.',
});
