import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Opportunities',
  lead: 'What queues bring, what a resolution costs there now, and until when you can bid.',
  caption: 'Queues with pooled demand, price, and the clock of their open round',
  'column.queue': 'Queue',
  'column.pool': 'Pool',
  'column.price': 'Price now',
  'column.most': 'At most',
  'column.bidders': 'Providers',
  'column.closes': 'Bids close in',
  'column.bid': 'Your bid',
  'pool.next': 'next round {count}',
  'bid.none': 'none yet',
  'bid.placed': 'placed',
  empty: 'No queues yet',
  'empty.text': 'A queue appears here when the market operator opens one for a service class.',
});
