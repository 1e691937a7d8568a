/** What is open, by how long it has been due: a picture of one party, a table of many. */
import type { AgeBand, AgedRow } from '../../../../shared/finance-report/aged.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart } from '../../ui/charts.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { axisMoney, moneyText } from '../../ui/format.ts';
import { Money } from '../../ui/values.tsx';
import { t } from './aged.messages.en.ts';

const BANDS: readonly AgeBand[] = ['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'];

export function AgedChart({ of, title }: { of: AgedRow; title: string }) {
  const { currency, micros, totalMicros } = of;
  return (
    <ChartFrame
      title={title}
      summary={t('summary', {
        total: moneyText(totalMicros, currency),
        overdue: moneyText(totalMicros - micros.not_due, currency),
      })}
      heightPx={180}
      table={{
        head: [t('band'), t('amount')],
        rows: BANDS.map((band) => [t(band), <Money key={band} micros={micros[band]} currency={currency} />]),
      }}
    >
      <BarChart
        h={180}
        data={BANDS.map((band) => ({ band: t(band), amount: micros[band] / 1_000_000 }))}
        dataKey="band"
        series={[{ name: 'amount', color: 'ink.5' }]}
        valueFormatter={(units) => moneyText(Math.round(units * 1_000_000), currency)}
        yAxisProps={{ tickFormatter: axisMoney(currency) }}
        withTooltip={false}
        barProps={{ isAnimationActive: false }}
      />
    </ChartFrame>
  );
}

export const agedColumns: readonly Column<AgedRow>[] = [
  { key: 'party', header: t('party'), cell: ({ party }) => party },
  ...BANDS.map(
    (band): Column<AgedRow> => ({
      key: band,
      header: t(band),
      isNumber: true,
      cell: ({ micros, currency }) => <Money micros={micros[band]} currency={currency} />,
    }),
  ),
  {
    key: 'total',
    header: t('total'),
    isNumber: true,
    cell: ({ totalMicros, currency }) => <Money micros={totalMicros} currency={currency} />,
  },
];

export const AgedTable = ({ rows, caption }: { rows: readonly AgedRow[]; caption: string }) => (
  <DataTable
    caption={caption}
    columns={agedColumns}
    rows={rows}
    rowKey={({ party, currency }) => `${party} ${currency}`}
  />
);
