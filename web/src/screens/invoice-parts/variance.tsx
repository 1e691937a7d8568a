/** Why an invoice differs from the month before, step by step. */
import type { Variance } from '../../../../shared/invoice/variance.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart } from '../../ui/charts.tsx';
import { axisMoney, moneyText } from '../../ui/format.ts';
import { Money } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { type Step, stepsOf } from './variance-steps.ts';

const UNIT = 1_000_000;

export function VarianceChart({ of, currency }: { of: Variance; currency: string }) {
  const steps = stepsOf(of);
  const money = (micros: number) => moneyText(micros, currency);
  const change = of.afterMicros - of.beforeMicros;
  const changed = change === 0 ? 'variance.same' : change > 0 ? 'variance.more' : 'variance.less';
  return (
    <ChartFrame
      title={t('variance.title')}
      summary={t('variance.summary', {
        before: money(of.beforeMicros),
        after: money(of.afterMicros),
        change: t(changed, { amount: money(Math.abs(change)) }),
      })}
      table={{
        head: [t('variance.step'), t('variance.amount'), t('variance.meaning')],
        rows: steps.map(({ name, micros }) => [
          t(`variance.${name}`),
          <Money key={name} micros={micros} currency={currency} />,
          t(`variance.${name}.text`),
        ]),
      }}
    >
      <BarChart
        h={240}
        data={steps.map((step) => ({ step: t(`variance.${step.name}`), ...bars(step) }))}
        dataKey="step"
        type="stacked"
        series={[
          { name: 'under', color: 'transparent' },
          { name: 'total', color: 'ink.5' },
          { name: 'more', color: 'orange.6' },
          { name: 'less', color: 'teal.6' },
        ]}
        valueFormatter={(units) => moneyText(Math.round(units * UNIT), currency)}
        yAxisProps={{ tickFormatter: axisMoney(currency) }}
        withTooltip={false}
        barProps={{ isAnimationActive: false }}
      />
    </ChartFrame>
  );
}

/** In units of the currency: what is left clear under a step's bar, and the bar by what it is. */
function bars({ name, micros, fromMicros, toMicros }: Step) {
  const size = (toMicros - fromMicros) / UNIT;
  const isTotal = name === 'before' || name === 'after';
  return {
    under: fromMicros / UNIT,
    total: isTotal ? size : 0,
    more: !isTotal && micros > 0 ? size : 0,
    less: !isTotal && micros < 0 ? size : 0,
  };
}
