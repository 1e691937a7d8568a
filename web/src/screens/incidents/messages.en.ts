import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Incidents',
  lead: 'One cause behind many requests: link them, tell everybody once, and say when it works again. What is linked costs nothing.',
  declare: 'Declare an incident',
  caption: 'Incidents, the latest first',
  empty: 'No incidents',
  'empty.text':
    'When far more requests of one kind come in within an hour than usual, one is proposed here. You can also declare one yourself.',
  'column.cause': 'Cause',
  'column.state': 'State',
  'column.queues': 'Queues',
  'column.linked': 'Linked',
  'column.since': 'Since',
  queues: '{n|one queue|{n} queues}',
});
