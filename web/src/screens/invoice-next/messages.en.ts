import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Next invoice',
  lead: 'What the invoice of a month would be by now. An estimate: the month goes on, and tax comes on top.',
  invoices: 'Invoices',
  estimate: 'Estimate',
  subtotal: 'It would bill',
  'subtotal.note': 'in whole cents, without tax',
  owed: 'Unbilled by now',
  'owed.note': 'to the last digit',
  since: 'From',
  'since.note': 'the first month that it bills',
  lines: 'Lines',
  caption: 'Lines of the estimate',
  none: 'Nothing would be invoiced for this month',
  'none.text': 'Nothing of it is charged and unbilled.',
  charges: 'The charges of the month',
});
