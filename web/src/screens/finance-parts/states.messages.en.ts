import { texts } from '../../messages/texts.ts';

export const t = texts({
  'invoice.planned': 'Planned',
  'invoice.draft': 'Draft',
  'invoice.open': 'Open',
  'invoice.paid': 'Paid',
  'invoice.uncollectible': 'Written off',
  'invoice.void': 'Void',
  'invoice.dropped': 'Taken back',
  'dispute.open': 'Open',
  'dispute.contested': 'Contested',
  'dispute.agreed': 'Agreed',
  'dispute.accepted': 'Accepted',
  'dispute.partly_accepted': 'Accepted in part',
  'dispute.rejected': 'Rejected',
  'dispute.withdrawn': 'Withdrawn',
  'payout.intended': 'On its way',
  'payout.waiting': 'Waits',
  'payout.paid': 'Paid',
  'payout.failed': 'Failed',
  'outcome.confirmed': 'Confirmed',
  'outcome.assumed': 'Assumed',
});
