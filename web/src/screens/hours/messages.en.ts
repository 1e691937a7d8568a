import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Working hours',
  lead: 'Deadlines of requests that are accepted or reopened from now on are counted in your hours; that only makes them later.',
  for: 'Hours for',
  'for.all': 'All queues without hours of their own',
  'for.own': 'own hours',
  none: 'Plain hours count here: every hour of every day.',
  'none.usual': 'Here the hours for all queues count.',
  state: 'State hours',
  save: 'Save',
  saved: 'The hours count from now on.',
  remove: 'Take back',
  'remove.title': 'Take these hours back?',
  'remove.text.all': 'Plain hours count again for requests from then on: their deadlines come earlier.',
  'remove.text.queue': 'The hours for all queues, or plain hours, count again for requests from then on.',
  removed: 'The hours are taken back.',
});
