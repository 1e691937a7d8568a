/** What `charts.tsx` loads: the library and its styles. */
import '@mantine/charts/styles.layer.css';
import * as charts from '@mantine/charts';
import type { ComponentProps } from 'react';

/** The picture is for eyes: who cannot see it reads its table, and the keyboard has nothing to do in it. */
const NO_FOCUS = { accessibilityLayer: false };

export const AreaChart = ({ areaChartProps, ...rest }: ComponentProps<typeof charts.AreaChart>) => (
  <charts.AreaChart {...rest} areaChartProps={{ ...NO_FOCUS, ...areaChartProps }} />
);
export const BarChart = ({ barChartProps, ...rest }: ComponentProps<typeof charts.BarChart>) => (
  <charts.BarChart {...rest} barChartProps={{ ...NO_FOCUS, ...barChartProps }} />
);
export const LineChart = ({ lineChartProps, ...rest }: ComponentProps<typeof charts.LineChart>) => (
  <charts.LineChart {...rest} lineChartProps={{ ...NO_FOCUS, ...lineChartProps }} />
);
export const CompositeChart = ({ composedChartProps, ...rest }: ComponentProps<typeof charts.CompositeChart>) => (
  <charts.CompositeChart {...rest} composedChartProps={{ ...NO_FOCUS, ...composedChartProps }} />
);
export const Sparkline = charts.Sparkline;
