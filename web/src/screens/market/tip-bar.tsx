/** How far the pool is from its next lower price: `1,240 more resolutions → $1.62`. */
import { Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { absoluteText, moneyText } from '../../ui/format.ts';
import classes from './market.module.css';
import { t } from './messages.en.ts';
import { type Tip, tipOfFeedback } from './tip.ts';

type Props = { tip: Tip; currency: string; note: string };

export function TipBar({ tip, currency, note }: Props) {
  const price = moneyText(tip.priceMicros, currency, { exact: true });
  const label = t('tip.label', { committed: tip.committed, volume: tip.volume });
  return (
    <div className={classes.tipBar} title={`${label}. ${t('tip.outline')}`}>
      <Text size="sm" className={classes.tip}>
        {t('tip.missing', { count: tip.missing, price })}
      </Text>
      <Progress.Root size={6} my={4} maw={220} ml="auto">
        <Progress.Section value={tip.shareBps / 100} aria-label={label} />
      </Progress.Root>
      <Text size="xs" c="dimmed" className={classes.tip}>
        {tip.nowMicros === null
          ? note
          : t('tip.instead', { price: moneyText(tip.nowMicros, currency, { exact: true }), note })}
      </Text>
    </div>
  );
}

export function NoTip() {
  return (
    <Text size="sm" c="dimmed" title={t('tip.none.title')}>
      {t('tip.none')}
    </Text>
  );
}

/** The tip of the open round, as a company that has committed to it is told; `otherwise` until there is one. */
export function OwnTip({
  queue,
  round,
  currency,
  otherwise,
}: {
  queue: string;
  round: number;
  currency: string;
  otherwise: ReactNode;
}) {
  const feedback = useRead('/v1/queues/{queue}/rounds/{round}/feedback', { path: { queue, round } });
  const tip = feedback.data === undefined ? null : tipOfFeedback(feedback.data);
  if (tip === null) return otherwise;
  return (
    <TipBar
      tip={tip}
      currency={currency}
      note={`${t('tip.round', { round })}, ${t('tip.now', { time: absoluteText(Date.parse(tip.asOf)) })}`}
    />
  );
}
