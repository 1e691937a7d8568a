/** One incident: what was seen, what customers are told, which requests it explains, and what that avoided. */
import { Grid, Stack } from '@mantine/core';
import { useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { absoluteText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { INCIDENT_STATES, incidentName } from '../company-parts/incident-state.ts';
import { Actions } from './actions.tsx';
import { HowMany, Progressing, Queues, Told } from './facts.tsx';
import { LinkRequests } from './link-requests.tsx';
import { Linked } from './linked.tsx';
import { t } from './messages.en.ts';
import { SeenSpike } from './spike.tsx';

const GOING_MS = 1_500;
const RESTING_MS = 30_000;
const LIST = { href: '/incidents', title: t('back') };

export default function OneIncident() {
  const id = usePathParam('incident');
  const mayAct = useMay('company.admin', 'company.operator');
  const [isGoing, setGoing] = useState(false);
  const refreshMs = isGoing ? GOING_MS : RESTING_MS;
  const incident = useRead('/v1/incidents/{incident}', { path: { incident: id } }, { refreshMs });
  const found = incident.data;
  const goes = found?.run?.finishedAt === null;
  if (found !== undefined && goes !== isGoing) setGoing(goes);
  return (
    <QueryState of={incident} isPage back={LIST}>
      {(data) => (
        <>
          <PageHeader
            title={incidentName(data)}
            lead={t('lead', { time: absoluteText(Date.parse(data.since)) })}
            back={LIST}
            status={<StatusBadge state={data.state} states={INCIDENT_STATES} />}
            actions={mayAct && <Actions incident={data} />}
          />
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 8 }}>
              <Stack gap="xl">
                <Progressing of={data} />
                {data.spike !== null && <SeenSpike spike={data.spike} seenBy={data.seenBy} />}
                {data.state === 'declared' && mayAct && <LinkRequests key={data.id} incident={data} />}
                {data.declaredAt !== null && <Linked incident={data} refreshMs={refreshMs} mayAct={mayAct} />}
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4 }}>
              <Stack gap="lg">
                {data.declaredAt !== null && <HowMany of={data} />}
                <Told of={data} />
                <Queues of={data} />
              </Stack>
            </Grid.Col>
          </Grid>
        </>
      )}
    </QueryState>
  );
}
