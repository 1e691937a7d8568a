import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Books',
  lead: 'What waits for the market’s people, by deadline, and how the books stand.',
  close: 'Month close',
  'close.none': 'None was begun yet',
  'close.open': 'Open the month close',
  'close.next': '{month} can be closed',
  books: 'Breaks with Stripe',
  'books.open': 'Open the reconciliation',
  'books.day': 'on {day}, {count|one of them serious|{count} of them serious}',
  'books.none': 'Nothing was compared yet',
  owed: 'Owed by companies',
  'owed.note': '{overdue} of it past due',
  'owed.open': 'Open what is owed',
  dead: 'Failed messages',
  'dead.open': 'Open them',
  'dead.note': 'brought back to their queues by an operator',
  'dead.note.money': 'from and to Stripe',
  disputes: 'Contested disputes, the one due first in front',
  'disputes.none': 'None is contested.',
  'disputes.all': 'All contested disputes',
});
