/** One queue as somebody sees it who might serve it: its clock, pool and price, what it brings, its terms, the people it takes. */
import { Button, Grid, Paper, SimpleGrid, Stack, Table, Title } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { useRead } from '../../api/use-api.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { dateText, moneyText, percentText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Count, Money, TimeLeft } from '../../ui/values.tsx';
import { longName } from '../company-parts/queues.tsx';
import { Stat } from '../company-parts/stat.tsx';
import { Calculator } from './calculator.tsx';
import { Demand } from './demand-charts.tsx';
import { t } from './messages.en.ts';
import { bidMicros } from './price.ts';
import { weeklyVolume } from './weeks.ts';

/** Channels whose customers wait on the line. */
const AT_ONCE = ['Phone', 'Chat'];

export default function Opportunity() {
  const id = usePathParam('queue');
  const go = useGo();
  const maySee = useMay('provider.admin', 'provider.finance');
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  const demand = useRead('/v1/queues/{queue}/demand', { path: { queue: id } });
  return (
    <QueryState of={queue}>
      {(found) => (
        <>
          <PageHeader
            title={longName(found.serviceClass)}
            back={{ href: '/opportunities', title: t('back') }}
            actions={
              maySee &&
              found.open !== null && (
                <Button onClick={() => go(`/bids/${id}/${found.open?.round}`)}>
                  {t('bid', { round: found.open.round })}
                </Button>
              )
            }
          />
          <Figures queue={found} />
          <Grid gap="lg" mt="lg">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <QueryState of={demand}>{(brings) => <Demand demand={brings} />}</QueryState>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <Stack>
                {demand.status !== 'pending' && (
                  <Calculator
                    weekly={demand.data === undefined ? null : weeklyVolume(demand.data)}
                    slaHours={found.terms.slaHours}
                    currency={found.currency}
                    isAtOnce={AT_ONCE.includes(found.serviceClass.channel)}
                  />
                )}
                <TermsTable queue={found} />
              </Stack>
            </Grid.Col>
          </Grid>
        </>
      )}
    </QueryState>
  );
}

function Figures({ queue: { current, open, terms, currency } }: { queue: PublicQueue }) {
  const price = current?.averagePriceMicros ?? null;
  const figures = current?.figures ?? null;
  const money = (micros: number) => moneyText(micros, currency);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <Stat
        label={t('stat.closes')}
        value={<TimeLeft iso={open?.closesAt ?? null} />}
        note={
          open === null
            ? t('stat.closes.none')
            : t('stat.closes.note', {
                round: open.round,
                from: dateText(Date.parse(open.startsAt)),
                to: dateText(Date.parse(open.endsAt)),
              })
        }
      />
      <Stat
        label={t('stat.pool')}
        value={<Count value={figures?.awarded ?? null} />}
        note={
          open?.pooled != null
            ? t('stat.pool.next', { count: open.pooled.committed, members: open.pooled.members })
            : figures === null || current === null
              ? t('stat.pool.none')
              : t('stat.pool.note', {
                  round: current.round,
                  committed: figures.committed,
                  members: figures.companies,
                })
        }
      />
      <Stat
        label={t('stat.price')}
        value={<Money micros={price} currency={currency} />}
        note={
          price === null ? t('stat.price.none') : t('stat.price.note', { price: money(bidMicros(price, terms.feeBps)) })
        }
      />
      <Stat
        label={t('stat.most')}
        value={<Money micros={terms.ceilingMicros} currency={currency} />}
        note={t('stat.most.note', { price: money(bidMicros(terms.ceilingMicros, terms.feeBps)) })}
      />
    </SimpleGrid>
  );
}

function TermsTable({ queue: { terms, termsVersion } }: { queue: PublicQueue }) {
  const hours = (count: number) => t('terms.hours', { hours: count });
  const rows: readonly (readonly [string, string])[] = [
    [t('terms.round'), t(`terms.round.${terms.roundLength}`)],
    [t('terms.sla'), hours(terms.slaHours)],
    [t('terms.lease'), t('terms.minutes', { minutes: terms.leaseSeconds / 60 })],
    [t('terms.silence'), hours(terms.silenceHours)],
    [t('terms.reopen'), hours(terms.reopenHours)],
    [t('terms.assumed'), percentText(terms.assumedRateBps)],
    [t('terms.fee'), percentText(terms.feeBps)],
    [t('terms.late'), percentText(terms.slaCreditBps)],
    [t('terms.split'), percentText(terms.splitBps)],
    [t('terms.share'), percentText(terms.shareLimitBps)],
    [t('terms.audit'), percentText(terms.auditBps)],
    [t('terms.dispute'), t('terms.days', { days: terms.disputeDays })],
  ];
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('terms.title')}
      </Title>
      <Table>
        <Table.Tbody>
          <Table.Tr>
            <Table.Td colSpan={2}>{t('terms.version', { version: termsVersion })}</Table.Td>
          </Table.Tr>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed">
                {name}
              </Table.Th>
              <Table.Td ta="right" className="number">
                {value}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
