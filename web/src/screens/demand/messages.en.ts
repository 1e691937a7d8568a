import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Demand',
  lead: 'What you committed to send, round by round, and what it was awarded.',
  post: 'Post demand',
  ask: 'What would it cost?',
  caption: 'Your commitments by round',
  empty: 'No demand posted yet',
  'empty.text':
    'Post the volume that you expect in a queue. It is pooled with that of other companies, and providers bid on the whole.',
  'column.queue': 'Queue',
  'column.round': 'Round',
  'column.state': 'State',
  'column.volume': 'Committed',
  'column.awarded': 'Awarded',
  'column.reserve': 'Reserve price',
  'column.price': 'Pool price',
  'column.saving': 'Saving',
  'column.next': 'Next',
  'next.closes': 'closes',
  'next.begins': 'begins',
  'next.ends': 'ends',
  ceiling: 'The ceiling',
  standing: 'standing',
});
