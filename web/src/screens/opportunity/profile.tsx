/** The hours of the week in which a queue brings what it brings. */
import { Paper } from '@mantine/core';
import type { QueueDemand } from '../../../../shared/demand/demand.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart } from '../../ui/charts.tsx';
import { Count } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { busiestHour, dayName, hourName } from './weeks.ts';

export function Profile({ profile }: { profile: NonNullable<QueueDemand['profile']> }) {
  const busiest = busiestHour(profile);
  return (
    <Paper p="md">
      <ChartFrame
        title={t('profile.title')}
        summary={t('profile.summary', { day: dayName(busiest), hour: hourName(busiest) })}
        heightPx={180}
        table={{
          head: [t('profile.hour'), t('demand.expected'), t('demand.low'), t('demand.high')],
          rows: profile.map(({ hour, expected, low, high }) => [
            `${dayName(hour)} ${hourName(hour)}`,
            <Count key="expected" value={expected} />,
            <Count key="low" value={low} />,
            <Count key="high" value={high} />,
          ]),
        }}
      >
        <BarChart
          h={180}
          data={profile.map(({ hour, expected }) => ({ hour: `${dayName(hour)} ${hourName(hour)}`, expected }))}
          dataKey="hour"
          series={[{ name: 'expected', label: t('demand.expected'), color: 'ink.6' }]}
          xAxisProps={{ interval: 23 }}
          yAxisProps={{ width: 44 }}
          barProps={{ isAnimationActive: false }}
        />
      </ChartFrame>
    </Paper>
  );
}
