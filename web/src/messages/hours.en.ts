/** What the input of opening hours says. */
import { texts } from './texts.ts';

export const t = texts({
  zone: 'Time zone',
  week: 'Week',
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
  closed: 'closed',
  open: '{day}: open',
  from: '{day}: from',
  to: '{day}: to',
  add: 'Add a span',
  remove: 'Remove this span',
  exceptions: 'Other days',
  'exceptions.text': 'Holidays, and days with hours of their own.',
  'exceptions.add': 'Add a day',
  'exceptions.date': 'Date',
  'exceptions.remove': 'Remove this day',
});
