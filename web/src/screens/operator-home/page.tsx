/** The market's people at a glance: what waits for them, which rounds are due, whether the work keeps up. */
import { Grid, Paper, Text, Title } from '@mantine/core';
import { usePages, useRead, useWhole } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { durationText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Count, When } from '../../ui/values.tsx';
import { ClassName } from '../market-parts/queues.tsx';
import { behind, byClose, closingSoon, type DueRound } from './due.ts';
import { MarketInbox } from './market-inbox.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;
const SHOWN = 10;

export default function OperatorHome() {
  const operates = useMay('market.operator');
  const queues = useWhole('/v1/queues', { query: { limit: 100 } }, { refreshMs: REFRESH_MS });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Figures>
        <Closing rounds={queues.data === undefined ? null : byClose(queues.data.items)} />
        <Releases />
        {operates && <DeadLetters />}
        {operates && <Late />}
      </Figures>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }} order={{ base: 2, lg: 1 }}>
          <section>
            <Title order={2}>{t('rounds.title')}</Title>
            <Text c="dimmed" size="sm" mb="sm">
              {t('rounds.lead')}
            </Text>
            <QueryState of={queues}>{({ items }) => <Rounds rounds={byClose(items).slice(0, SHOWN)} />}</QueryState>
          </section>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }} order={{ base: 1, lg: 2 }}>
          <MarketInbox />
        </Grid.Col>
      </Grid>
    </>
  );
}

function Closing({ rounds }: { rounds: readonly DueRound[] | null }) {
  const now = useNow();
  return (
    <Figure
      name={t('closing.label')}
      {...(rounds === null ? {} : { note: t('closing.note', { count: rounds.length }) })}
    >
      <FigureLink href="/operator/rounds" what={t('closing.opens')}>
        <Count value={rounds === null ? null : closingSoon(rounds, now)} />
      </FigureLink>
    </Figure>
  );
}

function Releases() {
  const { items, hasMore, query } = usePages(
    '/v1/operator/releases',
    { query: { limit: 100 } },
    { refreshMs: REFRESH_MS },
  );
  const isRead = query.data !== undefined;
  const waiting = items.filter(({ state }) => state !== 'released').length;
  return (
    <Figure name={t('release.label')} {...(isRead ? { note: t(waiting === 0 ? 'release.none' : 'release.note') } : {})}>
      <FigureLink href="/operator/rounds" what={t('closing.opens')}>
        <Count value={isRead ? waiting : null} />
        {hasMore ? '+' : ''}
      </FigureLink>
    </Figure>
  );
}

const MOST_LETTERS = 100;

function DeadLetters() {
  const letters = useRead('/v1/operator/dead-letters', { query: { limit: MOST_LETTERS } }, { refreshMs: REFRESH_MS });
  const count = letters.data?.items.length ?? null;
  return (
    <Figure name={t('dead.label')} {...(count === null ? {} : { note: t(count === 0 ? 'dead.none' : 'dead.some') })}>
      <FigureLink href="/operator/health" what={t('dead.opens')}>
        <Count value={count} />
        {count === MOST_LETTERS ? '+' : ''}
      </FigureLink>
    </Figure>
  );
}

function Late() {
  const { data } = useRead('/v1/operator/sweeps', {}, { refreshMs: REFRESH_MS });
  if (data === undefined) return <Figure name={t('late.label')}>–</Figure>;
  const { count, mostMs } = behind(data.sweeps, data.due);
  return (
    <Figure name={t('late.label')} note={count === 0 ? t('late.none') : t('late.some', { count })}>
      <FigureLink href="/operator/health" what={t('dead.opens')}>
        {count === 0 ? t('late.onTime') : durationText(mostMs)}
      </FigureLink>
    </Figure>
  );
}

const columns: readonly Column<DueRound>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <ClassName of={queue.serviceClass} /> },
  { key: 'round', header: t('column.round'), isNumber: true, cell: ({ open }) => <Count value={open.round} /> },
  { key: 'closes', header: t('column.closes'), cell: ({ open }) => <When iso={open.closesAt} /> },
  {
    key: 'members',
    header: t('column.members'),
    isNumber: true,
    cell: ({ open }) => <Count value={open.pooled?.members ?? null} />,
  },
  {
    key: 'committed',
    header: t('column.committed'),
    isNumber: true,
    cell: ({ open }) => <Count value={open.pooled?.committed ?? null} />,
  },
];

function Rounds({ rounds }: { rounds: readonly DueRound[] }) {
  if (rounds.length === 0)
    return (
      <Paper p="md">
        <Text c="dimmed">{t('rounds.none')}</Text>
      </Paper>
    );
  return (
    <DataTable
      caption={t('rounds.caption')}
      columns={columns}
      rows={rounds}
      rowKey={({ queue }) => queue.id}
      rowHref={({ queue }) => `/operator/queues/${queue.id}`}
    />
  );
}
