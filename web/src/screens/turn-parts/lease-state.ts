/** Where a turn stands, in the words of those who work it. */
import type { LeaseState } from '../../../../shared/dispatch/lease.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './states.messages.en.ts';

export const LEASE_STATES: Readonly<Record<LeaseState, { text: string; tone: Tone }>> = {
  held: { text: t('state.held'), tone: 'info' },
  resolved: { text: t('state.resolved'), tone: 'info' },
  confirmed: { text: t('state.confirmed'), tone: 'good' },
  reopened: { text: t('state.reopened'), tone: 'bad' },
  lost: { text: t('state.lost'), tone: 'bad' },
  declined: { text: t('state.declined'), tone: 'neutral' },
  escalated: { text: t('state.escalated'), tone: 'neutral' },
  returned: { text: t('state.returned'), tone: 'neutral' },
  cancelled: { text: t('state.cancelled'), tone: 'neutral' },
};
