/** Which queue a text belongs to, as the market would sort it. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { TriageView } from '../../../../shared/triage/triage.ts';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { percentText } from '../../ui/format.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { t } from './messages.en.ts';

const BPS = 10_000;

export function Suggest({ text, onTake }: { text: string; onTake: (queue: string) => void }) {
  const sort = useAct('post', '/v1/triage');
  return (
    <Stack gap="xs">
      <Group>
        <WhyNot why={text.trim() === '' ? common('whyNot.empty') : null}>
          <Button variant="default" size="xs" loading={sort.isPending} onClick={() => sort.mutate({ body: { text } })}>
            {t('sort')}
          </Button>
        </WhyNot>
      </Group>
      <ProblemAlert error={sort.error} />
      {sort.data !== undefined && <Suggestions of={sort.data} onTake={onTake} />}
    </Stack>
  );
}

export function Suggestions({
  of: { suggestions, other },
  onTake,
}: {
  of: TriageView;
  onTake: (queue: string) => void;
}) {
  if (suggestions.length === 0) return <Text c="dimmed">{t('sort.none')}</Text>;
  return (
    <Stack gap={6}>
      {suggestions.map(({ category, confidence, queues }) => (
        <Group key={category} gap="sm" wrap="nowrap">
          <Progress value={confidence * 100} w={90} flex="none" aria-hidden="true" />
          <Text flex={1}>{t('sort.likely', { category, percent: percentText(confidence * BPS) })}</Text>
          {queues[0] !== undefined && (
            <Button size="compact-sm" variant="default" onClick={() => onTake(queues[0]!)}>
              {t('sort.take', { category })}
            </Button>
          )}
        </Group>
      ))}
      <Text size="sm" c="dimmed">
        {t('sort.other', { percent: percentText(other * BPS) })}
      </Text>
    </Stack>
  );
}
