/** Samples of silent resolutions, and what somebody found on looking at them. */
import { Group, Radio, Select, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { AuditResult, AuditSample } from '../../../../shared/resolution/audit.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useUrlState } from '../../app/navigate.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { monthOf, monthsThrough, monthText } from '../../ui/months.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const MONTHS = 13;
const RESULTS = { pass: { text: t('pass'), tone: 'good' }, fail: { text: t('fail'), tone: 'bad' } } as const;

const columns: readonly Column<AuditSample>[] = [
  { key: 'request', header: t('column.request'), cell: ({ request }) => request },
  { key: 'provider', header: t('column.provider'), cell: ({ provider }) => <OrganisationName id={provider} /> },
  {
    key: 'resolved',
    header: t('column.resolved'),
    cell: ({ resolvedAt }) => <When iso={resolvedAt} show="absolute" />,
  },
  { key: 'summary', header: t('column.summary'), cell: ({ summary }) => summary },
  { key: 'result', header: t('column.result'), cell: (sample) => <Found sample={sample} /> },
];

export default function Audits() {
  const queues = useQueueList();
  const months = monthsThrough(monthOf(useNow()), MONTHS);
  const [{ queue: chosen, month }, set] = useUrlState({ queue: '', month: months[0]! });
  const queue = chosen === '' ? (queues[0]?.id ?? '') : chosen;
  const samples = usePages(
    '/v1/operator/audit-samples',
    { query: { queue, month, limit: 50 } },
    { enabled: queue !== '' },
  );
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Group mb="md">
        <Select
          label={t('queue')}
          miw={280}
          value={queue}
          allowDeselect={false}
          onChange={(value) => set({ queue: value ?? '' })}
          data={queues.map(({ id, serviceClass }) => ({ value: id, label: longName(serviceClass) }))}
        />
        <Select
          label={t('month')}
          value={month}
          allowDeselect={false}
          onChange={(value) => set({ month: value ?? months[0]! })}
          data={months.map((value) => ({ value, label: monthText(value) }))}
        />
      </Group>
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={samples}
        rowKey={({ lease }) => lease}
        empty={{ title: t('none'), text: t('none.text') }}
      />
    </>
  );
}

function Found({ sample: { lease, result, reason } }: { sample: AuditSample }) {
  const record = useAct('post', '/v1/operator/audit-samples/{lease}/result');
  const [finding, setFinding] = useState<AuditResult>({ result: 'pass', reason: '' });
  if (result !== null)
    return (
      <>
        <StatusBadge state={result} states={RESULTS} />
        <Text size="sm" c="dimmed">
          {reason}
        </Text>
      </>
    );
  return (
    <ConfirmButton
      label={t('record')}
      size="compact-sm"
      variant="default"
      title={t('record.title')}
      consequence={
        <Stack>
          <Radio.Group
            label={t('record.result')}
            value={finding.result}
            onChange={(value) => setFinding({ ...finding, result: value as AuditResult['result'] })}
          >
            <Group mt={4}>
              <Radio value="pass" label={t('pass')} />
              <Radio value="fail" label={t('fail')} />
            </Group>
          </Radio.Group>
          <Textarea
            label={t('record.reason')}
            value={finding.reason}
            onChange={(event) => setFinding({ ...finding, reason: event.currentTarget.value })}
            maxLength={1_000}
            autosize
            minRows={2}
            required
          />
        </Stack>
      }
      act={() => record.mutateAsync({ path: { lease }, body: finding })}
      done={t('record.done')}
    />
  );
}
