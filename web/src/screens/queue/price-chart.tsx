/** What a resolution cost together and alone, round by round. */
import { Text } from '@mantine/core';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { LineChart } from '../../ui/charts.tsx';
import { moneyText, percentText } from '../../ui/format.ts';
import { Money } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

export function PriceChart({ rounds, currency }: { rounds: readonly PublicRound[]; currency: string }) {
  const points = rounds
    .flatMap(({ round, averagePriceMicros: together, averageStandaloneMicros: alone }) =>
      together === null ? [] : [{ round: `${round}`, together, alone }],
    )
    .reverse();
  const last = points.at(-1);
  if (last === undefined) return <Text c="dimmed">{t('price.none')}</Text>;
  const alone = last.alone ?? last.together;
  const saved = alone === 0 ? 0 : Math.floor(((alone - last.together) / alone) * 10_000);
  return (
    <ChartFrame
      title={t('price.chart')}
      summary={t('price.summary', {
        price: moneyText(last.together, currency),
        alone: moneyText(alone, currency),
        saving: percentText(saved),
      })}
      table={{
        head: [t('rounds.round'), t('price.together'), t('price.alone')],
        rows: points.map(({ round, together, alone: byItself }) => [
          round,
          <Money key="together" micros={together} currency={currency} exact />,
          <Money key="alone" micros={byItself} currency={currency} exact />,
        ]),
      }}
    >
      <LineChart
        h={240}
        data={points}
        dataKey="round"
        series={[
          { name: 'alone', label: t('price.alone'), color: 'gray.6', strokeDasharray: '4 4' },
          { name: 'together', label: t('price.together'), color: 'var(--mantine-color-anchor)' },
        ]}
        curveType="linear"
        withLegend
        xAxisProps={{ tickFormatter: (round: string) => `${t('rounds.round')} ${round}` }}
        yAxisProps={{ width: 70 }}
        valueFormatter={(micros) => moneyText(micros, currency)}
      />
    </ChartFrame>
  );
}
