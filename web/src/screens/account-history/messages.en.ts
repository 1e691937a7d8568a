import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Account {account} {name}',
  lead: 'What moved it, entry by entry, with its balance after each. Debit is positive, credit negative.',
  statement: 'Statement',
  trialBalance: 'Trial balance',
  caption: 'Movements of the account',
  opening: 'Opening',
  debit: 'Debit',
  credit: 'Credit',
  closing: 'Closing',
  owner: 'Of',
  'column.kind': 'Entry',
  'column.event': 'About',
  'column.when': 'Time',
  'column.amount': 'Amount',
  'column.balance': 'Balance after it',
  empty: 'Nothing moved it in this month',
  'empty.text': 'It closes as it opened.',
});
