/** All about one turn: what was asked and said, what became of it, its signed receipt. */
import { Alert, Button, Grid, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import * as z from 'zod';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { t as common } from '../../messages/en.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert, told } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { Count, When } from '../../ui/values.tsx';
import { useQueueName } from '../market-parts/queues.tsx';
import { LEASE_STATES } from '../turn-parts/lease-state.ts';
import { t as parts } from '../turn-parts/messages.en.ts';
import { Thread } from '../turn-parts/thread.tsx';
import { Words } from '../turn-parts/words.tsx';
import { t } from './messages.en.ts';
import { ReceiptPart } from './receipt.tsx';

const LIST = { href: '/turns', title: t('back') };

export default function TurnPage() {
  const id = usePathParam('lease');
  const works = useMay('provider.admin', 'provider.agent');
  const turn = useRead('/v1/leases/{lease}', { path: { lease: id } }, { enabled: works });
  if (!works) return <ReceiptOnly lease={id} />;
  return (
    <QueryState of={turn} isPage back={LIST}>
      {(found) => <Whole turn={found} />}
    </QueryState>
  );
}

/** Finance sees what was paid for, not the customer's words. */
function ReceiptOnly({ lease }: { lease: string }) {
  return (
    <>
      <PageHeader title={t('receipt.title')} />
      <ReceiptPart lease={lease} />
    </>
  );
}

function Whole({ turn }: { turn: LeaseView }) {
  const go = useGo();
  const queue = useQueueName(turn.queue);
  const isHeld = turn.state === 'held';
  return (
    <>
      <PageHeader
        title={t('title', { queue })}
        back={LIST}
        status={<StatusBadge state={turn.state} states={LEASE_STATES} />}
        actions={isHeld && <Button onClick={() => go(`/desk?turn=${turn.id}`)}>{t('toDesk')}</Button>}
      />
      <Stack gap="lg">
        <Figures>
          <Figure name={t('fact.claimed')} note={<When iso={turn.claimedAt} />}>
            <When iso={turn.claimedAt} show="date" />
          </Figure>
          <Figure name={t('fact.deadline')} note={<When iso={turn.deadline} />}>
            <When iso={turn.deadline} show="date" />
          </Figure>
          <Figure
            name={t('fact.resolved')}
            {...(turn.resolvedAt === null ? {} : { note: <When iso={turn.resolvedAt} /> })}
          >
            <When iso={turn.resolvedAt} show="date" />
          </Figure>
          <Figure name={t('fact.stars')} {...(turn.stars === null ? { note: t('fact.stars.none') } : {})}>
            <Count value={turn.stars} />
          </Figure>
        </Figures>
        {turn.rejection !== null && (
          <Alert variant="default" color="red" title={t('rejected.title')}>
            {t(`rejected.${turn.rejection.code}`)}
            {turn.rejection.text === '' ? '' : `: ${turn.rejection.text}`}
          </Alert>
        )}
        {turn.reason !== null && (
          <Text size="sm">
            <Text span c="dimmed">
              {t('fact.reason')}:{' '}
            </Text>
            {turn.reason}
          </Text>
        )}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Stack>
              <Said lease={turn.id} />
              <LateNote lease={turn.id} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <ReceiptPart lease={turn.id} />
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  );
}

/** Words and thread, as long as they are shown. */
function Said({ lease }: { lease: string }) {
  const work = useRead('/v1/leases/{lease}/work', { path: { lease } });
  if (work.error !== null && work.data === undefined) return <Text c="dimmed">{told(work.error).text}</Text>;
  return (
    <>
      <Paper p="md">
        <Title order={2} mb="xs">
          {t('words.title')}
        </Title>
        <QueryState of={work}>{(shown) => <Words work={shown} />}</QueryState>
      </Paper>
      <section>
        <Title order={2} mb="xs">
          {parts('thread.title')}
        </Title>
        <Thread lease={lease} />
      </section>
    </>
  );
}

const NoteForm = z.strictObject({ text: z.string().trim().min(1, common('whyNot.empty')).max(4_000) });

function LateNote({ lease }: { lease: string }) {
  const add = useAct('post', '/v1/leases/{lease}/notes');
  const form = useForm({ initial: { text: '' }, schema: NoteForm, keep: `note on ${lease}` });
  return (
    <Paper p="md">
      <Title order={2}>{t('note.title')}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('note.lead')}
      </Text>
      <form
        onSubmit={form.submit(async (body) => {
          await add.mutateAsync({ path: { lease }, body });
          form.reset();
          sayDone(t('note.done'));
        })}
      >
        <Stack gap="xs">
          <Textarea {...form.text('text')} aria-label={t('note.label')} autosize minRows={2} maxLength={4_000} />
          <ProblemAlert error={form.problem} />
          <Button type="submit" variant="default" loading={form.isSending} w="fit-content">
            {t('note.send')}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
