/** Whether the organisation is given work, and which of its agents are offline; its admin takes all off or brings back. */
import { type ButtonProps, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { AvailabilityView } from '../../../../shared/dispatch/availability.ts';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { absoluteText } from '../../ui/format.ts';
import { PersonName } from '../../ui/names.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { t } from './messages.en.ts';

export function Presence({ availability }: { availability: AvailabilityView }) {
  const isAdmin = useMay('provider.admin');
  const offline = useAct('post', '/v1/offline');
  const { offlineSince, offlineAgents } = availability;
  const takeOff = async () => {
    let went = await offline.mutateAsync({ body: { held: 'return' } });
    let count = went.returned;
    while (!went.complete) {
      went = await call('post', '/v1/offline', { body: { held: 'return' } });
      count += went.returned;
    }
    sayDone(t('presence.offline.done', { count }));
  };
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('presence.title')}
      </Title>
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm">
            <Text span fw={600}>
              {t('presence.whole')}
            </Text>
            {': '}
            {offlineSince === null
              ? t('presence.online')
              : t('presence.since', { time: absoluteText(Date.parse(offlineSince)) })}
          </Text>
          {isAdmin &&
            (offlineSince === null ? (
              <ConfirmButton
                label={t('presence.offline.do')}
                variant="default"
                title={t('presence.offline.title')}
                consequence={t('presence.offline.text')}
                act={takeOff}
              />
            ) : (
              <Bring of={{}} />
            ))}
        </Group>
        {offlineAgents.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('presence.agents.none')}
          </Text>
        )}
        {offlineAgents.map(({ agent, since }) => (
          <Group key={agent} justify="space-between">
            <Text size="sm">
              <Text span fw={600}>
                <PersonName id={agent} />
              </Text>
              {': '}
              {t('presence.since', { time: absoluteText(Date.parse(since)) })}
            </Text>
            {isAdmin && <Bring of={{ agent }} size="xs" variant="default" />}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

/** All of the organisation, or one agent. */
function Bring({ of, ...button }: { of: { agent?: string } } & Pick<ButtonProps, 'size' | 'variant'>) {
  const online = useAct('post', '/v1/online');
  return (
    <ActButton
      {...button}
      label={t('presence.online.do')}
      act={() => online.mutateAsync({ body: of })}
      done={t('presence.online.done')}
    />
  );
}
