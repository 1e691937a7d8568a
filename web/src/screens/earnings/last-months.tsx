/** The last months side by side: what of each is pending, confirmed, posted. */
import { Paper } from '@mantine/core';
import { useEach } from '../../api/use-each.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart } from '../../ui/charts.tsx';
import { moneyText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { Money } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { mainCurrency, stacksOf, totalOf } from './stacks.ts';

const MICROS = 1_000_000;

export function LastMonths({ months }: { months: readonly string[] }) {
  const each = useEach(
    '/v1/earnings',
    months.map((month) => ({ query: { month } })),
  );
  const currency = each.data === null ? undefined : mainCurrency(each.data);
  if (each.data === null || currency === undefined) return null;
  const stacks = stacksOf(each.data, currency);
  const money = (micros: number) => moneyText(micros, currency);
  return (
    <Paper p="md">
      <ChartFrame
        title={t('chart.title')}
        summary={t('chart.summary', { total: money(totalOf(stacks)) })}
        table={{
          head: [t('chart.month'), t('pending'), t('confirmed'), t('posted')],
          rows: stacks.map(({ month, pending, confirmed, posted }) => [
            monthText(month),
            <Money key="pending" micros={pending} currency={currency} />,
            <Money key="confirmed" micros={confirmed} currency={currency} />,
            <Money key="posted" micros={posted} currency={currency} />,
          ]),
        }}
      >
        <BarChart
          h={240}
          type="stacked"
          data={stacks.map(({ month, pending, confirmed, posted }) => ({
            month: monthText(month),
            posted: posted / MICROS,
            confirmed: confirmed / MICROS,
            pending: pending / MICROS,
          }))}
          dataKey="month"
          series={[
            { name: 'posted', label: t('posted'), color: 'ink.8' },
            { name: 'confirmed', label: t('confirmed'), color: 'ink.5' },
            { name: 'pending', label: t('pending'), color: 'ink.2' },
          ]}
          valueFormatter={(value) => money(Math.round(value * MICROS))}
          withLegend
          yAxisProps={{ width: 72 }}
        />
      </ChartFrame>
    </Paper>
  );
}
