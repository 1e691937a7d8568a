/** Where an import stands. */
import type { ImportState } from '../../../../shared/import/import.ts';
import type { Tone } from '../../ui/status-badge.tsx';

export const IMPORT_STATES: Readonly<Record<ImportState, { text: string; tone: Tone }>> = {
  uploading: { text: 'Waits for its file', tone: 'warning' },
  running: { text: 'Running', tone: 'info' },
  done: { text: 'Done', tone: 'good' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
  stopped: { text: 'Stopped', tone: 'bad' },
  expired: { text: 'Expired', tone: 'neutral' },
};
