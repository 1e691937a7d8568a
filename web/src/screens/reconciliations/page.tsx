/** The reconciliations of the ledger with Stripe. */
import { Text } from '@mantine/core';
import type { Reconciliation } from '../../../../shared/reconciliation/reconciliation.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { dayText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { RECONCILIATION_STATES } from './states.ts';

const columns: readonly Column<Reconciliation>[] = [
  { key: 'day', header: t('column.day'), cell: ({ day }) => dayText(day) },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={RECONCILIATION_STATES} />,
  },
  {
    key: 'compared',
    header: t('column.compared'),
    isNumber: true,
    cell: ({ compared }) => <Count value={compared.reduce((sum, { subjects }) => sum + subjects, 0)} />,
  },
  { key: 'breaks', header: t('column.breaks'), isNumber: true, cell: ({ breaks }) => <Count value={breaks} /> },
  {
    key: 'serious',
    header: t('column.serious'),
    isNumber: true,
    cell: ({ serious }) => (
      <Text span inherit {...(serious > 0 ? { c: 'var(--parley-bad)' } : {})}>
        <Count value={serious} />
      </Text>
    ),
  },
  {
    key: 'finished',
    header: t('column.finished'),
    isNumber: true,
    cell: ({ finishedAt }) => <When iso={finishedAt} />,
  },
];

export default function Reconciliations() {
  const all = usePages('/v1/reconciliations', { query: { limit: 100 } }, { refreshMs: 10_000 });
  const start = useAct('post', '/v1/reconciliations');
  const may = useMay('market.finance');
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          may && (
            <ConfirmButton
              label={t('run')}
              title={t('run.title')}
              consequence={t('run.text')}
              act={() => start.mutateAsync({ body: {} })}
              done={t('started')}
            />
          )
        }
      />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={all}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/reconciliations/${encodeURIComponent(id)}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}
