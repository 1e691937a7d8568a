import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Bids',
  lead: 'What you offer, round by round, and what it was awarded.',
  caption: 'Your bids with their rounds and awards',
  'column.queue': 'Queue',
  'column.round': 'Round',
  'column.state': 'State',
  'column.capacity': 'Capacity',
  'column.price': 'Price',
  'column.awarded': 'Awarded',
  'column.standing': 'Standing',
  'column.when': 'Closes or began',
  'price.to': '{first} to {last}',
  rolled: 'standing bid',
  empty: 'You have no bids yet',
  'empty.text': 'Look at what queues bring, then offer a price and a capacity for their next round.',
  opportunities: 'Opportunities',
});
