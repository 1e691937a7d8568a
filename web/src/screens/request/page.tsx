/** One request: what was said and done, by whom, by when, what it costs, and who saw it. */
import { Grid, Paper, Stack, Text, Title } from '@mantine/core';
import type { RequestView } from '../../../../shared/request/request.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { REQUEST_STATES } from '../company-parts/request-state.ts';
import { useQueue } from '../market-parts/queues.tsx';
import { outcomeText } from '../receipt-parts/outcome.ts';
import { AccessLog } from './access.tsx';
import { Actions } from './actions.tsx';
import { Cost, Facts } from './facts.tsx';
import { t } from './messages.en.ts';
import { ReceiptOf } from './receipt.tsx';
import { Thread } from './thread.tsx';
import { History } from './timeline.tsx';
import { Words } from './words.tsx';

const REFRESH_MS = 15_000;

export default function OneRequest() {
  const id = usePathParam('request');
  const request = useRead('/v1/requests/{request}', { path: { request: id } }, { refreshMs: REFRESH_MS });
  const mayAct = useMay('company.admin', 'company.operator');
  const queue = useQueue(request.data?.queue ?? '');
  return (
    <QueryState of={request} isPage back={{ href: '/requests', title: t('back') }}>
      {(data) => (
        <>
          <PageHeader
            title={data.externalId ?? id}
            lead={queue === undefined ? undefined : longName(queue.serviceClass)}
            back={{ href: `/requests?queue=${data.queue}&round=${data.round ?? 0}`, title: t('back') }}
            status={<StatusBadge state={data.state} states={REQUEST_STATES} />}
            actions={mayAct && <Actions request={data} currency={queue?.currency ?? 'USD'} />}
          />
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 8 }}>
              <Stack gap="xl">
                <Outcome request={data} />
                <Words key={data.id} request={data.id} />
                <Thread request={data.id} />
                <AccessLog request={data.id} />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4 }}>
              <Stack gap="lg">
                <Facts request={data} />
                <Cost request={data} queue={queue} />
                <Paper p="md">
                  <History request={data.id} />
                </Paper>
                <ReceiptOf request={data.id} isSettled={data.state === 'settled'} />
              </Stack>
            </Grid.Col>
          </Grid>
        </>
      )}
    </QueryState>
  );
}

function Outcome({ request: { outcome } }: { request: RequestView }) {
  if (outcome === null) return null;
  return (
    <section>
      <Title order={2} mb="xs">
        {t('outcome.title')}
      </Title>
      <Text>
        <Text span fw={600}>
          {outcomeText(outcome.code)}.
        </Text>{' '}
        {outcome.summary}
      </Text>
    </section>
  );
}
