import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Owed and owing',
  lead: 'What companies owe, what providers are owed, and what is charged and on no final invoice yet.',
  of: 'What',
  'of.receivables': 'Receivables',
  'of.payables': 'Payables',
  'of.accruals': 'Accruals',
  'receivables.caption': 'What companies owe on final invoices, by how long it has been due',
  'payables.caption':
    'What providers are owed, by how long it has been due at the latest; below nothing: what they owe',
  'accruals.caption': 'What was charged through the month and is on no final invoice',
  'all.note': '{count|one party|{count} parties}',
  csv: 'As CSV',
  debts: 'Provider debts',
  empty: 'Nothing is open among those read',
  'empty.more': 'There are more parties: read on.',
  more: 'Read on',
  read: '{count|one row|{count} rows}, {more}',
  'read.more': 'there are more parties',
  'read.all': 'all parties are read',
  'column.company': 'Company',
  'column.carried': 'Carried in',
  'column.charged': 'Charged',
  'column.takenOff': 'Taken off',
  'column.accrued': 'Accrued',
  'column.disputed': 'Disputed',
});
