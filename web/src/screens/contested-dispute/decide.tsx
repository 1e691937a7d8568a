/** The market's decision of a contested dispute. */
import { Button, Group, Paper, Radio, Stack, Text, Textarea, Title } from '@mantine/core';
import { DecisionInput } from '../../../../shared/dispute/dispute.ts';
import { useAct } from '../../api/use-api.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from '../contested/messages.en.ts';
import { toDecision } from './to-decision.ts';

const OUTCOMES = ['accept', 'part', 'reject'] as const;

export function Decide({ dispute }: { dispute: string }) {
  const act = useAct('post', '/v1/money/disputes/{dispute}/decision');
  const form = useForm({
    keep: `decision of ${dispute}`,
    initial: { outcome: 'accept', percent: 50 as number | string, reason: '' },
    schema: DecisionInput,
    toBody: toDecision,
  });
  return (
    <Paper p="md" mb="lg" component="section">
      <form
        onSubmit={form.submit(async (body) => {
          await act.mutateAsync({ path: { dispute }, body: DecisionInput.parse(body) });
          sayDone(t('decide.done'));
        })}
      >
        <Stack>
          <div>
            <Title order={2}>{t('decide')}</Title>
            <Text size="sm" c="dimmed">
              {t('decide.lead')}
            </Text>
          </div>
          <Radio.Group {...form.value('outcome')} label={t('decide.outcome')}>
            <Stack gap="xs" mt="xs">
              {OUTCOMES.map((outcome) => (
                <Radio key={outcome} value={outcome} label={t(`decide.${outcome}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {form.values.outcome === 'part' && (
            <NumberInput {...form.value('percent')} label={t('decide.share')} min={1} max={99} suffix=" %" maw={320} />
          )}
          <Textarea {...form.text('reason')} label={t('decide.reason')} autosize minRows={3} maxLength={2_000} />
          <ProblemAlert error={form.problem} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.isSending}>
              {t('decide.act')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
