/** One queue: what it brings, what it costs, its rounds with their proof, and its terms. */
import { Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { t as market } from '../market/messages.en.ts';
import { classDetails, classTitle } from '../market/service-class.ts';
import { tipOfRound } from '../market/tip.ts';
import { TipBar } from '../market/tip-bar.tsx';
import { hasBegun } from '../round/states.ts';
import { DemandChart } from './demand-chart.tsx';
import { t } from './messages.en.ts';
import { NewestProof } from './newest-proof.tsx';
import { QueueNow } from './now.tsx';
import { PriceChart } from './price-chart.tsx';
import classes from './queue.module.css';
import { RoundsTable } from './rounds-table.tsx';
import { TermsOfQueue } from './terms.tsx';

const LIST = { href: '/', title: t('back') };

export default function Queue() {
  const id = usePathParam('queue');
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  return (
    <QueryState of={queue} isPage back={LIST}>
      {(data) => <Content queue={data} />}
    </QueryState>
  );
}

function Content({ queue }: { queue: PublicQueue }) {
  const { id, serviceClass, currency, current, open } = queue;
  const rounds = usePages('/v1/queues/{queue}/rounds', { path: { queue: id }, query: { limit: 24 } });
  const mayCommit = useMay('company.admin');
  const mayBid = useMay('provider.admin', 'provider.agent', 'provider.finance');
  const newest = rounds.items.find(hasBegun);
  const tip = tipOfRound(current);
  return (
    <>
      <PageHeader
        title={classTitle(serviceClass)}
        back={LIST}
        lead={t('lead', { details: classDetails(serviceClass) })}
        actions={
          mayBid ? (
            <LinkButton href={`/opportunities/${id}`}>{t('act.opportunity')}</LinkButton>
          ) : (
            mayCommit && open !== null && <LinkButton href={`/demand/new?queue=${id}`}>{t('act.commit')}</LinkButton>
          )
        }
      />
      <QueueNow queue={queue} />
      {tip !== null && current !== null && (
        <div className={classes.tip}>
          <Text size="sm" c="dimmed">
            {t('tip.title')}
          </Text>
          <TipBar tip={tip} currency={currency} note={market('tip.round', { round: String(current.round) })} />
        </div>
      )}
      <div className={classes.pair}>
        <section className={classes.section}>
          <h2>{t('price.title')}</h2>
          <PriceChart rounds={rounds.items} currency={currency} />
        </section>
        <section className={classes.section}>
          <h2>{t('demand.title')}</h2>
          <DemandChart queue={id} rounds={rounds.items} />
        </section>
      </div>
      <section className={classes.section}>
        <h2>{t('rounds.title')}</h2>
        <RoundsTable pages={rounds} queue={id} currency={currency} />
      </section>
      {newest !== undefined && (
        <section className={classes.section}>
          <NewestProof queue={id} round={newest.round} currency={currency} />
        </section>
      )}
      <section className={classes.section}>
        <h2>{t('terms.title')}</h2>
        <TermsOfQueue queue={queue} />
      </section>
    </>
  );
}
