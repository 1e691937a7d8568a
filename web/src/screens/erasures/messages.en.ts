import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Erasures',
  lead: 'Customers who had erased what they said. Erase them on your side too: the handle itself is gone here, your own ids of their requests lead you to it.',
  back: 'Requests',
  caption: 'Erasures',
  empty: 'Nobody had anything erased',
  'empty.text': 'A customer can have everything erased on the page of a link.',
  'column.customer': 'Customer (hash)',
  'column.requested': 'Asked for',
  'column.erased': 'Erased',
  'column.requests': 'Requests',
  running: 'under way',
  more: 'and {count} more',
});
