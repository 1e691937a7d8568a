/** What `charts.tsx` loads: the library and its styles. */
import '@mantine/charts/styles.layer.css';
import * as charts from '@mantine/charts';
import type { ComponentProps } from 'react';

/**
 * The picture is for eyes: who cannot see it reads its table, and the keyboard has nothing to do in it. There is room
 * around it, so that no mark at its edge is cut.
 */
const PLAIN = { accessibilityLayer: false, margin: { top: 12, right: 12, bottom: 4, left: 4 } };
/** All marks, at even steps: the library leaves some out though there is room. */
const EVEN = { interval: 0 } as const;

export const AreaChart = ({ areaChartProps, yAxisProps, ...rest }: ComponentProps<typeof charts.AreaChart>) => (
  <charts.AreaChart
    {...rest}
    yAxisProps={{ ...EVEN, ...yAxisProps }}
    areaChartProps={{ ...PLAIN, ...areaChartProps }}
  />
);
export const BarChart = ({ barChartProps, yAxisProps, ...rest }: ComponentProps<typeof charts.BarChart>) => (
  <charts.BarChart {...rest} yAxisProps={{ ...EVEN, ...yAxisProps }} barChartProps={{ ...PLAIN, ...barChartProps }} />
);
export const LineChart = ({ lineChartProps, yAxisProps, ...rest }: ComponentProps<typeof charts.LineChart>) => (
  <charts.LineChart
    {...rest}
    yAxisProps={{ ...EVEN, ...yAxisProps }}
    lineChartProps={{ ...PLAIN, ...lineChartProps }}
  />
);
export const CompositeChart = ({
  composedChartProps,
  yAxisProps,
  ...rest
}: ComponentProps<typeof charts.CompositeChart>) => (
  <charts.CompositeChart
    {...rest}
    yAxisProps={{ ...EVEN, ...yAxisProps }}
    composedChartProps={{ ...PLAIN, ...composedChartProps }}
  />
);
export const Sparkline = charts.Sparkline;
