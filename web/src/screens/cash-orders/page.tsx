/** Orders of cash, and the transactions at Stripe that nobody has explained. */
import { Group, Text } from '@mantine/core';
import type { CashOrder, UnknownTransaction } from '../../../../shared/cash/order.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, DataTable, PagedTable } from '../../ui/data-table.tsx';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, None, When } from '../../ui/values.tsx';
import { Section } from '../finance-parts/section.tsx';
import { ORDER_STATES } from '../money-parts/states.ts';
import { aboutOf, amountOf } from './about.ts';
import { EnterPayment, Explain, PayOut } from './enter.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 10_000;
const BREAK = { overflowWrap: 'anywhere' } as const;

const columns: readonly Column<CashOrder>[] = [
  { key: 'kind', header: t('column.kind'), cell: ({ order }) => t(`kind.${order.kind}`) },
  { key: 'about', header: t('column.about'), cell: (order) => <span style={BREAK}>{aboutOf(order)}</span> },
  { key: 'state', header: t('column.state'), cell: ({ state }) => <StatusBadge state={state} states={ORDER_STATES} /> },
  { key: 'by', header: t('column.by'), cell: ({ madeBy }) => <PersonName id={madeBy} /> },
  { key: 'at', header: t('column.at'), isNumber: true, cell: ({ madeAt }) => <When iso={madeAt} /> },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: (order) => <Money micros={amountOf(order)} currency={order.currency} />,
  },
];

export default function CashOrders() {
  const orders = usePages('/v1/cash-orders', { query: { limit: 100 } }, { refreshMs: REFRESH_MS });
  const may = useMay('market.finance');
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          may && (
            <Group gap="xs">
              <PayOut />
              <EnterPayment variant="filled" />
            </Group>
          )
        }
      />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={orders}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/cash-orders/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
      <div style={{ marginBlockStart: '2rem' }}>
        <Unknown may={may} />
      </div>
    </>
  );
}

const unknownColumns: readonly Column<UnknownTransaction>[] = [
  { key: 'transaction', header: t('unknown.transaction'), cell: (of) => <span style={BREAK}>{of.transaction}</span> },
  { key: 'type', header: t('unknown.type'), cell: ({ type }) => type },
  { key: 'source', header: t('unknown.source'), cell: ({ source }) => <span style={BREAK}>{source ?? <None />}</span> },
  { key: 'when', header: t('unknown.when'), isNumber: true, cell: ({ createdAt }) => <When iso={createdAt} /> },
  {
    key: 'net',
    header: t('unknown.net'),
    isNumber: true,
    cell: ({ netMicros, currency }) => <Money micros={netMicros} currency={currency} />,
  },
];
const explain: Column<UnknownTransaction> = {
  key: 'do',
  header: t('explain'),
  cell: (of) => <Explain of={of} />,
};

function Unknown({ may }: { may: boolean }) {
  const unknown = useRead('/v1/unknown-transactions');
  return (
    <Section title={t('unknown')} lead={t('unknown.lead')}>
      <QueryState of={unknown}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('unknown.none')}</Text>
          ) : (
            <DataTable
              caption={t('unknown.caption')}
              columns={may ? [...unknownColumns, explain] : unknownColumns}
              rows={items}
              rowKey={({ transaction }) => transaction}
            />
          )
        }
      </QueryState>
    </Section>
  );
}
