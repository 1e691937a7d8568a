/** Where a close stands, in people's words. */
import type { CloseState } from '../../../../shared/close/close.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

export const STEPS = ['sweep', 'reconcile', 'period', 'plan', 'approve', 'invoice'] as const;

export const CLOSE_STATES: Readonly<Record<CloseState, { text: string; tone: Tone }>> = {
  sweep: { text: t('state.sweep'), tone: 'info' },
  reconcile: { text: t('state.reconcile'), tone: 'info' },
  period: { text: t('state.period'), tone: 'info' },
  plan: { text: t('state.plan'), tone: 'info' },
  approve: { text: t('state.approve'), tone: 'warning' },
  invoice: { text: t('state.invoice'), tone: 'info' },
  done: { text: t('state.done'), tone: 'good' },
};
