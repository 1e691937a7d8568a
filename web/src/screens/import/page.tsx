/** One import: how far it has come, what was refused and why, and how to stop it or go on. */
import { Alert, Code, Paper, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ImportView } from '../../../../shared/import/import.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { countText, percentText } from '../../ui/format.ts';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { IMPORT_STATES } from '../company-parts/import-state.ts';
import { ChooseFile } from '../import-new/choose-file.tsx';
import { sendParts } from '../import-new/upload.ts';
import { QueueLink } from '../market-parts/queues.tsx';
import { Errors } from './errors.tsx';
import { t } from './messages.en.ts';

const RUNNING_MS = 1_500;
const LIST = { href: '/imports', title: t('back') };

export default function OneImport() {
  const id = usePathParam('import');
  const [isRunning, setRunning] = useState(true);
  const refresh = isRunning ? { refreshMs: RUNNING_MS } : {};
  const found = useRead('/v1/imports/{import}', { path: { import: id } }, refresh);
  const state = found.data?.state;
  if (state !== undefined && (state === 'running') !== isRunning) setRunning(state === 'running');
  return (
    <QueryState of={found} isPage back={LIST}>
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            back={LIST}
            status={<StatusBadge state={data.state} states={IMPORT_STATES} />}
            actions={<Actions of={data} />}
          />
          <Stack gap="lg">
            {data.reason !== null && <Alert variant="default">{t('reason', { reason: data.reason })}</Alert>}
            {data.state === 'uploading' && <UploadAgain id={data.id} />}
            <HowFar of={data} />
            <Errors id={data.id} name={data.name} refreshMs={isRunning ? RUNNING_MS : undefined} />
            <TheFile of={data} />
          </Stack>
        </>
      )}
    </QueryState>
  );
}

function HowFar({ of: { percent, rows, queue } }: { of: ImportView }) {
  const text = t('progress.text', { percent: percentText(percent * 100) });
  const accepted = countText(rows.accepted);
  return (
    <>
      <div>
        <Text size="sm" role="status" mb={4}>
          {text}
        </Text>
        <Progress value={percent} size="lg" aria-label={t('progress.label')} />
      </div>
      <Figures>
        <Figure name={t('seen')}>{countText(rows.seen)}</Figure>
        <Figure name={t('accepted')} note={t('accepted.note')}>
          {queue === null ? (
            accepted
          ) : (
            <FigureLink href={`/requests?queue=${queue}`} what={t('requests')}>
              {accepted}
            </FigureLink>
          )}
        </Figure>
        <Figure name={t('repeated')} note={t('repeated.note')}>
          {countText(rows.repeated)}
        </Figure>
        <Figure name={t('refused')} note={t('refused.note')}>
          {countText(rows.refused)}
        </Figure>
      </Figures>
    </>
  );
}

function Actions({ of: { id, state } }: { of: ImportView }) {
  const cancel = useAct('post', '/v1/imports/{import}/cancel');
  const resume = useAct('post', '/v1/imports/{import}/resume');
  const path = { import: id };
  if (state === 'running' || state === 'uploading')
    return (
      <ConfirmButton
        label={t('cancel')}
        variant="default"
        title={t('cancel.title')}
        consequence={t('cancel.text')}
        act={() => cancel.mutateAsync({ path })}
        done={t('cancelled')}
      />
    );
  if (state !== 'cancelled' && state !== 'stopped') return null;
  return <ActButton label={t('resume')} act={() => resume.mutateAsync({ path })} done={t('resumed')} />;
}

/** After a reload in the midst of it, or where the connection was lost. */
function UploadAgain({ id }: { id: string }) {
  const start = useAct('post', '/v1/imports/{import}/start');
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const send = async (file: File) => {
    setError(null);
    setShare(0);
    try {
      const parts = await sendParts(
        id,
        file,
        (bytes) => setShare((100 * bytes) / file.size),
        new AbortController().signal,
      );
      await start.mutateAsync({ path: { import: id }, body: { parts } });
    } catch (refusal) {
      setError(refusal);
    }
    setShare(null);
  };
  return (
    <Paper p="md">
      <Title order={2}>{t('upload.title')}</Title>
      <Text mb="sm">{t('upload.text')}</Text>
      <ProblemAlert error={error} />
      {share === null ? (
        <ChooseFile file={null} onChoose={(file) => void send(file)} />
      ) : (
        <Progress value={share} aria-label={t('upload.title')} />
      )}
    </Paper>
  );
}

function TheFile({ of }: { of: ImportView }) {
  const rows: [string, ReactNode][] = [
    [t('facts.format'), of.format.toUpperCase()],
    [t('facts.queue'), of.queue === null ? t('facts.queue.none') : <QueueLink key="queue" id={of.queue} />],
    [t('facts.parts'), countText(of.parts)],
    [t('facts.by'), <PersonName key="by" id={of.createdBy} />],
    [t('facts.made'), <When key="made" iso={of.createdAt} show="absolute" />],
    [t('facts.started'), <When key="started" iso={of.startedAt} show="absolute" />],
    [t('facts.ended'), <When key="ended" iso={of.endedAt} show="absolute" />],
  ];
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('facts.title')}
      </Title>
      <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing={0}>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w={140}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {of.mapping !== null && (
        <details>
          <summary>{t('mapping.title')}</summary>
          <Code block mt="xs">
            {JSON.stringify(of.mapping, null, 2)}
          </Code>
        </details>
      )}
    </Paper>
  );
}
