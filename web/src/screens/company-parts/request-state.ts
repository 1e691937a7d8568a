/** Where a request stands, in people's words. */
import type { RequestState } from '../../../../shared/request/request.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

export const REQUEST_STATES: Readonly<Record<RequestState, { text: string; tone: Tone }>> = {
  queued: { text: t('request.queued'), tone: 'info' },
  working: { text: t('request.working'), tone: 'info' },
  resolved: { text: t('request.resolved'), tone: 'warning' },
  confirmed: { text: t('request.confirmed'), tone: 'good' },
  assumed: { text: t('request.assumed'), tone: 'neutral' },
  settled: { text: t('request.settled'), tone: 'good' },
  unserved: { text: t('request.unserved'), tone: 'bad' },
  held_back: { text: t('request.held_back'), tone: 'warning' },
  cancelled: { text: t('request.cancelled'), tone: 'neutral' },
  linked: { text: t('request.linked'), tone: 'neutral' },
};
/** In the order in which a request passes them. */
export const STATES_IN_ORDER = Object.keys(REQUEST_STATES) as RequestState[];
