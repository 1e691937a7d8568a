import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Declare an incident',
  lead: 'Name the cause and write what customers are told. Nobody is told before you link requests on the next page.',
  back: 'Incidents',
  cause: 'Cause',
  'cause.text': 'In a few words; your customers read it too',
  words: 'What each linked customer is told',
  'words.text':
    'Once, in the thread of the request. Say what happened, what you do about it, and what they need not do',
  queues: 'Queues',
  'queues.text': 'Where it is seen; all of one currency',
  since: 'Seen since',
  declare: 'Declare',
  declared: 'The incident is declared. Link the requests that it explains.',
});
