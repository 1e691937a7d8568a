/** Files of requests that were handed over. */
import { Group, Progress } from '@mantine/core';
import type { ImportView } from '../../../../shared/import/import.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Percent, When } from '../../ui/values.tsx';
import { IMPORT_STATES } from '../company-parts/import-state.ts';
import { t } from './messages.en.ts';

const REFRESH_MS = 5_000;

const columns: readonly Column<ImportView>[] = [
  { key: 'name', header: t('column.name'), cell: ({ name }) => name },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={IMPORT_STATES} />,
  },
  {
    key: 'percent',
    header: t('column.percent'),
    isNumber: true,
    cell: ({ percent }) => (
      <Group gap="xs" wrap="nowrap" justify="flex-end">
        <Progress value={percent} w={60} aria-hidden="true" />
        <Percent bps={percent * 100} />
      </Group>
    ),
  },
  {
    key: 'accepted',
    header: t('column.accepted'),
    isNumber: true,
    cell: ({ rows }) => <Count value={rows.accepted} />,
  },
  {
    key: 'repeated',
    header: t('column.repeated'),
    isNumber: true,
    cell: ({ rows }) => <Count value={rows.repeated} />,
  },
  { key: 'refused', header: t('column.refused'), isNumber: true, cell: ({ rows }) => <Count value={rows.refused} /> },
  { key: 'made', header: t('column.made'), isNumber: true, cell: ({ createdAt }) => <When iso={createdAt} /> },
];

export default function Imports() {
  const imports = usePages('/v1/imports', { query: { limit: 50 } }, { refreshMs: REFRESH_MS });
  const make = <LinkButton href="/imports/new">{t('make')}</LinkButton>;
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} actions={make} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={imports}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/imports/${id}`}
        empty={{ title: t('empty'), text: t('empty.text'), action: make }}
      />
    </>
  );
}
