/** A company's invoices. */
import { Button, Group } from '@mantine/core';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { usePages } from '../../api/use-api.ts';
import type { Pages } from '../../api/use-list.ts';
import { useNow } from '../../app/market-time.ts';
import { useGo } from '../../app/navigate.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Money } from '../../ui/values.tsx';
import { ofOwn } from '../invoice-parts/columns.tsx';
import { t } from './messages.en.ts';
import { PortalButton } from './portal-button.tsx';
import { owedOn } from './sums.ts';

export default function Invoices() {
  const invoices = usePages('/v1/invoices', { query: { limit: 100 } });
  const go = useGo();
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Group gap="xs">
            <PortalButton />
            <Button onClick={() => go('/invoices/next')}>{t('next')}</Button>
          </Group>
        }
      />
      <Sums of={invoices} />
      <PagedTable
        caption={t('caption')}
        columns={ofOwn}
        pages={invoices}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/invoices/${id}`}
        empty={{ title: t('empty'), text: t('empty.text'), action: <Go href="/invoices/next">{t('next')}</Go> }}
      />
    </>
  );
}

function Sums({ of: { items, hasMore } }: { of: Pages<Invoice> }) {
  const owed = owedOn(items, useNow());
  const note = hasMore ? { note: t('sums.partly') } : {};
  return owed.map(({ currency, unpaidMicros, overdueMicros, overdueCount, paidMicros }) => (
    <Figures key={currency}>
      <Figure name={t('unpaid')} {...note}>
        <Money micros={unpaidMicros} currency={currency} />
      </Figure>
      <Figure name={t('overdue')} note={t('overdue.note', { count: overdueCount })}>
        <Money micros={overdueMicros} currency={currency} />
      </Figure>
      <Figure name={t('paid')}>
        <Money micros={paidMicros} currency={currency} />
      </Figure>
    </Figures>
  ));
}
