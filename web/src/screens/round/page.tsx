/** One round of a queue: what it came to, and its proof, checked again in this browser. */
import { Anchor, Code, Text } from '@mantine/core';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import { useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { dateText, moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { classTitle } from '../market/service-class.ts';
import { Checks } from './checks.tsx';
import { LadderChart } from './ladder.tsx';
import { t } from './messages.en.ts';
import { type Proof, useProof } from './proof.ts';
import { Results } from './results.tsx';
import classes from './round.module.css';
import { hasBegun, ROUND_STATES } from './states.ts';
import { useRound } from './use-round.ts';
import { Verdict } from './verdict.tsx';

export default function Round() {
  const id = usePathParam('queue');
  const number = Number(usePathParam('round'));
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  const round = useRound(id, number);
  return (
    <QueryState of={queue} isPage back={upTo(id, t('queue'))}>
      {({ serviceClass, currency }) => (
        <QueryState of={round} isPage back={upTo(id, classTitle(serviceClass))}>
          {(found) =>
            found === null ? (
              <>
                <PageHeader title={t('title', { round: String(number) })} back={upTo(id, classTitle(serviceClass))} />
                <Empty title={t('none', { round: String(number) })} text={t('none.text')} />
              </>
            ) : (
              <>
                <PageHeader
                  title={t('title', { round: String(number) })}
                  back={upTo(id, classTitle(serviceClass))}
                  status={<StatusBadge state={found.state} states={ROUND_STATES} />}
                  lead={t('lead', {
                    from: dateText(Date.parse(found.startsAt)),
                    to: dateText(Date.parse(found.endsAt)),
                    version: String(found.termsVersion),
                  })}
                />
                <Content round={found} currency={currency} />
              </>
            )
          }
        </QueryState>
      )}
    </QueryState>
  );
}

const upTo = (queue: string, title: string) => ({ href: `/queues/${queue}`, title });

function Content({ round, currency }: { round: PublicRound; currency: string }) {
  const proof = useProof(round.queue, round.round, hasBegun(round));
  const { data } = proof.query;
  return (
    <>
      <Results round={round} currency={currency} published={data?.published} />
      {hasBegun(round) && (
        <>
          {data?.ladder != null && (
            <section className={classes.section}>
              <LadderChart ladder={data.ladder} currency={currency} />
            </section>
          )}
          <section className={classes.section}>
            <h2>{t('proof.title')}</h2>
            <Text c="dimmed" maw={720} mb="sm">
              {t('proof.lead')}
            </Text>
            <Verdict of={proof} />
            {data !== undefined && <Evidence proof={data} round={round} currency={currency} />}
          </section>
        </>
      )}
    </>
  );
}

function Evidence({ proof, round, currency }: { proof: Proof; round: PublicRound; currency: string }) {
  const file = `/v1/queues/${round.queue}/rounds/${round.round}/file`;
  const { published } = proof;
  return (
    <>
      {proof.own.length > 0 && (
        <>
          <h3>{t('proof.own')}</h3>
          <Text size="sm" c="dimmed" mb="xs">
            {t('proof.own.text')}
          </Text>
          <Checks checks={proof.own.filter(({ outcome }) => outcome !== 'not possible')} />
        </>
      )}
      <h3>{t('proof.checks')}</h3>
      <Checks checks={proof.checks} />
      <h3>{t('proof.files')}</h3>
      <ul>
        <li>
          <Anchor href={file} download={`round-${round.round}-public.json`}>
            {t('proof.public')}
          </Anchor>
        </li>
        <li>
          {published.publishesSealedFile ? (
            <Anchor href={`${file}?part=sealed`} download={`round-${round.round}-sealed.json`}>
              {t('proof.sealed')}
            </Anchor>
          ) : (
            t('proof.sealed.none')
          )}
        </li>
      </ul>
      <Text size="sm">
        {t('proof.offline')} <Code>npm run verify-round -- round-{round.round}-sealed.json</Code>
      </Text>
      <dl className={classes.facts}>
        <Fact name={t('proof.seed')} value={published.seed} />
        <Fact name={t('proof.seedHash')} value={published.seedHash} />
        <Fact name={t('proof.root')} value={published.sealRoot} />
        <Fact
          name={t('proof.method')}
          value={t('proof.method.text', {
            method: published.proof.method,
            gap: moneyText(published.proof.gapMicros, currency),
          })}
        />
      </dl>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
