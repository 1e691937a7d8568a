/** The sandbox for programs: how many keys there are, another one, and a call to begin with. */
import { Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useRead } from '../../api/use-api.ts';
import { Go } from '../../ui/go.tsx';
import { NewKey } from '../api-keys/new-key.tsx';
import { t } from './messages.en.ts';

export function SandboxKeys({ provides, queue }: { provides: boolean; queue: string }) {
  const keys = useRead('/v1/api-keys').data?.items ?? [];
  const live = keys.filter(({ sandboxQueue, revokedAt }) => sandboxQueue !== null && revokedAt === null).length;
  const call = provides
    ? `curl -X POST ${location.origin}/v1/claims \\\n  -H "Authorization: Bearer $PARLEY_KEY" \\\n  -H 'content-type: application/json' \\\n  -d '{"max": 1}'`
    : `curl -X POST ${location.origin}/v1/requests \\\n  -H "Authorization: Bearer $PARLEY_KEY" \\\n  -H 'content-type: application/json' \\\n  -d '{"externalId": "try-1", "queue": "${queue}",\n       "customer": "ada@example.com", "text": "Where is it?",\n       "fields": {"sandbox": "resolve"}}'`;
  return (
    <Paper p="md" component="section">
      <Stack gap="sm">
        <Title order={2}>{t('keys.title')}</Title>
        <Text size="sm">{t('keys.text')}</Text>
        <Group justify="space-between">
          <Text size="sm">
            {live > 0 && `${t('keys.count', { count: live })} `}
            <Go href="/api-keys">{t('keys.all')}</Go>
          </Text>
          <NewKey kind={provides ? 'provider' : 'company'} isSandbox label={t('keys.make')} variant="default" />
        </Group>
        <Text size="sm" fw={600}>
          {t('keys.example')}
        </Text>
        <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {call}
        </Code>
      </Stack>
    </Paper>
  );
}
