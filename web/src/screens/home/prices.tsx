/** What a resolution costs now in each queue, beside what it would cost alone. */
import { Paper } from '@mantine/core';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart } from '../../ui/charts.tsx';
import { moneyText } from '../../ui/format.ts';
import { Money } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const MICROS_PER_UNIT = 1_000_000;

export function Prices({ now }: { now: readonly OwnCommitment[] }) {
  const rows = now.flatMap(({ commitment, serviceClass, award }) =>
    award === null || award.awarded === 0 || award.standalonePriceMicros === null
      ? []
      : [
          {
            name: shortName(serviceClass),
            currency: commitment.currency,
            together: award.unitPriceMicros,
            alone: award.standalonePriceMicros,
          },
        ],
  );
  const [first] = rows;
  if (first === undefined) return null;
  const shown = (units: number) => moneyText(Math.round(units * MICROS_PER_UNIT), first.currency);
  return (
    <Paper p="md">
      <ChartFrame
        title={t('prices.title')}
        summary={t('prices.summary', { count: rows.length })}
        heightPx={60 + 56 * rows.length}
        table={{
          head: [t('prices.queue'), t('prices.together'), t('prices.alone')],
          rows: rows.map(({ name, currency, together, alone }) => [
            name,
            <Money key="together" micros={together} currency={currency} exact />,
            <Money key="alone" micros={alone} currency={currency} exact />,
          ]),
        }}
      >
        <BarChart
          h="100%"
          data={rows.map(({ name, together, alone }) => ({
            name,
            [t('prices.together')]: together / MICROS_PER_UNIT,
            [t('prices.alone')]: alone / MICROS_PER_UNIT,
          }))}
          dataKey="name"
          orientation="vertical"
          series={[
            { name: t('prices.together'), color: 'ink.6' },
            { name: t('prices.alone'), color: 'gray.5' },
          ]}
          yAxisProps={{ width: 130 }}
          withLegend
          valueFormatter={shown}
          gridAxis="x"
        />
      </ChartFrame>
    </Paper>
  );
}
