import { texts } from '../../messages/texts.ts';

export const t = texts({
  'state.held': 'In work',
  'state.resolved': 'Resolved',
  'state.confirmed': 'Confirmed',
  'state.reopened': 'Reopened',
  'state.lost': 'Lost',
  'state.declined': 'Declined',
  'state.escalated': 'Handed on',
  'state.returned': 'Handed back',
  'state.cancelled': 'Cancelled',
});
