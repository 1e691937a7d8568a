/** How the price of a round falls with demand: a staircase, with today's demand marked on it. */
import { Skeleton } from '@mantine/core';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { LineChart } from '../../ui/charts.tsx';
import { countText, moneyText } from '../../ui/format.ts';
import { Count, Money } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import type { Proof } from './proof.ts';

type Ladder = NonNullable<Proof['ladder']>;

/** The first larger demand with a lower price, and today's price; null where nobody is served today. */
export function tipOfLadder({ committed, points }: Ladder) {
  const now = points.findLast(({ volume }) => volume <= committed)?.priceMicros ?? null;
  if (now === null) return null;
  const next = points.find(
    ({ volume, priceMicros }) => volume > committed && priceMicros !== null && priceMicros < now,
  );
  return { nowMicros: now, next: next ?? null };
}

export function LadderChart({ ladder, currency }: { ladder: Ladder; currency: string }) {
  const price = (micros: number) => moneyText(micros, currency, { exact: true });
  const tip = tipOfLadder(ladder);
  const told = [
    ...(tip === null ? [] : [t('ladder.summary', { committed: ladder.committed, now: price(tip.nowMicros) })]),
    tip?.next == null
      ? t('ladder.flat')
      : t('ladder.tip', { volume: tip.next.volume, price: price(tip.next.priceMicros ?? 0) }),
  ];
  return (
    <ChartFrame
      title={t('ladder.title')}
      summary={told.join(' ')}
      table={{
        head: [t('ladder.volume'), t('ladder.price')],
        rows: ladder.points.map(({ volume, priceMicros }) => [
          <Count key="volume" value={volume} />,
          priceMicros === null ? (
            t('ladder.none')
          ) : (
            <Money key="price" micros={priceMicros} currency={currency} exact />
          ),
        ]),
      }}
    >
      <LineChart
        h={240}
        data={ladder.points.map(({ volume, priceMicros }) => ({ volume, price: priceMicros }))}
        dataKey="volume"
        series={[{ name: 'price', label: t('ladder.price'), color: 'var(--mantine-color-anchor)' }]}
        curveType="linear"
        withDots
        xAxisProps={{
          type: 'number',
          domain: ['dataMin', 'dataMax'],
          tickFormatter: (volume: number) => countText(volume),
        }}
        yAxisProps={{ domain: ['auto', 'auto'], width: 70 }}
        valueFormatter={(micros) => moneyText(micros, currency)}
        referenceLines={[{ x: ladder.committed, label: countText(ladder.committed), color: 'gray.6' }]}
      />
    </ChartFrame>
  );
}

export const LadderSkeleton = () => <Skeleton h={280} />;
