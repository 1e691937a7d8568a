/** A company's home: what is open by deadline, what it costs and saves, how good it is, and what waits for one. */
import { Box, Button, Grid, Stack, Text, Title } from '@mantine/core';
import { useGo } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { useEach } from '../company-parts/each.ts';
import { queuesOf, running, useCommitments } from '../company-parts/own.ts';
import { FiguresRow } from './figures-row.tsx';
import { t } from './messages.en.ts';
import { OpenRequests } from './open-work.tsx';
import { Prices } from './prices.tsx';
import { Missing, Waiting } from './waiting.tsx';

const REFRESH_MS = 30_000;

export default function Home() {
  const go = useGo();
  const mayPost = useMay('company.admin');
  const maySend = useMay('company.admin', 'company.operator');
  const commitments = useCommitments();
  const queues = queuesOf(commitments.items);
  const work = useEach(
    '/v1/queues/{queue}/open-work',
    queues.map((queue) => ({ path: { queue } })),
    { refreshMs: REFRESH_MS },
  );
  const now = running(commitments.items);
  const roundOf = new Map(now.map(({ commitment }) => [commitment.queue, commitment.round]));
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <>
            {mayPost && (
              <Button variant="default" onClick={() => go('/demand/new')}>
                {t('post')}
              </Button>
            )}
            {maySend && <Button onClick={() => go('/requests/new')}>{t('send')}</Button>}
          </>
        }
      />
      <QueryState of={commitments.query}>
        {() => (
          <Box aria-busy={work.isLoading ? true : undefined}>
            <FiguresRow work={work.data ?? []} now={now} />
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 8 }}>
                <Stack gap="lg">
                  <section>
                    <Title order={2}>{t('work.title')}</Title>
                    <Text c="dimmed" size="sm" mb="sm">
                      {t('work.lead')}
                    </Text>
                    <OpenRequests work={work.data ?? []} roundOf={roundOf} />
                  </section>
                  <Prices now={now} />
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 4 }}>
                <Stack gap="lg">
                  <Waiting />
                  <Missing />
                </Stack>
              </Grid.Col>
            </Grid>
          </Box>
        )}
      </QueryState>
    </>
  );
}
