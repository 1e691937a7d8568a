/** Messages that failed for good, and the way back for them. */
import { Code, Group, Paper, Text } from '@mantine/core';
import type { QueueName } from '../../../../shared/kernel/message.ts';
import type { DeadLetter } from '../../../../shared/operations/operations.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { Count, When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;

const columns: readonly Column<DeadLetter>[] = [
  { key: 'queue', header: t('dead.queue'), cell: ({ queue }) => nameOf(queue) },
  {
    key: 'body',
    header: t('dead.body'),
    cell: ({ body }) => <Code style={{ overflowWrap: 'anywhere' }}>{body}</Code>,
  },
  { key: 'cause', header: t('dead.cause'), cell: ({ cause }) => cause ?? t('dead.cause.none') },
  { key: 'sent', header: t('dead.sent'), cell: ({ firstSentAt }) => <When iso={firstSentAt} show="absolute" /> },
  { key: 'receives', header: t('dead.receives'), isNumber: true, cell: ({ receives }) => <Count value={receives} /> },
];
const again: Column<DeadLetter> = { key: 'do', header: t('redrive'), cell: (letter) => <BringBack letter={letter} /> };

/** A queue of messages by what it does. */
const nameOf = (queue: string): string => NAMES[queue as QueueName] ?? queue;
const NAMES: Readonly<Record<QueueName, string>> = {
  clearing: t('queue.clearing'),
  sweeps: t('queue.sweeps'),
  deliveries: t('queue.deliveries'),
  imports: t('queue.imports'),
  'stripe-in': t('queue.stripe-in'),
  'stripe-out': t('queue.stripe-out'),
};

export function DeadLetters() {
  const letters = useRead('/v1/operator/dead-letters', { query: { limit: 100 } }, { refreshMs: REFRESH_MS });
  const redrive = useAct('post', '/v1/operator/dead-letters/{queue}/redrive');
  const operates = useMay('market.operator');
  return (
    <QueryState of={letters}>
      {({ items }) =>
        items.length === 0 ? (
          <Paper p="md">
            <Text c="dimmed">{t('dead.none')}</Text>
          </Paper>
        ) : (
          <>
            <DataTable
              caption={t('dead.caption')}
              columns={operates ? [...columns, again] : columns}
              rows={items}
              rowKey={({ id }) => id}
            />
            <Group mt="sm">
              {!operates && <Text c="dimmed">{t('redrive.operator')}</Text>}
              {(operates ? [...new Set(items.map(({ queue }) => queue))] : []).map((queue) => (
                <ConfirmButton
                  key={queue}
                  label={t('redrive.all', { queue: nameOf(queue) })}
                  variant="default"
                  title={t('redrive.title')}
                  consequence={t('redrive.text', { queue: nameOf(queue) })}
                  confirm={t('redrive')}
                  act={async () => {
                    const { redriven } = await redrive.mutateAsync({ path: { queue: queue as QueueName }, body: {} });
                    sayDone(t('redrive.done', { count: redriven }));
                  }}
                />
              ))}
            </Group>
          </>
        )
      }
    </QueryState>
  );
}

function BringBack({ letter: { id, queue } }: { letter: DeadLetter }) {
  const redrive = useAct('post', '/v1/operator/dead-letters/{queue}/redrive');
  return (
    <ActButton
      label={t('redrive')}
      size="compact-sm"
      variant="default"
      act={() => redrive.mutateAsync({ path: { queue: queue as QueueName }, body: { messages: [id] } })}
      done={({ redriven }) => t('redrive.done', { count: redriven })}
      failed={t('redrive.failed')}
    />
  );
}
