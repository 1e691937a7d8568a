/** Where a request stands, in people's words. */
import type { RequestState } from '../../../../shared/request/request.ts';
import type { Tone } from '../../ui/status-badge.tsx';

export const REQUEST_STATES: Readonly<Record<RequestState, { text: string; tone: Tone }>> = {
  queued: { text: 'Waiting', tone: 'info' },
  working: { text: 'In work', tone: 'info' },
  resolved: { text: 'Resolved, to confirm', tone: 'warning' },
  confirmed: { text: 'Confirmed', tone: 'good' },
  assumed: { text: 'Assumed', tone: 'neutral' },
  settled: { text: 'Settled', tone: 'good' },
  unserved: { text: 'Not served', tone: 'bad' },
  held_back: { text: 'Held back', tone: 'warning' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
  linked: { text: 'Linked', tone: 'neutral' },
};
/** In the order in which a request passes them. */
export const STATES_IN_ORDER = Object.keys(REQUEST_STATES) as RequestState[];
