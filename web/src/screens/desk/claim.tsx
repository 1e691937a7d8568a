/** Claims what is due first, once or until something comes; says why there is nothing. */
import { Button, Group, Kbd, Menu, Switch, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';
import { KEYS } from './shortcuts.ts';

const SOME = 5;

export type Claiming = {
  claim: (how?: { max?: number; queue?: string }) => void;
  isClaiming: boolean;
  /** Why the last claim found nothing; null otherwise. */
  reason: 'nothing_waits' | 'offline' | 'outside_hours' | 'at_capacity' | null;
  error: unknown;
  keepsAsking: boolean;
  setKeepsAsking: (on: boolean) => void;
};

/** `onGot` is told the first turn that came. While it keeps asking it does so as often as the market says, until something comes. */
export function useClaim(onGot: (lease: string) => void): Claiming {
  const act = useAct('post', '/v1/claims', {
    onSuccess: ({ work }) => work.length > 0 && sayDone(t('claim.got', { count: work.length })),
  });
  const [keepsAsking, setKeepsAsking] = useState(false);
  const claim = ({ max = 1, queue }: { max?: number; queue?: string } = {}) => {
    if (act.isPending) return;
    act.mutate(
      { body: { max, ...(queue === undefined ? {} : { queues: [queue] }) } },
      {
        onSuccess: ({ work }) => {
          const first = work[0];
          if (first === undefined) return;
          onGot(first.lease.id);
          setKeepsAsking(false);
        },
      },
    );
  };
  const { data, submittedAt } = act;
  const waitMs = data?.work.length === 0 ? data.retryAfterMs : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer starts one wait
  useEffect(() => {
    if (!keepsAsking || waitMs === null) return undefined;
    const timer = setTimeout(() => claim(), Math.max(1_000, waitMs));
    return () => clearTimeout(timer);
  }, [keepsAsking, waitMs, submittedAt]);
  return {
    claim,
    isClaiming: act.isPending && !keepsAsking,
    reason: data?.reason ?? null,
    error: act.error,
    keepsAsking,
    setKeepsAsking: (on) => {
      setKeepsAsking(on);
      if (on) claim();
    },
  };
}

export function ClaimButtons({ claiming, isDisabled }: { claiming: Claiming; isDisabled: boolean }) {
  const lanes = useRead('/v1/lanes').data?.items ?? [];
  const names = new Map(useQueueList().map((queue) => [queue.id, longName(queue.serviceClass)]));
  const queues = [...new Set(lanes.filter(({ standing }) => standing === 'open').map(({ queue }) => queue))];
  const { claim, isClaiming, keepsAsking, setKeepsAsking } = claiming;
  return (
    <Group gap="xs">
      <Button.Group>
        <WhyNot why={isDisabled ? t('claim.offline') : null}>
          <Button onClick={() => claim()} loading={isClaiming} rightSection={<Kbd>{KEYS.claim}</Kbd>}>
            {t('claim.next')}
          </Button>
        </WhyNot>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button
              px={8}
              aria-label={t('claim.more')}
              disabled={isDisabled}
              title={isDisabled ? t('claim.offline') : undefined}
            >
              <IconChevronDown size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => claim({ max: SOME })}>{t('claim.some', { max: SOME })}</Menu.Item>
            {queues.length > 1 && <Menu.Label>{t('claim.queue')}</Menu.Label>}
            {queues.length > 1 &&
              queues.map((queue) => (
                <Menu.Item key={queue} onClick={() => claim({ queue })}>
                  {names.get(queue) ?? queue}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      <Switch
        label={t('claim.keepAsking')}
        checked={keepsAsking}
        disabled={isDisabled}
        onChange={(event) => setKeepsAsking(event.currentTarget.checked)}
      />
    </Group>
  );
}

/** Why nothing came. */
export function ClaimAnswer({ claiming }: { claiming: Claiming }) {
  const { reason, error, keepsAsking } = claiming;
  return (
    <div role="status">
      <ProblemAlert error={error} />
      {reason !== null && (
        <Text size="sm" c="dimmed">
          {keepsAsking && reason === 'nothing_waits' ? t('claim.asking') : t(`claim.${reason}`)}
        </Text>
      )}
    </div>
  );
}
