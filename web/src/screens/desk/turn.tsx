/** One turn at work: its clocks, the request's words, the conversation with a place to answer, the playbook beside it. */
import { Alert, Box, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import type { AgentPlaybook } from '../../../../shared/playbook/playbook.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useRead } from '../../api/use-api.ts';
import { Countdown } from '../../ui/countdown.tsx';
import { Go } from '../../ui/go.tsx';
import { Empty, QueryState, Refused } from '../../ui/states.tsx';
import { TimeLeft } from '../../ui/values.tsx';
import { useQueue } from '../market-parts/queues.tsx';
import { t as parts } from '../turn-parts/messages.en.ts';
import { Thread } from '../turn-parts/thread.tsx';
import { Words } from '../turn-parts/words.tsx';
import { Composer } from './composer.tsx';
import classes from './desk.module.css';
import type { Draft } from './drafts.ts';
import { FinishButtons, type Way } from './finish.tsx';
import { t } from './messages.en.ts';
import { PlaybookParts } from './playbook.tsx';
import { withSnippet } from './snippets.ts';

const THREAD_REFRESH_MS = 10_000;

type Props = {
  turn: LeaseView;
  isIdle: boolean;
  playbook: AgentPlaybook | undefined;
  draft: Draft;
  setDraft: (change: Partial<Draft>) => void;
  reply: RefObject<HTMLTextAreaElement | null>;
  search: RefObject<HTMLInputElement | null>;
  onFinish: (way: Way) => void;
};

export function Turn({ turn, isIdle, playbook, draft, setDraft, reply, search, onFinish }: Props) {
  const queue = useQueue(turn.queue);
  const work = useRead('/v1/leases/{lease}/work', { path: { lease: turn.id } });
  const insert = (text: string) => {
    setDraft({ text: withSnippet(draft.text, text) });
    reply.current?.focus();
  };
  return (
    <div className={classes.workspace}>
      <section className={classes.centre} aria-label={parts('words.title')}>
        <Paper p="md">
          <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
            <div>
              <Title order={2}>{work.data?.category ?? ' '}</Title>
              <Text size="sm" c="dimmed">
                {queue === undefined ? turn.queue : longName(queue.serviceClass)}
              </Text>
            </div>
            <Clocks turn={turn} />
          </Group>
          {isIdle && (
            <Alert variant="default" icon={<IconClockPause />} mb="sm" role="status">
              {t('turn.idle')}
            </Alert>
          )}
          <QueryState of={work}>{(shown) => <Words work={shown} />}</QueryState>
        </Paper>
        <Box mt="md">
          <Title order={2} mb="xs">
            {parts('thread.title')}
          </Title>
          <Thread lease={turn.id} refreshMs={THREAD_REFRESH_MS} />
        </Box>
        <Paper p="md" mt="md">
          <Composer lease={turn.id} draft={draft} setDraft={setDraft} input={reply} />
        </Paper>
        <Group justify="space-between" mt="md" className={classes.finish}>
          <Go href={`/turns/${turn.id}`}>{t('turn.receipt')}</Go>
          <FinishButtons onChoose={onFinish} />
        </Group>
      </section>
      <aside className={classes.side} aria-label={t('book.title')}>
        <Title order={2} mb="xs">
          {t('book.title')}
        </Title>
        {playbook === undefined ? (
          <Text size="sm" c="dimmed">
            {t('book.none')}
          </Text>
        ) : (
          <PlaybookParts playbook={playbook} onInsert={insert} search={search} />
        )}
      </aside>
    </div>
  );
}

function Clocks({ turn }: { turn: LeaseView }) {
  return (
    <Group gap="lg">
      <Stack gap={0} align="flex-end">
        <Text size="xs" c="dimmed">
          {t('turn.deadline')}
        </Text>
        <Text fw={650} component="div">
          <TimeLeft iso={turn.deadline} />
        </Text>
      </Stack>
      <Stack gap={0} align="flex-end">
        <Text size="xs" c="dimmed" title={t('turn.lease.hint')}>
          {t('turn.lease')}
        </Text>
        <Text fw={650} component="div">
          <Countdown iso={turn.leaseUntil} over={t('held.leaseOver')} />
        </Text>
      </Stack>
    </Group>
  );
}

/** In place of a turn of the address that one does not hold any more. */
export function GoneTurn({ lease }: { lease: string }) {
  return (
    <Empty title={t('turn.gone')} text={t('turn.gone.text')}>
      <Go href={`/turns/${lease}`}>{t('turn.gone.open')}</Go>
    </Empty>
  );
}

/** The playbook of a turn; undefined where its company has none, or while it is read. */
export function usePlaybook(turn: LeaseView | undefined): AgentPlaybook | undefined {
  const read = useRead(
    '/v1/leases/{lease}/playbook',
    { path: { lease: turn?.id ?? '' } },
    { enabled: turn !== undefined && turn.playbook !== null },
  );
  return turn === undefined || turn.playbook === null ? undefined : read.data;
}

/** A refused heartbeat in a line; what it means for the turn is seen by its being gone. */
export function BeatRefusal({ refusal }: { refusal: unknown }) {
  if (!(refusal instanceof ParleyProblem)) return null;
  return <Refused error={refusal} />;
}
