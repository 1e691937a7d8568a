/** Before the close: where the commitment stands at the last provisional clearing, and what would tip the pool. */
import { Alert, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { CompanyFeedback } from '../../../../shared/provisional/provisional.ts';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { useRead } from '../../api/use-api.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { Count, Money, Percent, When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const HOUR = 3_600_000;
type Props = { round: PublicRound; terms: Terms; currency: string };

export function Feedback({ round, terms, currency }: Props) {
  const feedback = useRead('/v1/queues/{queue}/rounds/{round}/feedback', {
    path: { queue: round.queue, round: round.round },
  });
  const isBefore = feedback.error instanceof ParleyProblem && feedback.error.problem.code === 'no_provisional';
  return (
    <section>
      <Title order={2} mb="sm">
        {t('feedback.title')}
      </Title>
      {isBefore ? (
        <NotYet round={round} terms={terms} />
      ) : (
        <QueryState of={feedback}>{(found) => <Standing of={found} currency={currency} />}</QueryState>
      )}
    </section>
  );
}

function NotYet({ round, terms }: Omit<Props, 'currency'>) {
  const [firstHours = 0] = terms.provisionalHours;
  const at = new Date(Date.parse(round.closesAt) - firstHours * HOUR).toISOString();
  return (
    <Paper p="md">
      <Text>
        {t('feedback.none')} <When iso={at} /> (<When iso={at} show="absolute" />
        ). {t('feedback.none.text')}
      </Text>
    </Paper>
  );
}

function Standing({ of, currency }: { of: CompanyFeedback; currency: string }) {
  const { served, estimatedPriceMicros, savingBps, pooled } = of;
  return (
    <Stack gap="sm">
      <Figures>
        <Figure name={t('feedback.served')}>{t(`feedback.served.${served}`)}</Figure>
        <Figure name={t('feedback.price')} note={t('feedback.price.note')}>
          <Money micros={estimatedPriceMicros} currency={currency} exact />
        </Figure>
        <Figure name={t('feedback.saving')}>
          <span className={(savingBps ?? 0) > 0 ? 'good' : undefined}>
            <Percent bps={savingBps} />
          </span>
        </Figure>
        <Figure
          name={t('feedback.pooled')}
          note={pooled === null ? undefined : t('feedback.pooled.note', { members: pooled.members })}
        >
          <Count value={pooled?.committed ?? null} />
        </Figure>
      </Figures>
      {served === 'not_at_all' && <Alert variant="default">{t('feedback.low')}</Alert>}
      <Tip of={of} currency={currency} />
      <Text size="sm" c="dimmed">
        {t('feedback.asOf')} <When iso={of.provisionalAt} show="absolute" />
      </Text>
    </Stack>
  );
}

/** How far the pool is from its next lower price. */
function Tip({ of: { tip, pooled }, currency }: { of: CompanyFeedback; currency: string }) {
  if (tip === null || pooled === null || tip.pooledVolume <= pooled.committed) return null;
  return (
    <Paper p="md">
      <Text mb={6}>
        {t('feedback.tip', {
          missing: tip.pooledVolume - pooled.committed,
          price: moneyText(tip.averagePriceMicros, currency),
        })}
      </Text>
      <Progress value={(100 * pooled.committed) / tip.pooledVolume} size="lg" aria-label={t('feedback.tip.label')} />
    </Paper>
  );
}
