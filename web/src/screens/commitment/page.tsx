/** One commitment: what was committed, where it stands before the close, and what it was awarded and why afterwards. */
import { Grid, Stack, Text } from '@mantine/core';
import { type Commitment, CommitmentInput } from '../../../../shared/commitment/commitment.ts';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { absoluteText, dateText } from '../../ui/format.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone, sayFailed } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { useQueue } from '../market-parts/queues.tsx';
import { ROUND_STATES } from '../market-parts/round-state.ts';
import { Award } from './award.tsx';
import { Feedback } from './feedback.tsx';
import { t } from './messages.en.ts';
import { Own } from './own.tsx';
import { Proof, Why } from './why.tsx';

export default function OneCommitment() {
  const path = { queue: usePathParam('queue'), round: Number(usePathParam('round')) };
  const queue = useQueue(path.queue);
  const own = useRead('/v1/queues/{queue}/rounds/{round}/commitment', { path });
  const rounds = useRead('/v1/queues/{queue}/rounds', { path: { queue: path.queue }, query: { limit: 100 } });
  const round = rounds.data?.items.find((one) => one.round === path.round);
  const version = round?.termsVersion ?? 1;
  const terms = useRead(
    '/v1/queues/{queue}/terms/{version}',
    { path: { queue: path.queue, version } },
    { enabled: round !== undefined },
  );
  const name = queue === undefined ? path.queue : shortName(queue.serviceClass);
  return (
    <>
      <PageHeader
        title={t('title', { queue: name, round: path.round })}
        lead={round === undefined ? undefined : <Lead round={round} />}
        back={{ href: '/demand', title: t('back') }}
        status={round === undefined ? undefined : <StatusBadge state={round.state} states={ROUND_STATES} />}
        actions={round === undefined || own.data === undefined ? undefined : <Actions own={own.data} round={round} />}
      />
      <QueryState of={own}>
        {(commitment) => (
          <QueryState of={terms}>
            {({ terms: rules }) =>
              round === undefined ? null : <Content own={commitment} round={round} terms={rules} />
            }
          </QueryState>
        )}
      </QueryState>
    </>
  );
}

function Lead({ round }: { round: PublicRound }) {
  const date = (iso: string) => dateText(Date.parse(iso));
  const iso = round.state === 'open' ? round.closesAt : round.state === 'clearing' ? round.startsAt : round.endsAt;
  return (
    <>
      {t('period', { from: date(round.startsAt), to: date(round.endsAt) })}. {t(`state.${round.state}`)}{' '}
      <When iso={iso} /> (<When iso={iso} show="absolute" />
      ).
    </>
  );
}

function Content({ own, round, terms }: { own: Commitment; round: PublicRound; terms: Terms }) {
  const hasBegun = round.state !== 'open' && round.state !== 'clearing';
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        {hasBegun ? (
          <AfterBegin own={own} />
        ) : (
          round.state === 'open' && <Feedback round={round} terms={terms} currency={own.currency} />
        )}
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Own own={own} terms={terms} termsVersion={round.termsVersion} />
      </Grid.Col>
    </Grid>
  );
}

function AfterBegin({ own: { queue, round, currency } }: { own: Commitment }) {
  const award = useRead('/v1/queues/{queue}/rounds/{round}/award', { path: { queue, round } });
  return (
    <QueryState of={award}>
      {(found) => (
        <Stack gap="xl">
          <Award award={found} currency={currency} />
          <Why at={{ queue, round }} />
          <Proof at={{ queue, round }} />
        </Stack>
      )}
    </QueryState>
  );
}

function Actions({ own, round }: { own: Commitment; round: PublicRound }) {
  const go = useGo();
  const now = useNow();
  const path = { queue: own.queue, round: own.round };
  const remove = useAct('delete', '/v1/queues/{queue}/rounds/{round}/commitment');
  const put = useAct('put', '/v1/queues/{queue}/rounds/{round}/commitment');
  const mayChange = useMay('company.admin') && round.state === 'open' && Date.parse(round.closesAt) > now;
  if (!mayChange) return null;
  const again = () => {
    const { currency, volume, reserveMicros, failureCostMicros, limits, overflow, rollOver } = own;
    const body = CommitmentInput.parse({
      currency,
      volume,
      reserveMicros,
      failureCostMicros,
      limits,
      overflow,
      rollOver,
    });
    put.mutateAsync({ path, body }).then(
      () => go(`/demand/${own.queue}/${own.round}`),
      (error: unknown) => sayFailed(t('withdrawn.back'), error),
    );
  };
  return (
    <>
      <ConfirmButton
        label={t('withdraw')}
        variant="default"
        title={t('withdraw.title')}
        consequence={
          <Text>{t('withdraw.text', { round: own.round, closes: absoluteText(Date.parse(round.closesAt)) })}</Text>
        }
        act={async () => {
          await remove.mutateAsync({ path });
          go('/demand');
          sayDone(t('withdrawn'), again);
        }}
      />
      <LinkButton href={`/demand/${own.queue}/${own.round}/edit`}>{t('edit')}</LinkButton>
    </>
  );
}
