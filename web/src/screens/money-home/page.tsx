/** The home of the market's finance: what waits by deadline, contested disputes, how the books stand. */
import { Grid, Group, Paper, Text, Title } from '@mantine/core';
import { usePages } from '../../api/use-api.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { disputeColumns } from '../contested/columns.tsx';
import { MarketInbox } from '../operator-home/market-inbox.tsx';
import { FiguresRow } from './figures-row.tsx';
import { t } from './messages.en.ts';

const MOST_WAITING = 25;
const DISPUTES_SHOWN = 8;

export default function MoneyHome() {
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <FiguresRow />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <MarketInbox most={MOST_WAITING} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Disputes />
        </Grid.Col>
      </Grid>
    </>
  );
}

function Disputes() {
  const disputes = usePages('/v1/money/disputes', { query: { limit: DISPUTES_SHOWN } });
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('disputes')}</Title>
        <Go href="/contested">{t('disputes.all')}</Go>
      </Group>
      <QueryState of={disputes.query}>
        {() =>
          disputes.items.length === 0 ? (
            <Paper p="md">
              <Text c="dimmed">{t('disputes.none')}</Text>
            </Paper>
          ) : (
            <DataTable
              caption={t('disputes')}
              columns={disputeColumns}
              rows={disputes.items}
              rowKey={({ id }) => id}
              rowHref={({ id }) => `/contested/${id}`}
            />
          )
        }
      </QueryState>
    </section>
  );
}
