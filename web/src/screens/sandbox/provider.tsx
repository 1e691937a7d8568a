/** A provider's sandbox: take made-up work, finish it one way or another, and see what the customers say. */
import { Button, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { dataOf, type Parley } from '../../../../shared/client/client.ts';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import { t as common } from '../../messages/en.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { TimeLeft, When } from '../../ui/values.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
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
        <QueryState of={turns}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('turns.none')} text={t('turns.none.text')} />
            ) : (
              <DataTable caption={t('turns.caption')} columns={columns} rows={items} rowKey={({ id }) => id} />
            )
          }
        </QueryState>
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
      <Button
        loading={claim.isPending}
        onClick={() => claim.mutate(undefined, { onError: (error) => sayFailed(t('do.failed'), error) })}
      >
        {t('claim')}
      </Button>
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
  const end = (way: Way) => finish.mutate(way, { onError: (error) => sayFailed(t('do.failed'), error) });
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
        <Button variant="default" loading={finish.isPending} onClick={() => end('decline')}>
          {t('decline')}
        </Button>
        <Button variant="default" loading={finish.isPending} onClick={() => end('escalate')}>
          {t('escalate')}
        </Button>
        <WhyNot why={summary.trim() === '' ? common('whyNot.empty') : null}>
          <Button loading={finish.isPending} onClick={() => end('resolve')}>
            {t('resolve')}
          </Button>
        </WhyNot>
      </Group>
    </Stack>
  );
}
