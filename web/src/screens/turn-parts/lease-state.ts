/** Where a turn stands, in the words of those who work it. */
import type { LeaseState } from '../../../../shared/dispatch/lease.ts';
import type { Tone } from '../../ui/status-badge.tsx';

export const LEASE_STATES: Readonly<Record<LeaseState, { text: string; tone: Tone }>> = {
  held: { text: 'In work', tone: 'info' },
  resolved: { text: 'Resolved', tone: 'info' },
  confirmed: { text: 'Confirmed', tone: 'good' },
  reopened: { text: 'Reopened', tone: 'bad' },
  lost: { text: 'Lost', tone: 'bad' },
  declined: { text: 'Declined', tone: 'neutral' },
  escalated: { text: 'Handed on', tone: 'neutral' },
  returned: { text: 'Handed back', tone: 'neutral' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
};
