/** Where a queue's round is: a ring that fills, what is left of it, and when the next one closes. */
import { RingProgress, Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { useNow } from '../../app/market-time.ts';
import { absoluteText, durationText } from '../../ui/format.ts';
import classes from './market.module.css';
import { t } from './messages.en.ts';

export function RoundClock({ queue: { current, open } }: { queue: Pick<PublicQueue, 'current' | 'open'> }) {
  const now = useNow();
  return (
    <div className={classes.clock}>
      {current !== null && <Ring from={current.startsAt} to={current.endsAt} now={now} />}
      <div>
        <Text size="sm" className="number">
          {current === null
            ? t('clock.none')
            : t('clock.running', {
                round: String(current.round),
                left: durationText(Date.parse(current.endsAt) - now),
              })}
        </Text>
        {open !== null && (
          <Text size="xs" c="dimmed" className="number">
            <time dateTime={open.closesAt} title={absoluteText(Date.parse(open.closesAt))}>
              {Date.parse(open.closesAt) > now
                ? t('clock.commit', { left: durationText(Date.parse(open.closesAt) - now) })
                : t('clock.closed')}
            </time>
          </Text>
        )}
      </div>
    </div>
  );
}

function Ring({ from, to, now }: { from: string; to: string; now: number }) {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const share = Math.min(1, Math.max(0, (now - begin) / (end - begin)));
  return (
    <RingProgress
      size={30}
      thickness={4}
      aria-hidden="true"
      sections={[{ value: share * 100, color: 'var(--mantine-color-anchor)' }]}
    />
  );
}
