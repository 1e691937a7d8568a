/** The playbooks of one's queues. */
import { useQuery } from '@tanstack/react-query';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { Playbook } from '../../../../shared/playbook/playbook.ts';
import { call } from '../../api/call.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { queuesOf, useCommitments } from '../company-parts/own.ts';
import { ClassName, useQueue } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

type Row = { queue: string; playbook: Playbook | null };

const columns: readonly Column<Row>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <Name id={queue} /> },
  {
    key: 'version',
    header: t('column.version'),
    cell: ({ playbook }) => (playbook === null ? t('none') : t('version', { version: playbook.version })),
  },
  {
    key: 'changed',
    header: t('column.changed'),
    isNumber: true,
    cell: ({ playbook }) => <When iso={playbook?.changedAt ?? null} />,
  },
];

function Name({ id }: { id: string }) {
  const queue = useQueue(id);
  return queue === undefined ? id : <ClassName of={queue.serviceClass} />;
}

async function readRow(queue: string, signal: AbortSignal): Promise<Row> {
  try {
    const playbook = await call('get', '/v1/queues/{queue}/playbook', { path: { queue } }, { signal });
    return { queue, playbook };
  } catch (error) {
    if (error instanceof ParleyProblem && error.status === 404) return { queue, playbook: null };
    throw error;
  }
}

export default function Playbooks() {
  const commitments = useCommitments();
  const queues = queuesOf(commitments.items);
  const rows = useQuery({
    queryKey: ['playbooks of', queues],
    queryFn: ({ signal }) => Promise.all(queues.map((queue) => readRow(queue, signal))),
    enabled: commitments.query.data !== undefined,
  });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={commitments.query}>
        {() => (
          <QueryState of={rows}>
            {(found) =>
              found.length === 0 ? (
                <Empty title={t('empty')} text={t('empty.text')} />
              ) : (
                <DataTable
                  caption={t('caption')}
                  columns={columns}
                  rows={found}
                  rowKey={({ queue }) => queue}
                  rowHref={({ queue }) => `/playbooks/${queue}`}
                />
              )
            }
          </QueryState>
        )}
      </QueryState>
    </>
  );
}
