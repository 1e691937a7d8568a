/** Writes the playbook of a queue, beside what the agent then sees. */
import { Alert, Badge, Button, Grid, Group, Paper, Select, Stack, Tabs, Text, Title } from '@mantine/core';
import { type FormEvent, useRef } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { type Playbook, type PlaybookContents, PlaybookInput } from '../../../../shared/playbook/playbook.ts';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { usePathParam, useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { When } from '../../ui/values.tsx';
import { PlaybookParts } from '../desk/playbook.tsx';
import { useQueue } from '../market-parts/queues.tsx';
import { Entries } from './entries.tsx';
import { t } from './messages.en.ts';
import { ShownRequest } from './shown-request.tsx';
import { ShowsFields } from './shows.tsx';
import { contentsOf, EMPTY, LISTS, type Values, valuesOf } from './values.ts';

export default function OnePlaybook() {
  const queue = usePathParam('queue');
  const found = useQueue(queue);
  const [{ version }, setState] = useUrlState({ version: '' });
  const newest = useRead('/v1/queues/{queue}/playbook', { path: { queue } });
  const older = useRead(
    '/v1/queues/{queue}/playbook',
    { path: { queue }, query: { version: Number(version) } },
    { enabled: version !== '' },
  );
  const isNew = newest.error instanceof ParleyProblem && newest.error.status === 404;
  const current = newest.data?.version ?? 0;
  const name = found === undefined ? queue : shortName(found.serviceClass);
  return (
    <>
      <PageHeader
        title={t('title', { queue: name })}
        lead={t('lead')}
        back={{ href: '/playbooks', title: t('back') }}
        status={<Badge color="gray">{current === 0 ? t('none') : t('version', { version: current })}</Badge>}
        actions={
          current > 1 && (
            <Versions
              current={current}
              shown={version === '' ? current : Number(version)}
              onChoose={(chosen) => setState({ version: chosen === current ? '' : String(chosen) })}
            />
          )
        }
      />
      {isNew ? (
        <Editor key="new" queue={queue} of={null} current={0} />
      ) : (
        <QueryState of={version === '' ? newest : older}>
          {(playbook) => (
            <>
              {playbook.version !== current && <Older of={playbook} current={current} queue={queue} />}
              <Editor key={playbook.version} queue={queue} of={playbook} current={current} />
            </>
          )}
        </QueryState>
      )}
    </>
  );
}

type VersionsProps = { current: number; shown: number; onChoose: (version: number) => void };

function Versions({ current, shown, onChoose }: VersionsProps) {
  const all = Array.from({ length: current }, (_, n) => current - n);
  return (
    <Select
      aria-label={t('versions')}
      w={150}
      data={all.map((version) => ({ value: String(version), label: t('version', { version }) }))}
      value={String(shown)}
      onChange={(value) => onChoose(Number(value))}
      allowDeselect={false}
      searchable
    />
  );
}

function Older({ of, current, queue }: { of: Playbook; current: number; queue: string }) {
  return (
    <Alert variant="default" mb="md" title={t('older', { version: of.version, current })}>
      {t('older.text')} (<When iso={of.changedAt} show="absolute" />){' '}
      <Go href={`/playbooks/${queue}`}>{t('older.newest')}</Go>
    </Alert>
  );
}

type Props = { queue: string; of: Playbook | null; current: number };

function Editor({ queue, of, current }: Props) {
  const mayWrite = useMay('company.admin', 'company.operator');
  const put = useAct('put', '/v1/queues/{queue}/playbook');
  const form = useForm({
    keep: `playbook ${queue} ${of?.version ?? 0}`,
    initial: of === null ? EMPTY : valuesOf(of),
    schema: PlaybookInput,
    toBody: (values: Values) => ({ ...contentsOf(values), replaces: current }),
  });
  const [, setState] = useUrlState({ version: '' });
  const submit = (event: FormEvent) =>
    form.submit(async (body) => {
      const saved = await put.mutateAsync({ path: { queue }, body: PlaybookInput.parse(body) });
      setState({ version: '' });
      sayDone(t(saved.version === current ? 'unchanged' : 'saved', { version: saved.version }));
    })(event);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <form onSubmit={submit} noValidate>
          <Tabs defaultValue="sections" keepMounted={false}>
            <Tabs.List mb="md">
              {[...LISTS, 'shows' as const].map((tab) => (
                <Tabs.Tab key={tab} value={tab}>
                  {t(`tab.${tab}`)}
                  {tab !== 'shows' && form.values[tab].length > 0 && ` (${form.values[tab].length})`}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {LISTS.map((list) => (
              <Tabs.Panel key={list} value={list}>
                <Entries
                  list={list}
                  entries={form.values[list]}
                  errors={form.errors}
                  onChange={(entries) => form.set({ [list]: entries })}
                />
              </Tabs.Panel>
            ))}
            <Tabs.Panel value="shows">
              <ShowsFields values={form.values} set={form.set} />
            </Tabs.Panel>
          </Tabs>
          <Stack mt="lg">
            <Wrong errors={form.errors} />
            <ProblemAlert error={form.problem} />
            {mayWrite && (
              <Group justify="flex-end">
                <Button type="submit" loading={form.isSending}>
                  {t('save', { version: current + 1 })}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack gap="lg">
          <Paper p="md">
            <Title order={2}>{t('preview.title')}</Title>
            <Text size="sm" c="dimmed" mb="md">
              {t('preview.text')}
            </Text>
            <AgentView queue={queue} version={current + 1} of={contentsOf(form.values)} />
          </Paper>
          {current > 0 && mayWrite && <ShownRequest queue={queue} />}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** The desk's own view of it. A snippet is put into the agent's answer there; here there is none. */
function AgentView({ queue, version, of }: { queue: string; version: number; of: PlaybookContents }) {
  const search = useRef<HTMLInputElement>(null);
  if (LISTS.every((list) => of[list].length === 0)) return <Text c="dimmed">{t('preview.empty')}</Text>;
  return (
    <PlaybookParts
      playbook={{ queue, version, ...of }}
      search={search}
      onInsert={(text) => sayDone(t('preview.inserted', { text }))}
    />
  );
}

/** What is wrong may stand in a tab that is not open, so it is said below as well. */
function Wrong({ errors }: { errors: Readonly<Record<string, string>> }) {
  return Object.entries(errors).map(([field, message]) => (
    <Text key={field} c="var(--parley-bad)" size="sm" role="alert">
      {field} {message}
    </Text>
  ));
}
