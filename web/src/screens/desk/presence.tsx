/** Whether one is given work: goes offline, with what is held handed back or finished, and comes back. */
import { Badge, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useSignedIn } from '../../auth/session.ts';
import { t as common } from '../../messages/en.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { absoluteText } from '../../ui/format.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { t } from './messages.en.ts';

type Held = 'return' | 'keep';

/** Goes offline oneself; those who hold thousands are handed back in several goes. Answers how many were. */
async function leaveLine(held: Held): Promise<number> {
  let returned = 0;
  for (;;) {
    const went = await call('post', '/v1/offline', { body: { agent: 'me', held } });
    returned += went.returned;
    if (went.complete) return returned;
  }
}

/** Hands all back and comes back online, so that the next visit finds nothing changed. */
export async function handAllBack(): Promise<void> {
  await leaveLine('return');
  await call('post', '/v1/online', { body: { agent: 'me' } });
}

export type Presence = { isOnline: boolean; wholeSince: string | null };

export function usePresence(): Presence {
  const { user } = useSignedIn();
  const { data } = useRead('/v1/availability');
  const isAgentOff = data?.offlineAgents.some(({ agent }) => agent === user) ?? false;
  const wholeSince = data?.offlineSince ?? null;
  return { isOnline: !isAgentOff && wholeSince === null, wholeSince };
}

export function PresenceButton({ presence, held, reload }: { presence: Presence; held: number; reload: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const comeOnline = useAct('post', '/v1/online');
  const { isOnline, wholeSince } = presence;
  return (
    <Group gap="xs">
      <Badge color={isOnline ? 'green' : 'gray'} className={isOnline ? 'badge-good' : 'badge-neutral'}>
        {t(isOnline ? 'online' : 'offline')}
      </Badge>
      {wholeSince !== null ? (
        <Text size="sm" c="dimmed">
          {t('go.whole', { time: absoluteText(Date.parse(wholeSince)) })}
        </Text>
      ) : isOnline ? (
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('go.offline')}
        </Button>
      ) : (
        <ActButton
          label={t('go.online')}
          variant="default"
          act={() => comeOnline.mutateAsync({ body: { agent: 'me' } })}
          done={t('go.back')}
        />
      )}
      <GoOffline isOpen={isAsking} held={held} onClose={() => setAsking(false)} reload={reload} />
    </Group>
  );
}

function GoOffline(props: { isOpen: boolean; held: number; onClose: () => void; reload: () => void }) {
  const { isOpen, held, onClose, reload } = props;
  const [what, setWhat] = useState<Held>('return');
  const [isActing, setActing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    setActing(true);
    setError(null);
    try {
      const count = await leaveLine(what);
      sayDone(what === 'keep' && held > 0 ? t('go.kept') : t('go.done', { count }));
      reload();
      onClose();
    } catch (refusal) {
      setError(refusal);
    }
    setActing(false);
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('go.title')}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      <Stack>
        <Text size="sm">{t('go.text', { count: held })}</Text>
        {held > 0 && (
          <Radio.Group value={what} onChange={(value) => setWhat(value as Held)} aria-label={t('go.title')}>
            <Stack gap="xs">
              <Radio value="return" label={t('go.return')} description={t('go.return.hint')} />
              <Radio value="keep" label={t('go.keep')} />
            </Stack>
          </Radio.Group>
        )}
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common('confirm.cancel')}
          </Button>
          <Button onClick={() => void go()} loading={isActing}>
            {t('go.offline')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
