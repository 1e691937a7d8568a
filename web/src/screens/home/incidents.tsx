/** What goes on, and what is proposed: one line each, or that all is calm. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { IncidentView } from '../../../../shared/incident/incident.ts';
import { useRead } from '../../api/use-api.ts';
import { Go } from '../../ui/go.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { INCIDENT_STATES, incidentName } from '../company-parts/incident-state.ts';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;
const LOOKED_AT = 20;
const SHOWN = 5;

export function Incidents() {
  const incidents = useRead('/v1/incidents', { query: { limit: LOOKED_AT } }, { refreshMs: REFRESH_MS });
  return (
    <Paper p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2}>{t('incidents.title')}</Title>
        <Go href="/incidents">{t('incidents.all')}</Go>
      </Group>
      <QueryState of={incidents}>{({ items }) => <Open items={items.filter(isOpen)} />}</QueryState>
    </Paper>
  );
}

const isOpen = ({ state }: IncidentView): boolean => state === 'declared' || state === 'proposed';

function Open({ items }: { items: readonly IncidentView[] }) {
  if (items.length === 0) return <Text c="dimmed">{t('incidents.none')}</Text>;
  return (
    <Stack gap="sm">
      {items.slice(0, SHOWN).map((incident) => (
        <div key={incident.id}>
          <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
            <Go href={`/incidents/${incident.id}`}>{incidentName(incident)}</Go>
            <StatusBadge state={incident.state} states={INCIDENT_STATES} />
          </Group>
          <Text size="sm" c="dimmed">
            {incident.state === 'proposed'
              ? t('incidents.seen', { seen: incident.spike?.seen ?? 0 })
              : t('incidents.linked', { n: incident.avoided.requests })}{' '}
            · <When iso={incident.since} />
          </Text>
        </div>
      ))}
    </Stack>
  );
}
