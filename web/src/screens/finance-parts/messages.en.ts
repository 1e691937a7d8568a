import { texts } from '../../messages/texts.ts';

export const t = texts({
  month: 'Month (UTC)',
  currency: 'Currency',
  paper: '{month} (UTC), {currency}',
  'reason.not_resolved': 'It was not resolved',
  'reason.came_back': 'The customer came back with the same',
  'reason.wrong_category': 'It was not this kind of request',
  'reason.duplicate': 'It is a duplicate',
  'reason.not_our_customer': 'It was not our customer',
  'reason.poor_quality': 'The quality was poor',
  'reason.other': 'Something else',
  'download.making': 'Putting the file together: {count|one page|{count} pages} so far',
  'download.pages': '{count|one page|{count} pages} …',
  'download.failed': 'The file was not made',
  'month.state': 'The month is',
  'month.state.open': 'Open',
  'month.state.closing': 'Closing',
  'month.state.closed': 'Closed',
  'month.state.note.open': 'entries still come',
  'month.state.note.closing': 'it takes no more entries',
  'month.state.note.closed': 'its balances are final',
});
