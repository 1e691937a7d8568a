/** The states of a round as people read them. */
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

type State = PublicRound['state'];

export const ROUND_STATES: Readonly<Record<State, { text: string; tone: Tone }>> = {
  open: { text: t('state.open'), tone: 'info' },
  clearing: { text: t('state.clearing'), tone: 'warning' },
  active: { text: t('state.active'), tone: 'good' },
  settling: { text: t('state.settling'), tone: 'neutral' },
  closed: { text: t('state.closed'), tone: 'neutral' },
};

/** Whether a round has begun: only then are its result and its files shown. */
export const hasBegun = ({ state }: Pick<PublicRound, 'state'>): boolean => state !== 'open' && state !== 'clearing';
