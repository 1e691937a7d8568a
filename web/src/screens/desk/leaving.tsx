/** Asks who leaves the desk with turns in hand: away from it nothing keeps them. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import { useNow } from '../../app/market-time.ts';
import { t as common } from '../../messages/en.ts';
import { durationText } from '../../ui/format.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { t } from './messages.en.ts';

export function Leaving({ turns, handBack }: { turns: readonly LeaseView[]; handBack: () => Promise<unknown> }) {
  const now = useNow();
  const [isActing, setActing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const blocker = useBlocker({
    // To another turn of the desk is no leaving.
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname,
    enableBeforeUnload: () => turns.length > 0,
    disabled: turns.length === 0,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  const first = Math.min(...turns.map(({ leaseUntil }) => Date.parse(leaseUntil)));
  const leave = async () => {
    setActing(true);
    setError(null);
    try {
      await handBack();
      blocker.proceed();
    } catch (refusal) {
      setError(refusal);
    }
    setActing(false);
  };
  return (
    <Modal
      opened
      onClose={blocker.reset}
      title={t('leave.title', { count: turns.length })}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      <Stack>
        <Text size="sm">{t('leave.text', { left: durationText(Math.max(0, first - now)) })}</Text>
        <ProblemAlert error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={blocker.proceed}>
            {t('leave.go')}
          </Button>
          <Button variant="default" onClick={() => void leave()} loading={isActing}>
            {t('leave.return')}
          </Button>
          <Button onClick={blocker.reset} data-autofocus>
            {t('leave.stay')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
