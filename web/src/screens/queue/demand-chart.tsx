/** What a queue brings week by week and what it will bring; for who is not signed in what its rounds brought. */
import { Text } from '@mantine/core';
import type { QueueDemand } from '../../../../shared/demand/demand.ts';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import { useRead } from '../../api/use-api.ts';
import { useSession } from '../../auth/session.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart, CompositeChart } from '../../ui/charts.tsx';
import { countText, dateText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { Count } from '../../ui/values.tsx';
import { weekPoints } from './demand-series.ts';
import { t } from './messages.en.ts';

const ACCENT = 'var(--mantine-color-anchor)';

export function DemandChart({ queue, rounds }: { queue: string; rounds: readonly PublicRound[] }) {
  const session = useSession();
  // Only who acts for an organisation may read the weeks.
  if (session.status === 'in' && session.organisation !== null) return <Weeks queue={queue} rounds={rounds} />;
  return (
    <>
      <ByRound rounds={rounds} />
      <Text size="sm" c="dimmed" mt="xs">
        {t('demand.signIn')}
      </Text>
    </>
  );
}

function Weeks({ queue, rounds }: { queue: string; rounds: readonly PublicRound[] }) {
  const demand = useRead('/v1/queues/{queue}/demand', { path: { queue } });
  return (
    <QueryState of={demand}>
      {(data) =>
        data.history.some(({ requests }) => requests !== null) ? (
          <WeekChart demand={data} />
        ) : (
          <ByRound rounds={rounds} />
        )
      }
    </QueryState>
  );
}

const CAME = { name: 'requests', type: 'line', color: ACCENT, label: t('demand.requests') } as const;
const RANGE = { name: 'range', type: 'area', color: 'gray.5', label: t('demand.range') } as const;
const EXPECTED = {
  name: 'expected',
  type: 'line',
  color: ACCENT,
  strokeDasharray: '4 4',
  label: t('demand.expected'),
} as const;

const shortDate = (iso: string): string =>
  new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.parse(iso));

function WeekChart({ demand }: { demand: QueueDemand }) {
  const points = weekPoints(demand);
  const [next] = demand.forecast ?? [];
  const summary =
    next === undefined
      ? t('demand.summary', { weeks: demand.history.length })
      : t('demand.summary.forecast', {
          weeks: demand.history.length,
          expected: Math.round(next.expected),
          low: next.low,
          high: next.high,
        });
  return (
    <>
      <ChartFrame
        title={t('demand.chart')}
        summary={summary}
        table={{
          head: [t('demand.week'), t('demand.requests'), t('demand.expected'), t('demand.range')],
          rows: points.map(({ weekStartsAt, requests, expected, range }) => [
            dateText(Date.parse(weekStartsAt), { zone: 'UTC' }),
            requests === null && expected === null ? t('demand.hidden') : <Count key="requests" value={requests} />,
            <Count key="expected" value={requests === null ? expected : null} />,
            range === null || requests !== null ? '' : `${countText(range[0])} – ${countText(range[1])}`,
          ]),
        }}
      >
        <CompositeChart
          h={240}
          data={points}
          dataKey="weekStartsAt"
          series={next === undefined ? [CAME] : [RANGE, CAME, EXPECTED]}
          curveType="linear"
          withDots={false}
          withLegend
          connectNulls={false}
          xAxisProps={{ tickFormatter: shortDate, minTickGap: 24 }}
          valueFormatter={(value) => rangeOrCount(value)}
          tooltipProps={{ labelFormatter: (label) => (typeof label === 'string' ? shortDate(label) : '') }}
        />
      </ChartFrame>
      {demand.remark !== null && (
        <Text size="sm" c="dimmed" mt="xs">
          {demand.remark}
        </Text>
      )}
    </>
  );
}

/** The library's types know numbers only; a range is a pair. */
const rangeOrCount = (value: unknown): string =>
  Array.isArray(value) ? value.map((end) => countText(Number(end))).join(' – ') : countText(Number(value));

function ByRound({ rounds }: { rounds: readonly PublicRound[] }) {
  const points = rounds
    .flatMap(({ round, figures }) =>
      figures === null ? [] : [{ round: `${round}`, committed: figures.committed, awarded: figures.awarded }],
    )
    .reverse();
  if (points.length === 0) return <Text c="dimmed">{t('demand.none')}</Text>;
  return (
    <ChartFrame
      title={t('demand.rounds')}
      summary={t('demand.rounds.summary')}
      table={{
        head: [t('rounds.round'), t('rounds.awarded')],
        rows: points.map(({ round, awarded }) => [round, <Count key="awarded" value={awarded} />]),
      }}
    >
      <BarChart
        h={240}
        data={points}
        dataKey="round"
        series={[{ name: 'awarded', label: t('rounds.awarded'), color: ACCENT }]}
        maxBarWidth={48}
        xAxisProps={{ tickFormatter: (round: string) => `${t('rounds.round')} ${round}` }}
        valueFormatter={countText}
      />
    </ChartFrame>
  );
}
