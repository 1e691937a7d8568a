/** The market's aged receivables and payables, and its accruals. */
import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Accrual } from '../../../../shared/finance-report/accrual.ts';
import type { AgedRow } from '../../../../shared/finance-report/aged.ts';
import { useAll } from '../../api/use-all.ts';
import { usePages } from '../../api/use-api.ts';
import type { Pages } from '../../api/use-list.ts';
import { useUrlState } from '../../app/navigate.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { OrganisationName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Money } from '../../ui/values.tsx';
import { AgedChart, agedColumns } from '../finance-parts/aged.tsx';
import { MonthFilter, useMonth, useThisMonth } from '../finance-parts/filters.tsx';
import { t } from './messages.en.ts';
import { byCurrency } from './sums.ts';

const KINDS = ['receivables', 'payables', 'accruals'] as const;
/** Pages are of parties: so many rows are read by themselves, further ones when asked for. */
const READ_AT_ONCE = 300;

export default function Aged() {
  const [{ of: chosen }, set] = useUrlState({ of: 'receivables' });
  const of = KINDS.find((kind) => kind === chosen) ?? 'receivables';
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={of === 'payables' && <Go href="/provider-debts">{t('debts')}</Go>}
      />
      <SegmentedControl
        mb="md"
        aria-label={t('of')}
        value={of}
        onChange={(value) => set({ of: value })}
        data={KINDS.map((value) => ({ value, label: t(`of.${value}`) }))}
      />
      {of === 'receivables' ? <Receivables /> : of === 'payables' ? <Payables /> : <Accruals />}
    </>
  );
}

function Receivables() {
  const rows = useAll(usePages('/v1/aged-receivables', { query: { limit: 100 } }), READ_AT_ONCE);
  return <AgedOf of="receivables" rows={rows} href={({ party }) => `/companies/${party}`} />;
}

function Payables() {
  const rows = useAll(usePages('/v1/aged-payables', { query: { limit: 100 } }), READ_AT_ONCE);
  const period = useThisMonth();
  return (
    <AgedOf
      of="payables"
      rows={rows}
      href={({ party, currency }) => `/accounts/2100?${new URLSearchParams({ period, currency, owner: party })}`}
    />
  );
}

type AgedProps = { of: 'receivables' | 'payables'; rows: Pages<AgedRow>; href: (row: AgedRow) => string };
const byName: Column<AgedRow> = { ...agedColumns[0]!, cell: ({ party }) => <OrganisationName id={party} /> };

function AgedOf({ of, rows, href }: AgedProps) {
  return (
    <Read rows={rows}>
      {byCurrency(rows.items).map(({ of: sum, parties }) => (
        <AgedChart key={sum.currency} of={sum} title={`${sum.currency}, ${t('all.note', { count: parties })}`} />
      ))}
      <div style={{ marginBlockStart: '1.5rem' }}>
        <DataTable
          caption={t(`${of}.caption`)}
          columns={[byName, ...agedColumns.slice(1)]}
          rows={rows.items}
          rowKey={({ party, currency }) => `${party} ${currency}`}
          rowHref={href}
        />
      </div>
    </Read>
  );
}

const money = (key: 'carried' | 'charged' | 'takenOff' | 'accrued' | 'disputed'): Column<Accrual> => ({
  key,
  header: t(`column.${key}`),
  isNumber: true,
  cell: (row) => (
    <Money micros={key === 'takenOff' ? -row.takenOffMicros : row[`${key}Micros`]} currency={row.currency} />
  ),
});
const accrualColumns: readonly Column<Accrual>[] = [
  { key: 'company', header: t('column.company'), cell: ({ company }) => <OrganisationName id={company} /> },
  money('carried'),
  money('charged'),
  money('takenOff'),
  money('accrued'),
  money('disputed'),
];

function Accruals() {
  const month = useMonth();
  const { period } = month;
  const rows = useAll(usePages('/v1/accruals', { query: { period, limit: 100 } }), READ_AT_ONCE);
  return (
    <>
      <MonthFilter of={month} hasCurrency={false} />
      <Read rows={rows}>
        <DataTable
          caption={t('accruals.caption')}
          columns={accrualColumns}
          rows={rows.items}
          rowKey={({ company, currency }) => `${company} ${currency}`}
          rowHref={({ company, currency }) =>
            `/accounts/1100?${new URLSearchParams({ period, currency, owner: company })}`
          }
        />
      </Read>
    </>
  );
}

/** Rows of a list that is read by parties, of which a page may have none. */
function Read<T>({ rows, children }: { rows: Pages<T>; children: ReactNode }) {
  const { items, hasMore, isLoadingMore, more } = rows;
  const button = hasMore && (
    <Button variant="default" size="xs" onClick={more} loading={isLoadingMore}>
      {t('more')}
    </Button>
  );
  return (
    <QueryState of={rows.query}>
      {() =>
        items.length === 0 ? (
          <Empty title={t('empty')} {...(hasMore ? { text: t('empty.more') } : {})}>
            {button}
          </Empty>
        ) : (
          <>
            {children}
            <Group mt="sm" justify="space-between">
              <Text size="sm" c="dimmed" role="status">
                {t('read', { count: items.length, more: t(hasMore ? 'read.more' : 'read.all') })}
              </Text>
              {button}
            </Group>
          </>
        )
      }
    </QueryState>
  );
}
