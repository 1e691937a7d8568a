/** The price of a bid over its awarded volume, in steps. */
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { LineChart } from '../../ui/charts.tsx';
import { moneyText, shortCountText } from '../../ui/format.ts';
import { Count, Money } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { curveOf } from './tiers.ts';

const MICROS = 1_000_000;
type Tier = { minVolume: number; priceMicros: number };

export function PriceCurve({
  tiers,
  capacity,
  currency,
}: {
  tiers: readonly Tier[];
  capacity: number;
  currency: string;
}) {
  const points = curveOf(tiers, capacity);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const price = (micros: number) => moneyText(micros, currency);
  const values = { first: price(first.priceMicros), last: price(last.priceMicros), capacity };
  return (
    <ChartFrame
      title={t('curve.title')}
      summary={t(first.priceMicros === last.priceMicros ? 'curve.flat' : 'curve.summary', values)}
      heightPx={200}
      table={{
        head: [t('curve.volume'), t('curve.price')],
        rows: points.map(({ volume, priceMicros }) => [
          <Count key="volume" value={volume} />,
          <Money key="price" micros={priceMicros} currency={currency} exact />,
        ]),
      }}
    >
      <LineChart
        h={200}
        data={points.map(({ volume, priceMicros }) => ({ volume, price: priceMicros / MICROS }))}
        dataKey="volume"
        series={[{ name: 'price', label: t('curve.price'), color: 'ink.6' }]}
        curveType="stepAfter"
        xAxisProps={{ type: 'number', domain: [0, capacity], tickFormatter: (value) => shortCountText(Number(value)) }}
        yAxisProps={{ domain: [0, 'auto'], width: 64 }}
        valueFormatter={(value) => price(Math.round(value * MICROS))}
        strokeWidth={2}
      />
    </ChartFrame>
  );
}
