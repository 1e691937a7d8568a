/** Where an organisation tries everything out: its people here, its programs with a sandbox key. */
import { Alert, Button, Grid, Stack, Text } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useAct, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone, sayFailed } from '../../ui/toast.tsx';
import { callsFor } from './call.ts';
import { CompanySandbox } from './company.tsx';
import { SandboxKeys } from './keys.tsx';
import { t } from './messages.en.ts';
import { ProviderSandbox } from './provider.tsx';

const BADGE = { practice: { text: t('badge'), tone: 'warning' } } as const;

export default function SandboxPage() {
  const provides = useMay('provider.admin', 'provider.agent');
  const sandbox = useRead('/v1/sandbox');
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        status={<StatusBadge state="practice" states={BADGE} />}
        actions={
          <LinkButton variant="default" href="/sandbox/month">
            {t('month')}
          </LinkButton>
        }
      />
      <Alert variant="default" icon={<IconFlask />} title={t('notice.title')} mb="lg">
        {t(provides ? 'notice.provider' : 'notice.company')}
      </Alert>
      <QueryState of={sandbox}>
        {({ isOpen, organisation, queue, round }) =>
          isOpen ? <Opened shadow={organisation} queue={queue} round={round} provides={provides} /> : <Closed />
        }
      </QueryState>
    </>
  );
}

function Closed() {
  const open = useAct('post', '/v1/sandbox');
  const start = async () => {
    try {
      await open.mutateAsync({});
      sayDone(t('opened'));
    } catch (error) {
      sayFailed(t('open'), error);
    }
  };
  return (
    <Empty title={t('open.title')} text={t('open.text')}>
      <Button loading={open.isPending} onClick={() => void start()}>
        {t('open')}
      </Button>
    </Empty>
  );
}

export type World = { shadow: string; queue: string; round: number };

function Opened({ provides, shadow, queue, round }: World & { provides: boolean }) {
  const calls = useMemo(() => callsFor(shadow), [shadow]);
  const isAdmin = useMay('company.admin', 'provider.admin');
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: isAdmin ? 8 : 12 }}>
        <Stack gap="lg">
          {provides ? <ProviderSandbox calls={calls} /> : <CompanySandbox calls={calls} queue={queue} round={round} />}
          <Text size="xs" c="dimmed">
            {t('queue', { queue })}
          </Text>
        </Stack>
      </Grid.Col>
      {isAdmin && (
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <SandboxKeys provides={provides} queue={queue} />
        </Grid.Col>
      )}
    </Grid>
  );
}
