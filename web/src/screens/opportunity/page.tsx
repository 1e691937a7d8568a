/** One queue as somebody sees it who might serve it: its clock, pool and price, what it brings, its terms, the people it takes. */
import { Button, Grid, Paper, Stack, Title } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useRead } from '../../api/use-api.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { dateText, moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Count, Money, TimeLeft } from '../../ui/values.tsx';
import { DemandChart } from '../queue/demand-chart.tsx';
import { TermsOfQueue } from '../queue/terms.tsx';
import { Calculator } from './calculator.tsx';
import { t } from './messages.en.ts';
import { bidMicros } from './price.ts';
import { Profile } from './profile.tsx';
import { weeklyVolume } from './weeks.ts';

/** Channels whose customers wait on the line. */
const AT_ONCE = ['Phone', 'Chat'];

const LIST = { href: '/opportunities', title: t('back') };

export default function Opportunity() {
  const id = usePathParam('queue');
  const go = useGo();
  const maySee = useMay('provider.admin', 'provider.finance');
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  const demand = useRead('/v1/queues/{queue}/demand', { path: { queue: id } });
  return (
    <QueryState of={queue} isPage back={LIST}>
      {(found) => (
        <>
          <PageHeader
            title={longName(found.serviceClass)}
            back={LIST}
            actions={
              maySee &&
              found.open !== null && (
                <Button onClick={() => go(`/bids/${id}/${found.open?.round}`)}>
                  {t('bid', { round: found.open.round })}
                </Button>
              )
            }
          />
          <AtAGlance queue={found} />
          <Grid gap="lg" mt="lg">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <Stack>
                <Paper p="md">
                  <DemandChart queue={id} rounds={[]} />
                </Paper>
                {demand.data?.profile != null && <Profile profile={demand.data.profile} />}
                <section>
                  <Title order={2} mb="xs">
                    {t('terms.title')}
                  </Title>
                  <TermsOfQueue queue={found} />
                </section>
              </Stack>
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
              </Stack>
            </Grid.Col>
          </Grid>
        </>
      )}
    </QueryState>
  );
}

function AtAGlance({ queue: { current, open, terms, currency } }: { queue: PublicQueue }) {
  const price = current?.averagePriceMicros ?? null;
  const figures = current?.figures ?? null;
  const money = (micros: number) => moneyText(micros, currency);
  return (
    <Figures>
      <Figure
        name={t('stat.closes')}
        note={
          open === null
            ? t('stat.closes.none')
            : t('stat.closes.note', {
                round: open.round,
                from: dateText(Date.parse(open.startsAt)),
                to: dateText(Date.parse(open.endsAt)),
              })
        }
      >
        <TimeLeft iso={open?.closesAt ?? null} />
      </Figure>
      <Figure
        name={t('stat.pool')}
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
      >
        <Count value={figures?.awarded ?? null} />
      </Figure>
      <Figure
        name={t('stat.price')}
        note={
          price === null ? t('stat.price.none') : t('stat.price.note', { price: money(bidMicros(price, terms.feeBps)) })
        }
      >
        <Money micros={price} currency={currency} />
      </Figure>
      <Figure
        name={t('stat.most')}
        note={t('stat.most.note', { price: money(bidMicros(terms.ceilingMicros, terms.feeBps)) })}
      >
        <Money micros={terms.ceilingMicros} currency={currency} />
      </Figure>
    </Figures>
  );
}
