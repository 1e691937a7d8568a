/** Where an incident stands, in people's words, and what it is called before anybody has named its cause. */
import type { IncidentState, IncidentView } from '../../../../shared/incident/incident.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

export const INCIDENT_STATES: Readonly<Record<IncidentState, { text: string; tone: Tone }>> = {
  proposed: { text: t('incident.proposed'), tone: 'warning' },
  declared: { text: t('incident.declared'), tone: 'bad' },
  closed: { text: t('incident.closed'), tone: 'good' },
  dismissed: { text: t('incident.dismissed'), tone: 'neutral' },
};

export const incidentName = ({ title }: Pick<IncidentView, 'title'>): string => title ?? t('incident.unnamed');
