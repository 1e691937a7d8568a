import { texts } from '../../messages/texts.ts';

export const t = texts({
  'title.charged': 'What the month will come to',
  'title.earned': 'What the month will earn',
  'sentence.charged': '{soFar} charged in {month} so far. By its end about {expected}{range}.',
  'sentence.earned': '{soFar} earned in {month} so far. By its end about {expected}{range}.',
  'sentence.range': ', between {from} and {to}',
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
