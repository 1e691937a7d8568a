import { texts } from '../../messages/texts.ts';

export const t = texts({
  'title.charged': 'What the month will come to',
  'title.earned': 'What the month will earn',
  'sentence.charged':
    'An estimate: {soFar} charged in {month} by now, and about {expected} by its end, between {from} and {to}.',
  'sentence.earned':
    'An estimate: {soFar} earned in {month} by now, and about {expected} by its end, between {from} and {to}.',
  'series.soFar': 'So far',
  'series.expected': 'Expected',
  'series.range': 'Range',
  'table.what': 'What',
  'table.amount': 'Amount',
  'table.perDay': '{month}, a day',
  'table.soFar': 'So far',
  'table.expected': 'Expected by its end',
  'table.from': 'At the lowest rate',
  'table.to': 'At the highest rate',
  none: 'There is nothing yet to go by.',
});
