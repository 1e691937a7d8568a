/** What a queue brings: its weeks, the coming ones with their range, and the hours of the week. */
import { Paper, Stack } from '@mantine/core';
import type { QueueDemand } from '../../../../shared/demand/demand.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart, CompositeChart } from '../../ui/charts.tsx';
import { dateText } from '../../ui/format.ts';
import { Empty } from '../../ui/states.tsx';
import { Count } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { busiestHour, dayName, hourName, weeksOf } from './weeks.ts';

export function Demand({ demand }: { demand: QueueDemand }) {
  const weeks = weeksOf(demand);
  const known = demand.history.filter(({ requests }) => requests !== null);
  if (known.length === 0) return <Empty title={t('demand.none')} text={demand.remark ?? t('demand.none.text')} />;
  const values = { count: known.length, last: known.at(-1)!.requests ?? 0, remark: demand.remark ?? '' };
  return (
    <Stack>
      <Paper p="md">
        <ChartFrame
          title={t('demand.title')}
          summary={t(demand.forecast === null ? 'demand.summary.noForecast' : 'demand.summary', values)}
          table={{
            head: [t('demand.week'), t('demand.requests'), t('demand.expected'), t('demand.low'), t('demand.high')],
            rows: weeks.map((week) => [
              dateText(Date.parse(week.startsAt)),
              <Count key="requests" value={week.requests} />,
              <Count key="expected" value={week.expected} />,
              <Count key="low" value={week.range?.[0] ?? null} />,
              <Count key="high" value={week.range?.[1] ?? null} />,
            ]),
          }}
        >
          <CompositeChart
            h={240}
            data={weeks.map((week) => ({ ...week, week: dateText(Date.parse(week.startsAt)) }))}
            dataKey="week"
            series={[
              { name: 'requests', label: t('demand.requests'), color: 'ink.6', type: 'bar' },
              { name: 'range', label: `${t('demand.low')} – ${t('demand.high')}`, color: 'ink.3', type: 'area' },
              { name: 'expected', label: t('demand.expected'), color: 'teal.7', type: 'line' },
            ]}
            curveType="linear"
            withDots={false}
            yAxisProps={{ width: 44 }}
            xAxisProps={{ minTickGap: 40 }}
          />
        </ChartFrame>
      </Paper>
      {demand.profile !== null && <Profile profile={demand.profile} />}
    </Stack>
  );
}

function Profile({ profile }: { profile: NonNullable<QueueDemand['profile']> }) {
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
