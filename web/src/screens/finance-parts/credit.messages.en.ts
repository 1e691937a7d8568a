import { texts } from '../../messages/texts.ts';

export const t = texts({
  sentence:
    'If every request that is committed or awarded is sent and resolved at its highest price, {most} are owed before tax, of {limit} that may be.',
  unpaid: 'Unpaid on final invoices',
  unbilled: 'Charged and not invoiced yet',
  worst: 'At worst in open and active rounds',
  limit: 'May be owed',
  left: 'Left of it',
  'unpaid.open': 'your invoices',
  'unbilled.open': 'account 1100 of the ledger',
  'worst.open': 'your commitments',
});
