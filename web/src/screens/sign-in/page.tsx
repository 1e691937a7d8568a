/** The way in: people to try out on one machine, the hosted pages elsewhere. */
import { Anchor, Container, Group, Paper, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useConfig } from '../../app/config.ts';
import { useGo, useUrlState } from '../../app/navigate.ts';
import { hasDrafts } from '../../auth/drafts.ts';
import { returnPath } from '../../auth/return-path.ts';
import { useSession } from '../../auth/session.ts';
import { t as common } from '../../messages/en.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { PageSkeleton } from '../../ui/states.tsx';
import { DemoPeople } from './demo-people.tsx';
import { HostedSignIn } from './hosted.tsx';
import { t } from './messages.en.ts';

export default function SignIn() {
  const config = useConfig();
  const session = useSession();
  const go = useGo();
  const [{ to }] = useUrlState({ to: '/' });
  const target = returnPath(to);
  useEffect(() => {
    if (session.status === 'in') go(target, { replace: true });
  }, [session.status, go, target]);
  return (
    <Container size={560} px={0}>
      <Group gap="xs" mb="xl">
        <img src="/icon.svg" alt="" width={28} height={28} />
        <Text fw={650} size="xl">
          {common('app.name')}
        </Text>
      </Group>
      <Paper p={{ base: 'md', sm: 'xl' }}>
        <PageHeader title={t('title')} lead={t('who')} />
        <Stack>
          {hasDrafts() && <Text role="status">{t('kept')}</Text>}
          {config === undefined || session.status === 'starting' ? (
            <PageSkeleton />
          ) : config.signIn.kind === 'development' ? (
            <DemoPeople />
          ) : (
            <HostedSignIn oidc={config.signIn} to={target} />
          )}
        </Stack>
      </Paper>
      <Text mt="md" size="sm">
        <Anchor href="/" underline="always">
          {t('look')}
        </Anchor>
      </Text>
    </Container>
  );
}
