/** A provider's sandbox: take made-up work, finish it one way or another, and see what the customers say. */
import { Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { dataOf, type Parley } from '../../../../shared/client/client.ts';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import { t as common } from '../../messages/en.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeLeft, When } from '../../ui/values.tsx';
import { LEASE_STATES } from '../turn-parts/lease-state.ts';
import { useDoInSandbox, useInSandbox } from './call.ts';
import { t } from './messages.en.ts';

type Props = { calls: Parley };

export function ProviderSandbox({ calls }: Props) {
  const turns = useInSandbox(['leases'], () => dataOf(calls.GET('/v1/leases', { params: { query: { limit: 20 } } })));
  const held = turns.data?.items.find(({ state }) => state === 'held');
  return (
    <>
      <Paper p="md" component="section">
        <Stack>
          <div>
            <Title order={2}>{t('work.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('work.lead')}
            </Text>
          </div>
          {held === undefined ? <Take calls={calls} /> : <Held calls={calls} turn={held} key={held.id} />}
        </Stack>
      </Paper>
      <section>
        <Title order={2} mb="sm">
          {t('turns.title')}
        </Title>
        <ReadTable
          caption={t('turns.caption')}
          columns={columns}
          of={turns}
          rowKey={({ id }) => id}
          empty={{ title: t('turns.none'), text: t('turns.none.text') }}
        />
      </section>
    </>
  );
}

const columns: readonly Column<LeaseView>[] = [
  { key: 'turn', header: t('column.turn'), cell: ({ request }) => request.split('.').slice(1).join('.') },
  { key: 'state', header: t('column.state'), cell: ({ state }) => <StatusBadge state={state} states={LEASE_STATES} /> },
  { key: 'claimed', header: t('column.claimed'), cell: ({ claimedAt }) => <When iso={claimedAt} /> },
];

function Take({ calls }: Props) {
  const claim = useDoInSandbox(() => dataOf(calls.POST('/v1/claims', { body: { max: 1 } })));
  return (
    <Group>
      <ActButton label={t('claim')} act={() => claim.mutateAsync()} failed={t('do.failed')} />
    </Group>
  );
}

type Way = 'resolve' | 'escalate' | 'decline';

function Held({ calls, turn: { id, leaseUntil } }: Props & { turn: LeaseView }) {
  const params = { path: { lease: id } };
  const [summary, setSummary] = useState(t('work.summary.start'));
  const work = useInSandbox(['work', id], () => dataOf(calls.GET('/v1/leases/{lease}/work', { params })));
  const finish = useDoInSandbox((way: Way) => {
    const body = { reason: t('reason') };
    switch (way) {
      case 'resolve':
        return dataOf<unknown>(calls.POST('/v1/leases/{lease}/resolve', { params, body: { code: 'solved', summary } }));
      case 'escalate':
        return dataOf<unknown>(calls.POST('/v1/leases/{lease}/escalate', { params, body }));
      case 'decline':
        return dataOf<unknown>(calls.POST('/v1/leases/{lease}/decline', { params, body }));
    }
  });
  const end = (way: Way) => () => finish.mutateAsync(way);
  return (
    <Stack>
      <Text size="sm" c="dimmed" component="div">
        {t('work.until')} <When iso={leaseUntil} show="absolute" /> (<TimeLeft iso={leaseUntil} />)
      </Text>
      <QueryState of={work}>
        {({ text }) => <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Text>}
      </QueryState>
      <Textarea
        label={t('work.summary')}
        value={summary}
        onChange={(event) => setSummary(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={400}
      />
      <Group>
        <ActButton variant="default" label={t('decline')} act={end('decline')} failed={t('do.failed')} />
        <ActButton variant="default" label={t('escalate')} act={end('escalate')} failed={t('do.failed')} />
        <ActButton
          label={t('resolve')}
          whyNot={summary.trim() === '' ? common('whyNot.empty') : null}
          act={end('resolve')}
          failed={t('do.failed')}
        />
      </Group>
    </Stack>
  );
}
