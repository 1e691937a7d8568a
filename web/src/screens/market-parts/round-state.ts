/** Where a round stands, as its members see it. */
import type { RoundState } from '../../../../shared/round/round.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

export const ROUND_STATES: Readonly<Record<RoundState, { text: string; tone: Tone }>> = {
  open: { text: t('round.open'), tone: 'info' },
  clearing: { text: t('round.clearing'), tone: 'warning' },
  active: { text: t('round.active'), tone: 'good' },
  settling: { text: t('round.settling'), tone: 'neutral' },
  closed: { text: t('round.closed'), tone: 'neutral' },
};
