import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Turns',
  lead: 'Every request your team took on, and what became of it.',
  caption: 'Turns of the month, newest first',
  month: 'Month',
  state: 'State',
  'state.all': 'All states',
  'column.queue': 'Queue',
  'column.state': 'State',
  'column.by': 'Worked by',
  'column.claimed': 'Claimed',
  'column.deadline': 'Deadline',
  'column.resolved': 'Resolved',
  'column.stars': 'Stars',
  late: 'late',
  empty: 'No turns in this month',
  'empty.text': 'What is claimed at the desk shows here, whatever becomes of it.',
});
