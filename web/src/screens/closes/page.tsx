/** The closes of months. */
import { Group } from '@mantine/core';
import type { Close } from '../../../../shared/close/close.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { monthText } from '../../ui/months.ts';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, When } from '../../ui/values.tsx';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { t } from './messages.en.ts';
import { nextToClose } from './next.ts';
import { CLOSE_STATES } from './states.ts';

const columns: readonly Column<Close>[] = [
  { key: 'month', header: t('column.month'), cell: ({ period }) => monthText(period) },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={CLOSE_STATES} />,
  },
  { key: 'maker', header: t('column.maker'), cell: ({ maker }) => <PersonName id={maker} /> },
  { key: 'approver', header: t('column.approver'), cell: ({ approver }) => <PersonName id={approver} /> },
  {
    key: 'invoices',
    header: t('column.invoices'),
    isNumber: true,
    cell: ({ counts }) => <Count value={counts.invoices} />,
  },
  { key: 'done', header: t('column.done'), isNumber: true, cell: ({ doneAt }) => <When iso={doneAt} /> },
];

export default function Closes() {
  const closes = useRead('/v1/closes');
  const current = useThisMonth();
  const next = closes.data === undefined ? null : nextToClose(closes.data.items[0], current);
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Group gap="md">
            <Go href={`/closes/${current}/estimate`}>{t('estimate', { month: monthText(current) })}</Go>
            {next !== null && <Begin period={next} />}
          </Group>
        }
      />
      <ReadTable
        caption={t('caption')}
        columns={columns}
        of={closes}
        rowKey={({ period }) => period}
        rowHref={({ period }) => `/closes/${period}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

function Begin({ period }: { period: string }) {
  const start = useAct('post', '/v1/closes');
  const month = monthText(period);
  if (!useMay('market.finance')) return null;
  return (
    <ConfirmButton
      label={t('begin', { month })}
      title={t('begin.title', { month })}
      consequence={t('begin.text')}
      act={() => start.mutateAsync({ body: { period } })}
      done={t('begun', { month })}
    />
  );
}
