/** Declares an incident: its cause, where and since when it is seen, and what customers are told. */
import { Button, Group, MultiSelect, Stack, Textarea, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { IncidentInput, MOST_QUEUES } from '../../../../shared/incident/incident.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useAct } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useGo } from '../../app/navigate.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { fromField, inField } from '../company-parts/local-time.ts';
import { queuesOf, useCommitments } from '../company-parts/own.ts';
import { useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const HOUR_MS = 3_600_000;

export default function NewIncident() {
  const go = useGo();
  const now = useNow();
  const declare = useAct('post', '/v1/incidents');
  const form = useForm({
    initial: {
      externalId: `by-hand-${crypto.randomUUID().slice(0, 8)}`,
      title: '',
      words: '',
      queues: [] as string[],
      since: inField(now - HOUR_MS),
    },
    schema: IncidentInput,
    toBody: (values) => ({ ...values, since: fromField(values.since) }),
  });
  const list = useQueueList();
  const committed = queuesOf(useCommitments().items);
  const ordered = [...list].sort((a, b) => Number(committed.includes(b.id)) - Number(committed.includes(a.id)));
  const submit = (event: FormEvent) =>
    form.submit(async (body) => {
      const made = await declare.mutateAsync({ body: IncidentInput.parse(body) });
      go(`/incidents/${made.id}`);
      sayDone(t('declared'));
    })(event);
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} back={{ href: '/incidents', title: t('back') }} />
      <form onSubmit={submit} noValidate>
        <Stack maw={720} gap="lg">
          <TextInput
            {...form.text('title')}
            label={t('cause')}
            description={t('cause.text')}
            maxLength={120}
            required
          />
          <MultiSelect
            {...form.value('queues')}
            label={t('queues')}
            description={t('queues.text')}
            data={ordered.map(({ id, serviceClass }) => ({ value: id, label: longName(serviceClass) }))}
            maxValues={MOST_QUEUES}
            searchable
            required
          />
          <TextInput {...form.text('since')} type="datetime-local" label={t('since')} maw={280} required />
          <Textarea
            {...form.text('words')}
            label={t('words')}
            description={t('words.text')}
            autosize
            minRows={4}
            maxLength={2_000}
            required
          />
          <ProblemAlert error={form.problem} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.isSending}>
              {t('declare')}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}
