/** A company's home: what is open by deadline, what it costs and saves, how good it is, and what waits for one. */
import { Grid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { running, useCommitments } from '../company-parts/own.ts';
import { Inbox } from '../waiting/inbox.tsx';
import { Missing } from '../waiting/missing.tsx';
import { FiguresRow } from './figures-row.tsx';
import { inboxWords } from './inbox-words.ts';
import { Incidents } from './incidents.tsx';
import { t } from './messages.en.ts';
import { DueNext, OpenByQueue } from './open-work.tsx';
import { Prices } from './prices.tsx';

const REFRESH_MS = 30_000;

export default function Home() {
  const mayPost = useMay('company.admin');
  const maySend = useMay('company.admin', 'company.operator');
  const commitments = useCommitments();
  const work = useRead('/v1/open-work', {}, { refreshMs: REFRESH_MS });
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
              <LinkButton variant="default" href="/demand/new">
                {t('post')}
              </LinkButton>
            )}
            {maySend && <LinkButton href="/requests/new">{t('send')}</LinkButton>}
          </>
        }
      />
      <QueryState of={work}>
        {({ queues, next, isWhole }) => (
          <>
            <FiguresRow work={queues} now={now} />
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 8 }}>
                <Stack gap="lg">
                  <Section title={t('next.title')} lead={t('next.lead')}>
                    <DueNext next={next} />
                  </Section>
                  <Section title={t('work.title')} lead={isWhole ? t('work.lead') : t('work.partly')}>
                    <OpenByQueue work={queues} roundOf={roundOf} />
                  </Section>
                  <Prices now={now} />
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 4 }}>
                <Stack gap="lg">
                  <Incidents />
                  <Inbox words={inboxWords} />
                  <Missing />
                </Stack>
              </Grid.Col>
            </Grid>
          </>
        )}
      </QueryState>
    </>
  );
}

function Section({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <section>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" size="sm" mb="sm">
        {lead}
      </Text>
      {children}
    </section>
  );
}
