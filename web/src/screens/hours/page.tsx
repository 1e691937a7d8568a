/** Working hours by which deadlines are counted, for all queues or for one. */
import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type CompanyHours, OpeningHours } from '../../../../shared/calendar/calendar.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { OpeningHoursInput, usualHours } from '../../ui/opening-hours.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { queuesOf, useCommitments } from '../company-parts/own.ts';
import { useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

export default function Hours() {
  const calendar = useRead('/v1/calendar');
  const [{ queue }, setState] = useUrlState({ queue: '' });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={calendar}>
        {({ items }) => {
          const own = items.find((hours) => (hours.queue ?? '') === queue);
          return (
            <Stack gap="lg" maw={760}>
              <WhichQueue queue={queue} items={items} onChoose={(chosen) => setState({ queue: chosen })} />
              <ForOne
                key={`${queue} ${own === undefined}`}
                queue={queue}
                own={own}
                hasUsual={items.some((hours) => hours.queue === null)}
              />
            </Stack>
          );
        }}
      </QueryState>
    </>
  );
}

type WhichProps = { queue: string; items: readonly CompanyHours[]; onChoose: (queue: string) => void };

function WhichQueue({ queue, items, onChoose }: WhichProps) {
  const committed = queuesOf(useCommitments().items);
  const list = useQueueList().filter(({ id }) => committed.includes(id) || items.some((hours) => hours.queue === id));
  const mark = (id: string | null) => (items.some((hours) => hours.queue === id) ? ` (${t('for.own')})` : '');
  return (
    <Select
      label={t('for')}
      data={[
        { value: '', label: t('for.all') },
        ...list.map(({ id, serviceClass }) => ({ value: id, label: `${longName(serviceClass)}${mark(id)}` })),
      ]}
      value={queue}
      onChange={(value) => onChoose(value ?? '')}
      allowDeselect={false}
    />
  );
}

function ForOne({ queue, own, hasUsual }: { queue: string; own: CompanyHours | undefined; hasUsual: boolean }) {
  const mayWrite = useMay('company.admin');
  const [isStating, setStating] = useState(false);
  if (own === undefined && !isStating)
    return (
      <Paper p="md">
        <Text mb="sm">{t(queue !== '' && hasUsual ? 'none.usual' : 'none')}</Text>
        {mayWrite && <Button onClick={() => setStating(true)}>{t('state')}</Button>}
      </Paper>
    );
  return <Editor queue={queue} own={own} mayWrite={mayWrite} />;
}

type EditorProps = { queue: string; own: CompanyHours | undefined; mayWrite: boolean };

function Editor({ queue, own, mayWrite }: EditorProps) {
  const put = useAct('put', '/v1/calendar');
  const remove = useAct('delete', '/v1/calendar');
  const query = queue === '' ? {} : { queue };
  const form = useForm({ initial: { ...(own?.hours ?? usualHours()) }, schema: OpeningHours });
  const submit = (event: FormEvent) =>
    form.submit(async (body) => {
      await put.mutateAsync({ query, body: OpeningHours.parse(body) });
      sayDone(t('saved'));
    })(event);
  return (
    <form onSubmit={submit} noValidate>
      <Paper p="md">
        <OpeningHoursInput value={form.values} onChange={form.set} errors={form.errors} />
      </Paper>
      <Stack mt="md">
        <ProblemAlert error={form.problem} />
        {mayWrite && (
          <Group justify="flex-end">
            {own !== undefined && (
              <ConfirmButton
                label={t('remove')}
                variant="default"
                title={t('remove.title')}
                consequence={t(queue === '' ? 'remove.text.all' : 'remove.text.queue')}
                act={() => remove.mutateAsync({ query })}
                done={t('removed')}
              />
            )}
            <Button type="submit" loading={form.isSending}>
              {t('save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
