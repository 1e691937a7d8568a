/** The market's clock on one machine, and how to move it on. */
import { Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconClock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useWhole } from '../api/use-api.ts';
import { t } from '../messages/en.ts';
import { absoluteText, dateText } from '../ui/format.ts';
import { sayDone, sayFailed } from '../ui/toast.tsx';
import { useMarketClock } from './market-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A step works five seconds at the most and is then asked to go on; a month of the demo takes a few. */
const MOST_STEPS = 200;

export function ClockMenu() {
  const clock = useMarketClock();
  const queries = useQueryClient();
  const [isOpen, menu] = useDisclosure(false);
  const [isMoving, setMoving] = useState(false);
  const { data } = useWhole('/v1/queues', { query: { limit: 100 } }, { enabled: isOpen });
  if (clock === undefined) return null;
  const nextRound = (data?.items ?? [])
    .flatMap(({ open }) => (open === null ? [] : [Date.parse(open.startsAt)]))
    .filter((at) => at > clock.now)
    .sort((a, b) => a - b)[0];
  const move = async (toMs: number) => {
    setMoving(true);
    try {
      const to = new Date(toMs).toISOString();
      for (let step = 0; step < MOST_STEPS; step++)
        if ((await call('post', '/v1/test-clock/advance', { body: { to } })).complete) break;
      sayDone(t('clock.moved', { time: absoluteText(toMs) }));
    } catch (error) {
      sayFailed(t('clock.failed'), error);
    }
    setMoving(false);
    await queries.invalidateQueries();
  };
  const time = dateText(clock.now);
  return (
    <Menu position="bottom-end" width={260} shadow="md" opened={isOpen} onChange={menu.toggle}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          loading={isMoving}
          px="xs"
          aria-label={t('clock.label', { time: absoluteText(clock.now) })}
        >
          <IconClock size={16} stroke={1.6} />
          <Text span size="sm" ml={6} className="number" visibleFrom="sm">
            {time}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t('clock.title')}: {absoluteText(clock.now)}.{' '}
          {clock.mode === 'standing' ? t('clock.standing') : t('clock.running')}
        </Menu.Label>
        <Menu.Item onClick={() => void move(clock.now + HOUR)}>{t('clock.hour')}</Menu.Item>
        <Menu.Item onClick={() => void move(clock.now + DAY)}>{t('clock.day')}</Menu.Item>
        {nextRound !== undefined && (
          <Menu.Item onClick={() => void move(nextRound)}>{t('clock.round', { time: dateText(nextRound) })}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
