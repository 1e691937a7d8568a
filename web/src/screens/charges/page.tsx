/** Charges of a month: a company's costs, or a provider's pay, resolution by resolution. */
import { NativeSelect } from '@mantine/core';
import type { Charge } from '../../../../shared/ledger/ledger.ts';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import { useSummedPages } from '../../api/use-api.ts';
import type { Pages } from '../../api/use-list.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Count, Money } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { chargeColumns } from './columns.tsx';
import { chosen, SUMMED, type Sums as Summed } from './filter.ts';
import { t } from './messages.en.ts';

export default function Charges() {
  const isCompany = useMay('company.admin', 'company.finance');
  const month = useMonth();
  const [filter, setFilter] = useUrlState({ outcome: '', route: '', queue: '' });
  const { period, currency } = month;
  const query = { period, currency, limit: 100, ...chosen(filter) };
  const charges = useSummedPages('/v1/charges', { query }, SUMMED);
  const isFiltered = Object.keys(chosen(filter)).length > 0;
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t(isCompany ? 'lead.company' : 'lead.provider')}
        actions={
          <DownloadButton
            label={t('csv')}
            name={`charges-${month.period}.csv`}
            path="/v1/exports/charges/csv"
            query={{ period: month.period, currency: month.currency }}
          />
        }
      />
      <MonthFilter of={month}>
        <Filters filter={filter} set={setFilter} />
        {isCompany && <Go href={`/not-billed?period=${month.period}`}>{t('notBilled')}</Go>}
      </MonthFilter>
      <Sums of={charges} currency={currency} />
      <PagedTable
        caption={t('caption')}
        columns={chargeColumns(isCompany)}
        pages={charges}
        rowKey={({ event }) => event}
        rowHref={({ request: id, lease }) => (isCompany ? `/charges/${id}` : `/earned/${lease}`)}
        empty={isFiltered ? { title: t('none'), text: t('none.text') } : { title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

type Choice = { outcome: string; route: string; queue: string };

function Filters({ filter, set }: { filter: Choice; set: (change: Partial<Choice>) => void }) {
  const queues = useQueueList().map(({ id, serviceClass }) => ({ value: id, label: shortName(serviceClass) }));
  const all = { value: '', label: t('all') };
  return (
    <>
      <NativeSelect
        label={t('outcome')}
        value={filter.outcome}
        onChange={(event) => set({ outcome: event.currentTarget.value })}
        data={[all, { value: 'confirmed', label: t('confirmed') }, { value: 'assumed', label: t('assumed') }]}
      />
      <NativeSelect
        label={t('route')}
        value={filter.route}
        onChange={(event) => set({ route: event.currentTarget.value })}
        data={[all, { value: 'slot', label: t('slot') }, { value: 'overflow', label: t('overflow') }]}
      />
      <NativeSelect
        label={t('queue')}
        value={filter.queue}
        onChange={(event) => set({ queue: event.currentTarget.value })}
        data={[all, ...queues]}
      />
    </>
  );
}

function Sums({ of, currency }: { of: Pages<Charge, Summed>; currency: string }) {
  const { count, micros, confirmedMicros, assumedMicros } = of.sum;
  if (count === 0) return null;
  return (
    <Figures>
      <Figure name={t('count')} note={t(of.hasMore ? 'count.more' : 'count.all')}>
        <Count value={count} />
      </Figure>
      <Figure name={t('sum')}>
        <Money micros={micros} currency={currency} />
      </Figure>
      <Figure name={t('sum.confirmed')}>
        <Money micros={confirmedMicros} currency={currency} />
      </Figure>
      <Figure name={t('sum.assumed')}>
        <Money micros={assumedMicros} currency={currency} />
      </Figure>
    </Figures>
  );
}
