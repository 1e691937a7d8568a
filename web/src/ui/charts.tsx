/** The charts, in a part of the app that loads with the first of them. Use them inside a `ChartFrame`. */
import { type ComponentProps, lazy } from 'react';
import type * as Charts from './charts-loaded.tsx';

const load = () => import('./charts-loaded.tsx');

export const AreaChart = lazy(async () => ({ default: (await load()).AreaChart }));
export const BarChart = lazy(async () => ({ default: (await load()).BarChart }));
export const LineChart = lazy(async () => ({ default: (await load()).LineChart }));
export const CompositeChart = lazy(async () => ({ default: (await load()).CompositeChart }));
export const Sparkline = lazy(async () => ({ default: (await load()).Sparkline }));

export type AreaChartProps = ComponentProps<typeof Charts.AreaChart>;
export type LineChartProps = ComponentProps<typeof Charts.LineChart>;
