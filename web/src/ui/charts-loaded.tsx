/** What `charts.tsx` loads: the library and its styles. */
import '@mantine/charts/styles.layer.css';

export { AreaChart, BarChart, CompositeChart, LineChart, Sparkline } from '@mantine/charts';
