/** Sends one request by hand. */
import { ActionIcon, Button, Group, Paper, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { RequestInput } from '../../../../shared/request/request.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useAct } from '../../api/use-api.ts';
import { useGo, useUrlState } from '../../app/navigate.ts';
import { moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { type Form, useForm } from '../../ui/use-form.ts';
import { queuesOf, useCommitments } from '../company-parts/own.ts';
import { useQueue, useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';
import { Suggest } from './suggest.tsx';
import { bodyOf, type Field, type Values } from './values.ts';

const newId = () => `by-hand-${crypto.randomUUID().slice(0, 8)}`;

export default function NewRequest() {
  const go = useGo();
  const [{ queue }] = useUrlState({ queue: '' });
  const send = useAct('post', '/v1/requests');
  const initial: Values = { externalId: newId(), queue, customer: '', text: '', deadline: '', fields: [] };
  const form = useForm({ initial, schema: RequestInput, toBody: bodyOf, keep: 'new request' });
  const submit = (event: FormEvent) =>
    form.submit(async (body) => {
      const made = await send.mutateAsync({ body: RequestInput.parse(body) });
      go(`/requests/${made.id}`);
      sayDone(t(made.reopens > 0 ? 'returned' : 'sent'));
    })(event);
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} back={{ href: '/requests', title: t('back') }} />
      <form onSubmit={submit} noValidate>
        <Stack maw={720} gap="lg">
          <TextInput {...form.text('customer')} label={t('customer')} description={t('customer.text')} required />
          <Textarea {...form.text('text')} label={t('text')} autosize minRows={4} maxRows={16} maxLength={8_000} />
          <Suggest text={form.values.text} onTake={(value) => form.set({ queue: value })} />
          <QueueField form={form} />
          <TextInput {...form.text('externalId')} label={t('externalId')} description={t('externalId.text')} required />
          <Paper p="md">
            <details>
              <summary>{t('more')}</summary>
              <Stack mt="sm">
                <TextInput
                  {...form.text('deadline')}
                  type="datetime-local"
                  label={t('deadline')}
                  description={t('deadline.text')}
                  maw={280}
                />
                <Fields form={form} />
              </Stack>
            </details>
          </Paper>
          <ProblemAlert error={form.problem} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.isSending}>
              {t('send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}

type Props = { form: Form<Values, unknown> };

function QueueField({ form }: Props) {
  const list = useQueueList();
  const committed = queuesOf(useCommitments().items);
  const chosen = useQueue(form.values.queue);
  const ordered = [...list].sort((a, b) => Number(committed.includes(b.id)) - Number(committed.includes(a.id)));
  return (
    <div>
      <Select
        {...form.value('queue')}
        onChange={(queue) => form.set({ queue: queue ?? '' })}
        label={t('queue')}
        description={t('queue.text')}
        data={[
          { value: '', label: t('queue.auto') },
          ...ordered.map(({ id, serviceClass }) => ({ value: id, label: longName(serviceClass) })),
        ]}
        searchable
        allowDeselect={false}
      />
      {chosen !== undefined && (
        <Text size="sm" c="dimmed" mt={4}>
          {t('price', { limit: moneyText(chosen.terms.ceilingMicros, chosen.currency) })}
        </Text>
      )}
    </div>
  );
}

const MOST_FIELDS = 30;

function Fields({ form }: Props) {
  const { fields } = form.values;
  const change = (key: string, part: Partial<Field>) =>
    form.set({ fields: fields.map((field) => (field.key === key ? { ...field, ...part } : field)) });
  return (
    <Stack gap="xs">
      <div>
        <Text size="sm" fw={500}>
          {t('fields')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('fields.text')}
        </Text>
      </div>
      {fields.map(({ key, name, value }) => (
        <Group key={key} gap="xs" wrap="nowrap" align="center">
          <TextInput
            flex={1}
            aria-label={t('fields.name')}
            placeholder={t('fields.name')}
            value={name}
            maxLength={60}
            onChange={(event) => change(key, { name: event.currentTarget.value })}
          />
          <TextInput
            flex={2}
            aria-label={t('fields.value')}
            placeholder={t('fields.value')}
            value={value}
            maxLength={400}
            onChange={(event) => change(key, { value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="default"
            aria-label={t('fields.remove')}
            onClick={() => form.set({ fields: fields.filter((field) => field.key !== key) })}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      {fields.length < MOST_FIELDS && (
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={() => form.set({ fields: [...fields, { key: crypto.randomUUID(), name: '', value: '' }] })}
          >
            {t('fields.add')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
