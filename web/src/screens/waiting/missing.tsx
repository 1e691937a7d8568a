/** What an organisation still lacks on its way, in short; `/joining` says it at length. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Step } from '../../../../shared/checklist/checklist.ts';
import { useRead } from '../../api/use-api.ts';
import { screens } from '../../app/screens.ts';
import { useRoles } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { t as stepText } from '../joining/messages.en.ts';
import { placeOf } from '../joining/step-paths.ts';
import { t } from './messages.en.ts';

const NEEDS = {
  required: { text: stepText('required'), tone: 'warning' },
  advised: { text: stepText('advised'), tone: 'neutral' },
} as const;

export function Missing() {
  const { data } = useRead('/v1/organisation/checklist');
  const missing = (data?.steps ?? []).filter(({ isDone }) => !isDone);
  if (missing.length === 0) return null;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        {t('missing.title')}
      </Title>
      <Stack gap="xs">
        {missing.map((step) => (
          <MissingStep key={step.step} step={step} />
        ))}
      </Stack>
    </Paper>
  );
}

function MissingStep({ step: { step, isRequired } }: { step: Step }) {
  const place = placeOf(step, screens, useRoles());
  const text = stepText(`step.${step}`);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      {place === null ? <Text>{text}</Text> : <Go href={place}>{text}</Go>}
      <StatusBadge state={isRequired ? 'required' : 'advised'} states={NEEDS} />
    </Group>
  );
}
