/** The turns one holds, the earliest deadline first, each with its two clocks. */
import { Text, UnstyledButton } from '@mantine/core';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { Countdown, useSeconds } from '../../ui/countdown.tsx';
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx';
import { TimeLeft } from '../../ui/values.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import classes from './desk.module.css';
import { t } from './messages.en.ts';
import { type Urgency, urgencyOf } from './order.ts';

export const URGENCIES: Readonly<Record<Urgency | 'idle', { text: string; tone: Tone }>> = {
  late: { text: t('held.late'), tone: 'bad' },
  ending: { text: t('held.ending'), tone: 'bad' },
  soon: { text: t('held.soon'), tone: 'warning' },
  calm: { text: t('held.calm'), tone: 'good' },
  idle: { text: t('held.idle'), tone: 'warning' },
};

type Props = {
  turns: readonly LeaseView[];
  open: string;
  idle: ReadonlySet<string>;
  others: number;
  onOpen: (id: string) => void;
};

export function Held({ turns, open, idle, others, onOpen }: Props) {
  const now = useSeconds();
  const names = new Map(useQueueList().map((queue) => [queue.id, longName(queue.serviceClass)]));
  return (
    <nav aria-label={t('held.title')} className={classes.held}>
      <Text fw={600} size="sm">
        {t('held.title')}{' '}
        <Text span c="dimmed" size="sm" fw={400}>
          {t('held.count', { count: turns.length })}
        </Text>
      </Text>
      <ul className={classes.list}>
        {turns.map((turn) => {
          const urgency = urgencyOf(turn, now);
          return (
            <li key={turn.id}>
              <UnstyledButton
                className={classes.turn}
                onClick={() => onOpen(turn.id)}
                {...(turn.id === open ? { 'aria-current': 'true' as const } : {})}
              >
                <Text size="sm" fw={600} lineClamp={2}>
                  {names.get(turn.queue) ?? turn.queue}
                </Text>
                <div className={classes.clocks}>
                  <StatusBadge state={urgency === 'calm' && idle.has(turn.id) ? 'idle' : urgency} states={URGENCIES} />
                  <Text size="xs" c="dimmed" component="span">
                    {t('held.deadline')} <TimeLeft iso={turn.deadline} />
                  </Text>
                  <Text size="xs" c="dimmed" component="span">
                    {t('held.lease')} <Countdown iso={turn.leaseUntil} over={t('held.leaseOver')} />
                  </Text>
                </div>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
      {others > 0 && (
        <Text size="xs" c="dimmed">
          {t('held.others', { count: others })}
        </Text>
      )}
    </nav>
  );
}
