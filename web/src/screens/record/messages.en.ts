import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Your record',
  lead: 'How often you reject what was resolved for you. Providers see the share before they bid; below 20 requests nobody is told one.',
  back: 'Your providers',
  share: 'You reject',
  'share.note': 'of what was resolved, at least once',
  'share.few': 'told from 20 requests on',
  charged: 'Judged',
  'charged.note': 'in all rounds below',
  rejected: 'Rejected',
  caption: 'How you judged, round by round',
  'column.queue': 'Queue',
  'column.round': 'Round',
  'column.closed': 'Closed',
  'column.charged': 'Judged',
  'column.rejected': 'Rejected',
  empty: 'No closed round yet',
  'empty.text': 'A round counts when all of its requests are final.',
});
