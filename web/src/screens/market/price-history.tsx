/** A queue's price round by round, as a line; read when it comes into sight. */
import { Skeleton } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { Suspense } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { useRead } from '../../api/use-api.ts';
import { Sparkline } from '../../ui/charts.tsx';
import { moneyText } from '../../ui/format.ts';
import classes from './market.module.css';
import { t } from './messages.en.ts';
import { classTitle } from './service-class.ts';

const ROUNDS = 12;

export function PriceHistory({ queue }: { queue: PublicQueue }) {
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  return (
    <div ref={ref} className={classes.spark}>
      {inViewport && <Line queue={queue} />}
    </div>
  );
}

function Line({ queue: { id, currency, serviceClass } }: { queue: PublicQueue }) {
  const { data } = useRead('/v1/queues/{queue}/rounds', { path: { queue: id }, query: { limit: ROUNDS } });
  if (data === undefined) return <Skeleton h={28} />;
  const prices = data.items.flatMap(({ averagePriceMicros }) => averagePriceMicros ?? []).reverse();
  if (prices.length < 2) return null;
  const said = prices.map((micros) => moneyText(micros, currency)).join(', ');
  return (
    <div role="img" aria-label={t('history', { queue: classTitle(serviceClass), prices: said })} title={said}>
      <Suspense fallback={<Skeleton h={28} />}>
        <Sparkline
          h={28}
          data={prices}
          curveType="linear"
          fillOpacity={0.12}
          strokeWidth={1.6}
          color="var(--mantine-color-anchor)"
        />
      </Suspense>
    </div>
  );
}
