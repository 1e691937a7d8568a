/** Where an import stands. */
import type { ImportState } from '../../../../shared/import/import.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

export const IMPORT_STATES: Readonly<Record<ImportState, { text: string; tone: Tone }>> = {
  uploading: { text: t('import.uploading'), tone: 'warning' },
  running: { text: t('import.running'), tone: 'info' },
  done: { text: t('import.done'), tone: 'good' },
  cancelled: { text: t('import.cancelled'), tone: 'neutral' },
  stopped: { text: t('import.stopped'), tone: 'bad' },
  expired: { text: t('import.expired'), tone: 'neutral' },
};
