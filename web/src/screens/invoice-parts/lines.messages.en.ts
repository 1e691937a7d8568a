import { texts } from '../../messages/texts.ts';

export const t = texts({
  'column.kind': 'For',
  'column.queue': 'Queue · round',
  'column.quantity': 'Resolutions',
  'column.average': 'Average',
  'column.amount': 'Amount',
  'column.credited': 'Credited',
});
