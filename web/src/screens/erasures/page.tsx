/** Customers who had erased what they said, with their requests. */
import { Stack, Text } from '@mantine/core';
import type { Erasure } from '../../../../shared/customer/erasure.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const SHOWN = 5;

const columns: readonly Column<Erasure>[] = [
  {
    key: 'customer',
    header: t('column.customer'),
    cell: ({ customer }) => <span style={{ overflowWrap: 'anywhere' }}>{customer}</span>,
  },
  {
    key: 'requested',
    header: t('column.requested'),
    isNumber: true,
    cell: ({ requestedAt }) => <When iso={requestedAt} show="absolute" />,
  },
  {
    key: 'erased',
    header: t('column.erased'),
    isNumber: true,
    cell: ({ erasedAt }) => (erasedAt === null ? t('running') : <When iso={erasedAt} show="absolute" />),
  },
  { key: 'requests', header: t('column.requests'), cell: ({ requests }) => <Requests of={requests} /> },
];

function Requests({ of }: { of: readonly string[] }) {
  return (
    <Stack gap={2}>
      {of.slice(0, SHOWN).map((request) => (
        <Go key={request} href={`/requests/${request}`}>
          {request}
        </Go>
      ))}
      {of.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t('more', { count: of.length - SHOWN })}
        </Text>
      )}
    </Stack>
  );
}

export default function Erasures() {
  const erasures = usePages('/v1/erasures', { query: { limit: 50 } });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} back={{ href: '/requests', title: t('back') }} />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={erasures}
        rowKey={({ customer, requestedAt }) => `${customer} ${requestedAt}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}
