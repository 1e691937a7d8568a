import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Audit samples',
  lead: 'Resolutions on which the customer stayed silent, drawn at random. What you find counts in the provider’s quality at once.',
  queue: 'Queue',
  month: 'Month',
  caption: 'Samples of the queue and month',
  'column.request': 'Request',
  'column.provider': 'Provider',
  'column.resolved': 'Resolved',
  'column.summary': 'What it says it did',
  'column.result': 'Found',
  pass: 'Solved',
  fail: 'Not solved',
  record: 'Write down',
  'record.title': 'What did you find?',
  'record.result': 'Was it solved as the provider says?',
  'record.reason': 'What you looked at, and what you found',
  'record.done': 'Your finding stands; it cannot be changed.',
  none: 'No samples',
  'none.text': 'Samples are drawn from resolutions whose silence window has passed.',
});
