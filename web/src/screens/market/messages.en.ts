import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Market',
  lead: 'Companies pool the demand they expect, providers bid on it, and only a resolution is paid. Prices are per confirmed resolution, all-in, without tax.',
  caption: 'Queues with pooled volume, price and saving',
  'column.queue': 'Queue',
  'column.volume': 'Pooled volume',
  'column.price': 'Price now',
  'column.alone': 'Alone',
  'column.saving': 'Saving',
  'column.members': 'Members',
  'column.round': 'Round ends',
  empty: 'No queues yet',
  'empty.text': 'A queue appears here when the market operator opens one for a service class.',
  'price.atMost': 'at most {price}',
});
