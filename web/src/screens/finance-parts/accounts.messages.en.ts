import { texts } from '../../messages/texts.ts';

export const t = texts({
  'column.account': 'Account',
  'column.opening': 'Opening',
  'column.debit': 'Debit',
  'column.credit': 'Credit',
  'column.closing': 'Closing',
});
