/** Where a payout run and its lines stand, in people's words. */
import type { PayoutRun, RunLine } from '../../../../shared/payout/payout.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

type States<S extends string> = Readonly<Record<S, { text: string; tone: Tone }>>;

export const RUN_STATES: States<PayoutRun['state']> = {
  collecting: { text: t('state.collecting'), tone: 'info' },
  proposed: { text: t('state.proposed'), tone: 'warning' },
  approved: { text: t('state.approved'), tone: 'info' },
  done: { text: t('state.done'), tone: 'good' },
  dropped: { text: t('state.dropped'), tone: 'neutral' },
};

export const LINE_STATES: States<RunLine['state']> = {
  proposed: { text: t('line.proposed'), tone: 'info' },
  held: { text: t('line.held'), tone: 'bad' },
  waiting: { text: t('line.waiting'), tone: 'warning' },
  paid: { text: t('line.paid'), tone: 'good' },
  taken_back: { text: t('line.taken_back'), tone: 'neutral' },
  failed: { text: t('line.failed'), tone: 'bad' },
  nothing: { text: t('line.nothing'), tone: 'neutral' },
};
