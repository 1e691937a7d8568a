/** Where an incident stands, in people's words, and what it is called before anybody has named its cause. */
import type { IncidentState, IncidentView } from '../../../../shared/incident/incident.ts';
import type { Tone } from '../../ui/status-badge.tsx';

export const INCIDENT_STATES: Readonly<Record<IncidentState, { text: string; tone: Tone }>> = {
  proposed: { text: 'To look at', tone: 'warning' },
  declared: { text: 'Going on', tone: 'bad' },
  closed: { text: 'Works again', tone: 'good' },
  dismissed: { text: 'No incident', tone: 'neutral' },
};

export const incidentName = ({ title }: Pick<IncidentView, 'title'>): string => title ?? 'More requests than usual';
