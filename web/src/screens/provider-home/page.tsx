/** A provider's home: what waits by deadline, the rounds it bids in, what it earns. */
import { Grid, Paper, Stack, Text, Title } from '@mantine/core';
import type { OwnBid } from '../../../../shared/award/own-list.ts';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import { usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { Countdown } from '../../ui/countdown.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Money, TimeLeft, When } from '../../ui/values.tsx';
import { ClassName, QueueName } from '../market-parts/queues.tsx';
import { ROUND_STATES } from '../market-parts/round-state.ts';
import { Inbox } from '../waiting/inbox.tsx';
import { Missing } from '../waiting/missing.tsx';
import { FiguresRow } from './figures-row.tsx';
import { inboxWords } from './inbox-words.ts';
import { t } from './messages.en.ts';

const SHOWN = 6;

export default function ProviderHome() {
  const works = useMay('provider.admin', 'provider.agent');
  const sells = useMay('provider.admin', 'provider.finance');
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={works && <LinkButton href="/desk">{t('desk')}</LinkButton>}
      />
      <FiguresRow />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="lg">
            {works && <Due />}
            {sells && <Rounds />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="lg">
            <Inbox words={inboxWords} />
            <Missing />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

const dueColumns: readonly Column<LeaseView>[] = [
  { key: 'queue', header: t('due.queue'), cell: ({ queue }) => <QueueName id={queue} /> },
  { key: 'deadline', header: t('due.deadline'), isNumber: true, cell: ({ deadline }) => <TimeLeft iso={deadline} /> },
  {
    key: 'lease',
    header: t('due.lease'),
    isNumber: true,
    cell: ({ leaseUntil }) => <Countdown iso={leaseUntil} over={t('due.over')} />,
  },
];

function Due() {
  const held = usePages('/v1/leases', { query: { state: 'held', limit: 100 } });
  const first = held.items.toSorted((a, b) => (a.deadline < b.deadline ? -1 : 1)).slice(0, SHOWN);
  return (
    <section>
      <Title order={2} mb="sm">
        {t('due.title')}
      </Title>
      <QueryState of={held.query}>
        {() =>
          first.length === 0 ? (
            <Paper p="md">
              <Text c="dimmed">{t('due.none')}</Text>
            </Paper>
          ) : (
            <DataTable
              caption={t('due.caption')}
              columns={dueColumns}
              rows={first}
              rowKey={({ id }) => id}
              rowHref={({ id }) => `/turns/${id}`}
            />
          )
        }
      </QueryState>
    </section>
  );
}

const roundColumns: readonly Column<OwnBid>[] = [
  { key: 'queue', header: t('awards.queue'), cell: ({ serviceClass }) => <ClassName of={serviceClass} /> },
  { key: 'round', header: t('awards.round'), isNumber: true, cell: ({ bid }) => <Count value={bid.round} /> },
  {
    key: 'state',
    header: t('awards.state'),
    cell: ({ round }) => <StatusBadge state={round.state} states={ROUND_STATES} />,
  },
  {
    key: 'awarded',
    header: t('awards.awarded'),
    isNumber: true,
    cell: ({ award }) => <Count value={award?.awarded ?? null} />,
  },
  {
    key: 'price',
    header: t('awards.price'),
    isNumber: true,
    cell: ({ award, bid }) => <Money micros={award?.priceMicros ?? null} currency={bid.currency} />,
  },
  {
    key: 'until',
    header: t('awards.until'),
    cell: ({ round }) => <When iso={round.state === 'open' ? round.closesAt : round.endsAt} show="date" />,
  },
];

function Rounds() {
  const bids = usePages('/v1/bids', { query: { limit: 50 } });
  const current = bids.items.filter(({ round }) => ['open', 'clearing', 'active'].includes(round.state));
  return (
    <section>
      <Title order={2}>{t('awards.title')}</Title>
      <Text c="dimmed" size="sm" mb="sm">
        {t('awards.lead')}
      </Text>
      <QueryState of={bids.query}>
        {() =>
          current.length === 0 ? (
            <Empty title={t('awards.none')} text={t('awards.none.text')}>
              <LinkButton href="/opportunities">{t('opportunities')}</LinkButton>
            </Empty>
          ) : (
            <DataTable
              caption={t('awards.caption')}
              columns={roundColumns}
              rows={current}
              rowKey={({ bid }) => `${bid.queue} ${bid.round}`}
              rowHref={({ bid }) => `/bids/${bid.queue}/${bid.round}`}
            />
          )
        }
      </QueryState>
    </section>
  );
}
