/** What the screens for collusion found, and what somebody found on looking. */
import { Button, Group, List, Paper, SegmentedControl, Stack, Text, Textarea, Title } from '@mantine/core';
import type { Flag, FlagState, ScreenRule } from '../../../../shared/screen/screen.ts';
import { FlagReview } from '../../../../shared/screen/screen.ts';
import { useAct, usePages, useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { Go } from '../../ui/go.tsx';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { When } from '../../ui/values.tsx';
import { useQueueName } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const STATES: readonly FlagState[] = ['open', 'reviewed', 'dismissed'];

export default function Flags() {
  const [{ state }, set] = useUrlState({ state: 'open' });
  const flags = usePages('/v1/operator/flags', { query: { state: state as FlagState, limit: 20 } });
  const rules = useRead('/v1/screens').data?.items ?? [];
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <SegmentedControl
        mb="md"
        aria-label={t('state')}
        value={state}
        onChange={(value) => set({ state: value })}
        data={STATES.map((value) => ({ value, label: t(value) }))}
      />
      <QueryState of={flags.query}>
        {() =>
          flags.items.length === 0 ? (
            <Empty title={t('none')} text={t('none.text')} />
          ) : (
            <Stack>
              {flags.items.map((flag) => (
                <OneFlag key={flag.id} flag={flag} rule={rules.find(({ screen }) => screen === flag.screen)} />
              ))}
              {flags.hasMore && (
                <Button variant="default" onClick={flags.more} loading={flags.isLoadingMore}>
                  {t('more')}
                </Button>
              )}
            </Stack>
          )
        }
      </QueryState>
    </>
  );
}

function OneFlag({ flag, rule }: { flag: Flag; rule: ScreenRule | undefined }) {
  const queue = useQueueName(flag.queue);
  return (
    <Paper p="md">
      <Title order={2}>{flag.sentence}</Title>
      <Text size="sm" c="dimmed" component="div" mb="xs">
        <Go href={`/operator/rounds/${flag.queue}/${flag.round}`}>
          {queue}, {t('round', { round: flag.round })}
        </Go>
        {' · '}
        {t('raised')} <When iso={flag.raisedAt} />
      </Text>
      <Stack gap="xs">
        <Text size="sm">
          <Text span c="dimmed">
            {t('providers')}:{' '}
          </Text>
          {flag.providers.join(', ')}
        </Text>
        <List size="sm">
          {Object.entries(flag.figures).map(([name, value]) => (
            <List.Item key={name}>
              {t('figures.of', { name, value, threshold: flag.thresholds[name] ?? '–' })}
            </List.Item>
          ))}
        </List>
        {rule !== undefined && (
          <Text size="sm">
            <Text span c="dimmed">
              {t('why')}:{' '}
            </Text>
            {rule.why}{' '}
            <Text span c="dimmed">
              {t('innocent')}:{' '}
            </Text>
            {rule.innocent}
          </Text>
        )}
        {flag.review === null ? (
          <Review flag={flag.id} />
        ) : (
          <Text size="sm" component="div">
            <Text span c="dimmed">
              {t('reviewedBy')} <PersonName id={flag.review.by} /> <When iso={flag.review.at} />:{' '}
            </Text>
            {flag.review.note}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

const OUTCOMES = [
  ['dismissed', 'review.dismiss'],
  ['reviewed', 'review.act'],
] as const;

function Review({ flag }: { flag: string }) {
  const review = useAct('post', '/v1/operator/flags/{flag}/review');
  const initial: FlagReview = { note: '', state: 'dismissed' };
  const form = useForm({ initial, schema: FlagReview });
  return (
    <form
      noValidate
      onSubmit={form.submit(async (body) => {
        await review.mutateAsync({ path: { flag }, body });
        sayDone(t('review.done'));
      })}
    >
      <Textarea {...form.text('note')} label={t('review.note')} autosize minRows={2} maxLength={2_000} />
      <ProblemAlert error={form.problem} />
      <Group mt="xs" gap="xs">
        {OUTCOMES.map(([state, label]) => (
          <Button
            key={state}
            type="submit"
            variant="default"
            loading={form.isSending && form.values.state === state}
            onClick={() => form.set({ state })}
          >
            {t(label)}
          </Button>
        ))}
      </Group>
    </form>
  );
}
