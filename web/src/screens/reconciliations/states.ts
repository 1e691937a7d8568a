/** Where a reconciliation stands, in people's words. */
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

export const RECONCILIATION_STATES: Readonly<Record<'running' | 'done' | 'failed', { text: string; tone: Tone }>> = {
  running: { text: t('state.running'), tone: 'info' },
  done: { text: t('state.done'), tone: 'good' },
  failed: { text: t('state.failed'), tone: 'bad' },
};
