/** One's own record: quality, how it moved, and the evidence of each round. */
import { Paper, Stack, Text, Title } from '@mantine/core';
import type { OwnReputation, ReputationRound } from '../../../../shared/reputation/reputation.ts';
import { useRead } from '../../api/use-api.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { LineChart } from '../../ui/charts.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { dateText, percentText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Count, Percent, When } from '../../ui/values.tsx';
import { QueueName } from '../market-parts/queues.tsx';
import { judgedTurns, meanStars } from './evidence.ts';
import { t } from './messages.en.ts';

const COUNTED = ['confirmed', 'assumed', 'reopened', 'rejected', 'lost', 'escalated'] as const;

const columns: readonly Column<ReputationRound>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueName id={queue} /> },
  { key: 'round', header: t('column.round'), isNumber: true, cell: ({ round }) => <Count value={round} /> },
  { key: 'closed', header: t('column.closed'), cell: ({ closedAt }) => <When iso={closedAt} show="date" /> },
  ...COUNTED.map(
    (key): Column<ReputationRound> => ({
      key,
      header: t(`column.${key}`),
      isNumber: true,
      cell: ({ evidence }) => <Count value={evidence?.[key] ?? null} />,
    }),
  ),
  {
    key: 'stars',
    header: t('column.stars'),
    isNumber: true,
    cell: ({ evidence }) => <Count value={evidence === null ? null : meanStars(evidence)} />,
  },
  {
    key: 'quality',
    header: t('column.quality'),
    isNumber: true,
    cell: ({ qualityBps }) => <Percent bps={qualityBps} />,
  },
];

export default function Performance() {
  const record = useRead('/v1/reputation');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={record}>{(found) => <Record record={found} />}</QueryState>
    </>
  );
}

function Record({ record }: { record: OwnReputation }) {
  const { qualityBps, priorBps, audits, rounds, rule } = record;
  const judged = judgedTurns(rounds);
  return (
    <Stack gap="lg">
      <Figures>
        <Figure name={t('stat.quality')} note={t(qualityBps === null ? 'stat.quality.none' : 'stat.quality.note')}>
          <Percent bps={qualityBps} />
        </Figure>
        <Figure name={t('stat.prior')} note={t('stat.prior.note')}>
          <Percent bps={priorBps} />
        </Figure>
        <Figure name={t('stat.trials')} note={t('stat.trials.note', { good: judged.stood })}>
          <Count value={judged.turns} />
        </Figure>
        <Figure name={t('stat.audits')} note={t('stat.audits.note', { count: audits.pass + audits.fail })}>
          <Count value={audits.pass} />
        </Figure>
      </Figures>
      {rounds.length === 0 ? (
        <Empty title={t('empty')} text={t('empty.text')} />
      ) : (
        <>
          <Moved rounds={rounds} />
          <DataTable
            caption={t('caption')}
            columns={columns}
            rows={rounds}
            rowKey={({ queue, round }) => `${queue} ${round}`}
            rowHref={({ queue, round }) => `/bids/${queue}/${round}`}
          />
        </>
      )}
      <Paper p="md">
        <Title order={2} mb="xs">
          {t('rule.title')}
        </Title>
        <Text size="sm">{rule.text}</Text>
        <Text size="xs" c="dimmed" mt={4}>
          {t('rule.version', { version: rule.version })}
        </Text>
      </Paper>
    </Stack>
  );
}

function Moved({ rounds }: { rounds: readonly ReputationRound[] }) {
  const told = rounds.filter(({ qualityBps }) => qualityBps !== null).toReversed();
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined || told.length < 2) return null;
  const share = (round: ReputationRound) => percentText(round.qualityBps ?? 0);
  return (
    <Paper p="md">
      <ChartFrame
        title={t('chart.title')}
        summary={t('chart.summary', { first: share(first), last: share(last), count: told.length })}
        heightPx={200}
        table={{
          head: [t('chart.closed'), t('chart.quality')],
          rows: told.map((round) => [dateText(Date.parse(round.closedAt)), share(round)]),
        }}
      >
        <LineChart
          h={200}
          data={told.map((round) => ({
            at: dateText(Date.parse(round.closedAt)),
            quality: (round.qualityBps ?? 0) / 100,
          }))}
          dataKey="at"
          series={[{ name: 'quality', label: t('chart.quality'), color: 'ink.6' }]}
          valueFormatter={(value) => percentText(Math.round(value * 100))}
          yAxisProps={{ domain: ['auto', 'auto'], width: 56 }}
          curveType="linear"
        />
      </ChartFrame>
    </Paper>
  );
}
