/** Finds the open requests that an incident explains, and links all of them or those that one chooses. */
import { Button, Checkbox, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { type IncidentView, type Preview, Selection } from '../../../../shared/incident/incident.ts';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { Empty } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { fromField, inField } from '../company-parts/local-time.ts';
import { Candidates } from './candidates.tsx';
import { t } from './messages.en.ts';

/** What was found, by the selection that was asked with: linking all takes the same, not what stands in the fields since. */
type Found = { preview: Preview; selection: Selection };

export function LinkRequests({ incident }: { incident: IncidentView }) {
  const [found, setFound] = useState<Found | null>(null);
  const form = useForm({
    initial: { since: inField(Date.parse(incident.since)), search: '', working: false },
    schema: Selection,
    toBody: (values) => ({ by: 'since', ...values, since: fromField(values.since) }),
  });
  const look = form.submit(async (body) => {
    const selection = Selection.parse(body);
    const preview = await call('post', '/v1/incidents/{incident}/preview', {
      path: { incident: incident.id },
      body: selection,
    });
    setFound({ preview, selection });
  });
  return (
    <Paper p="md">
      <Title order={2}>{t('link.title')}</Title>
      <Text c="dimmed" size="sm" mb="sm">
        {t('link.lead')}
      </Text>
      <form onSubmit={look} noValidate>
        <Stack gap="sm">
          <Group align="flex-start">
            <TextInput {...form.text('since')} type="datetime-local" label={t('link.since')} w={240} required />
            <TextInput
              {...form.text('search')}
              label={t('link.search')}
              description={t('link.search.text')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              maxLength={200}
              flex={1}
              miw={220}
            />
          </Group>
          <Checkbox {...form.checkbox('working')} label={t('link.working')} description={t('link.working.text')} />
          <ProblemAlert error={form.problem} />
          <Group>
            <Button type="submit" variant="default" loading={form.isSending}>
              {t('link.preview')}
            </Button>
          </Group>
        </Stack>
      </form>
      {found !== null && (
        <Results key={JSON.stringify(found)} found={found} incident={incident} onLinked={() => setFound(null)} />
      )}
    </Paper>
  );
}

type ResultProps = { found: Found; incident: IncidentView; onLinked: () => void };

function Results({ found: { preview, selection }, incident, onLinked }: ResultProps) {
  const { looked, matching, working, isWhole, items } = preview;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (request: string) =>
    setChosen((before) => (before.includes(request) ? before.filter((one) => one !== request) : [...before, request]));
  if (matching === 0) return <Empty title={t('link.none')} text={t('link.none.text')} />;
  const notes = [
    t('link.found', { matching, looked }),
    ...(working > 0 ? [t('link.found.working', { working })] : []),
    ...(isWhole ? [] : [t('link.found.partly', { looked })]),
    ...(matching > items.length ? [t('link.shown', { count: items.length })] : []),
  ];
  return (
    <Stack gap="sm" mt="md">
      <Text role="status">{notes.join(' · ')}</Text>
      <Candidates items={items} chosen={chosen} toggle={toggle} />
      <Group justify="flex-end">
        {chosen.length > 0 && (
          <Link
            label={t('link.chosen', { count: chosen.length })}
            variant="default"
            incident={incident}
            selection={{ by: 'chosen', requests: [...chosen] }}
            onLinked={onLinked}
          />
        )}
        <Link label={t('link.all')} incident={incident} selection={selection} onLinked={onLinked} />
      </Group>
    </Stack>
  );
}

type LinkProps = {
  label: string;
  variant?: 'default';
  incident: IncidentView;
  selection: Selection;
  onLinked: () => void;
};

function Link({ label, variant, incident: { id, title }, selection, onLinked }: LinkProps) {
  const link = useAct('post', '/v1/incidents/{incident}/links');
  return (
    <ConfirmButton
      label={label}
      {...(variant === undefined ? {} : { variant })}
      title={t('link.confirm')}
      consequence={t('link.confirm.text', { title: title ?? '' })}
      confirm={t('link.act')}
      act={async () => {
        await link.mutateAsync({ path: { incident: id }, body: selection });
        sayDone(t('link.begun'));
        onLinked();
      }}
    />
  );
}
