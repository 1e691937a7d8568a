/** What a month will come to, with its range. */
import type { Forecast } from '../../../../shared/finance-report/forecast.ts';
import { useNow } from '../../app/market-time.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { CompositeChart } from '../../ui/charts.tsx';
import { axisMoney, moneyText } from '../../ui/format.ts';
import { shortMonthText } from '../../ui/months.ts';
import { Money } from '../../ui/values.tsx';
import { t } from './forecast.messages.en.ts';
import { pointsOf } from './forecast-points.ts';
import { forecastSentence } from './forecast-sentence.ts';

export function ForecastChart({ of, what }: { of: Forecast; what: 'charged' | 'earned' }) {
  const { currency } = of;
  const now = useNow();
  const row = (name: string, micros: number) => [name, <Money key={name} micros={micros} currency={currency} />];
  return (
    <ChartFrame
      title={t(`title.${what}`)}
      summary={forecastSentence(of, what)}
      table={{
        head: [t('table.what'), t('table.amount')],
        rows: [
          row(t('table.soFar'), of.soFarMicros),
          row(t('table.expected'), of.expectedMicros),
          row(t('table.from'), of.fromMicros),
          row(t('table.to'), of.toMicros),
          ...of.basis.map(({ period, microsPerDay }) =>
            row(t('table.perDay', { month: shortMonthText(period) }), microsPerDay),
          ),
        ],
      }}
    >
      <CompositeChart
        h={240}
        data={pointsOf(of, now)}
        dataKey="day"
        xAxisProps={{ type: 'number', domain: [0, 'dataMax'], tickFormatter: (day: number) => dayText(of.period, day) }}
        curveType="linear"
        withLegend
        withTooltip={false}
        valueFormatter={(units) => moneyText(Math.round(units * 1_000_000), currency)}
        yAxisProps={{ tickFormatter: axisMoney(currency) }}
        series={[
          { name: 'range', label: t('series.range'), type: 'area', color: 'ink.2' },
          { name: 'soFar', label: t('series.soFar'), type: 'line', color: 'ink.6' },
          { name: 'expected', label: t('series.expected'), type: 'line', color: 'orange.6', strokeDasharray: '6 4' },
        ]}
        areaProps={{ isAnimationActive: false, stroke: 'none', fillOpacity: 0.6 }}
        lineProps={{ isAnimationActive: false }}
      />
    </ChartFrame>
  );
}

/** The date so many days after a month's begin (UTC), in short. */
const dayText = (period: string, day: number): string =>
  new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${period}-01T00:00:00Z`) + day * 86_400_000,
  );
