/** Where a round stands, as its members see it. */
import type { RoundState } from '../../../../shared/round/round.ts';
import type { Tone } from '../../ui/status-badge.tsx';

export const ROUND_STATES: Readonly<Record<RoundState, { text: string; tone: Tone }>> = {
  open: { text: 'Open', tone: 'info' },
  clearing: { text: 'Clearing', tone: 'warning' },
  active: { text: 'Running', tone: 'good' },
  settling: { text: 'Settling', tone: 'neutral' },
  closed: { text: 'Closed', tone: 'neutral' },
};
