import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Trial balance',
  lead: 'Every account of the market in a month. Its closings sum to nothing; each opens to its entries.',
  balanced: 'Balanced',
  'balanced.yes': 'Yes',
  'balanced.no': 'No',
  'balanced.note': 'all closings sum to nothing',
  'balanced.note.no': 'the closings do not sum to nothing: look at once',
  entries: 'Entries through the month',
  'entries.open': 'look up an account or an entry',
  'entries.note': 'in all currencies',
  accounts: 'Accounts',
  caption: 'Accounts of the market',
  csv: 'As CSV',
  owners: 'Whose',
  'owners.title': 'Account {account} {name}, by owner',
  'owners.lead': 'The lines together are the account’s line in the trial balance.',
  'owners.caption': 'Owners of the account',
  'owners.empty': 'Nobody has anything on it',
  history: 'All entries of it',
  'column.owner': 'Owner',
});
