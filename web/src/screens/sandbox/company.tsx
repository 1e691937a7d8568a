/** A company's sandbox: send practice requests, judge what the simulated provider did, see the customer's page. */
import { Group, Paper, Select, Stack, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { dataOf, type Parley } from '../../../../shared/client/client.ts';
import type { RequestView } from '../../../../shared/request/request.ts';
import { t as common } from '../../messages/en.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { None, When } from '../../ui/values.tsx';
import { REQUEST_STATES } from '../company-parts/request-state.ts';
import { useDoInSandbox, useInSandbox } from './call.ts';
import { t } from './messages.en.ts';

const THEN = ['resolve', 'hold', 'escalate', 'decline'] as const;
type Then = (typeof THEN)[number];
type Props = { calls: Parley; queue: string; round: number };

export function CompanySandbox({ calls, queue, round }: Props) {
  return (
    <>
      <Send calls={calls} queue={queue} />
      <Requests calls={calls} queue={queue} round={round} />
    </>
  );
}

function Send({ calls, queue }: Omit<Props, 'round'>) {
  const [text, setText] = useState(t('send.text.start'));
  const [then, setThen] = useState<Then>('resolve');
  const send = useDoInSandbox(() => {
    const externalId = `practice-${crypto.randomUUID().slice(0, 8)}`;
    const body = { externalId, queue, customer: `${externalId}@example.com`, text, fields: { sandbox: then } };
    return dataOf(calls.POST('/v1/requests', { body }));
  });
  return (
    <Paper p="md" component="section">
      <Stack>
        <Title order={2}>{t('send.title')}</Title>
        <Textarea
          label={t('send.text')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={8_000}
        />
        <Group align="flex-end">
          <Select
            label={t('send.then')}
            value={then}
            onChange={(value) => setThen((value ?? 'resolve') as Then)}
            allowDeselect={false}
            data={THEN.map((value) => ({ value, label: t(`then.${value}`) }))}
            miw={260}
          />
          <ActButton
            label={t('send.act')}
            whyNot={text.trim() === '' ? common('whyNot.empty') : null}
            act={() => send.mutateAsync()}
            done={t('sent')}
            failed={t('do.failed')}
          />
        </Group>
      </Stack>
    </Paper>
  );
}

function Requests({ calls, queue, round }: Props) {
  const query = { queue, round, order: 'newest' as const, limit: 20 };
  const requests = useInSandbox(['requests', queue], () => dataOf(calls.GET('/v1/requests', { params: { query } })));
  const columns: readonly Column<RequestView>[] = [
    { key: 'id', header: t('column.id'), cell: ({ externalId }) => externalId },
    {
      key: 'state',
      header: t('column.state'),
      cell: ({ state }) => <StatusBadge state={state} states={REQUEST_STATES} />,
    },
    { key: 'outcome', header: t('column.outcome'), cell: ({ outcome }) => outcome?.summary ?? <None /> },
    { key: 'sent', header: t('column.sent'), cell: ({ acceptedAt }) => <When iso={acceptedAt} /> },
    { key: 'do', header: t('column.do'), isNumber: true, cell: (request) => <Judge calls={calls} of={request} /> },
  ];
  return (
    <section>
      <Title order={2} mb="sm">
        {t('requests.title')}
      </Title>
      <ReadTable
        caption={t('requests.caption')}
        columns={columns}
        of={requests}
        rowKey={({ id }) => id}
        empty={{ title: t('requests.none'), text: t('requests.none.text') }}
      />
    </section>
  );
}

function Judge({ calls, of: { id, state } }: { calls: Parley; of: RequestView }) {
  const params = { path: { request: id } };
  const judge = useDoInSandbox((solved: boolean) =>
    dataOf<unknown>(
      solved
        ? calls.POST('/v1/requests/{request}/confirm', { params })
        : calls.POST('/v1/requests/{request}/reject', { params, body: { code: 'not_done', text: '' } }),
    ),
  );
  const say = (solved: boolean) => () => judge.mutateAsync(solved);
  const openPage = async () => {
    const { token } = await dataOf(calls.POST('/v1/requests/{request}/link', { params }));
    window.open(`/c/${token}`, '_blank', 'noopener');
  };
  return (
    <Group gap={6} justify="flex-end">
      {state === 'resolved' && (
        <>
          <ActButton size="compact-xs" label={t('confirm')} act={say(true)} failed={t('do.failed')} />
          <ActButton size="compact-xs" variant="default" label={t('reject')} act={say(false)} failed={t('do.failed')} />
        </>
      )}
      <ActButton
        size="compact-xs"
        variant="default"
        label={t('customer')}
        act={openPage}
        failed={t('customer.failed')}
      />
    </Group>
  );
}
