/** Open requests that could be linked, each to be chosen. */
import { Checkbox } from '@mantine/core';
import type { Candidate } from '../../../../shared/incident/incident.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { REQUEST_STATES } from '../company-parts/request-state.ts';
import { t } from './messages.en.ts';

type Props = { items: readonly Candidate[]; chosen: readonly string[]; toggle: (request: string) => void };

export function Candidates({ items, chosen, toggle }: Props) {
  const columns: Column<Candidate>[] = [
    {
      key: 'choose',
      header: t('column.choose'),
      cell: ({ request, externalId }) => (
        <Checkbox
          aria-label={t('link.choose', { id: externalId })}
          checked={chosen.includes(request)}
          onChange={() => toggle(request)}
        />
      ),
    },
    {
      key: 'request',
      header: t('column.request'),
      cell: ({ request, externalId }) => <Go href={`/requests/${request}`}>{externalId}</Go>,
    },
    { key: 'text', header: t('column.text'), cell: ({ text }) => text },
    {
      key: 'state',
      header: t('column.state'),
      cell: ({ state }) => <StatusBadge state={state} states={REQUEST_STATES} />,
    },
    { key: 'at', header: t('column.accepted'), cell: ({ acceptedAt }) => <When iso={acceptedAt} /> },
  ];
  return <DataTable caption={t('link.caption')} columns={columns} rows={items} rowKey={({ request }) => request} />;
}
