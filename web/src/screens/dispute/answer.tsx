/** A provider's answer to a dispute: accept it, offer a part, or contest it. */
import { Button, Group, Paper, Radio, Stack, Text, Textarea, Title } from '@mantine/core';
import { AnswerInput } from '../../../../shared/dispute/dispute.ts';
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import { useAct } from '../../api/use-api.ts';
import { moneyText } from '../../ui/format.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { toAnswer } from './answer.ts';
import { t } from './messages.en.ts';

const KINDS = ['accept', 'accept_part', 'contest'] as const;
type Values = { answer: string; bps: number | string; statement: string };

export function Answer({ of }: { of: DisputeView }) {
  const act = useAct('post', '/v1/disputes/{dispute}/answer');
  const form = useForm({
    keep: `answer to ${of.id}`,
    initial: { answer: 'contest', bps: 50, statement: '' } as Values,
    schema: AnswerInput,
    toBody: toAnswer,
  });
  const { answer } = form.values;
  return (
    <Paper p="md" mb="lg" component="section">
      <form
        onSubmit={form.submit(async (body) => {
          await act.mutateAsync({ path: { dispute: of.id }, body: AnswerInput.parse(body) });
          sayDone(t('answer.done'));
        })}
      >
        <Stack>
          <div>
            <Title order={2}>{t('answer.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('answer.lead')}
            </Text>
          </div>
          <Radio.Group {...form.value('answer')} label={t('answer.kind')}>
            <Stack gap="xs" mt="xs">
              {KINDS.map((kind) => (
                <Radio key={kind} value={kind} label={t(`answer.${kind}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {answer === 'accept_part' && (
            <NumberInput {...form.value('bps')} label={t('answer.share')} min={1} max={99} suffix=" %" maw={320} />
          )}
          {answer !== 'accept' && (
            <Textarea
              {...form.text('statement')}
              label={t('answer.statement')}
              description={t('answer.statement.text')}
              autosize
              minRows={3}
              maxLength={2_000}
            />
          )}
          <Text size="sm">{consequence(of, form.values)}</Text>
          <ProblemAlert error={form.problem} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.isSending}>
              {t('answer')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function consequence({ amounts, currency }: DisputeView, { answer, bps }: Values): string {
  const [own] = amounts;
  const micros =
    answer === 'accept' ? (own?.claimedMicros ?? 0) : Math.floor(((own?.wholeMicros ?? 0) * Number(bps)) / 100);
  const amount = moneyText(micros, currency, { exact: true });
  return t(`answer.consequence.${answer as (typeof KINDS)[number]}`, { amount });
}
