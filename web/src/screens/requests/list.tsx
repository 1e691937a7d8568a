/** The requests of a queue and round, by state where one is chosen; and what a search found. */
import type { RequestView } from '../../../../shared/request/request.ts';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { DataTable, PagedTable } from '../../ui/data-table.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { columnsOf } from './columns.tsx';
import { t } from './messages.en.ts';

const PAGE = 100;
const ORDERS = ['newest', 'oldest'] as const;
type Props = { queue: string; round: number; state: RequestView['state'] | undefined };

export function RequestList({ queue, round, state }: Props) {
  const [{ order }, set] = useUrlState({ order: ORDERS[0] });
  const value = ORDERS.find((one) => one === order) ?? ORDERS[0];
  const filter = state === undefined ? {} : { state };
  const pages = usePages('/v1/requests', { query: { queue, round, order: value, limit: PAGE, ...filter } });
  return (
    <PagedTable
      {...useTable()}
      sort={{ value, set: (chosen) => set({ order: chosen }) }}
      pages={pages}
      empty={{ title: t('empty'), text: t(state === undefined ? 'empty.text' : 'empty.state') }}
    />
  );
}

export function RequestTable({ rows }: { rows: readonly RequestView[] }) {
  return <DataTable {...useTable()} rows={rows} />;
}

function useTable() {
  const currencies = new Map(useQueueList().map(({ id, currency }) => [id, currency]));
  return {
    caption: t('caption'),
    columns: columnsOf((id) => currencies.get(id) ?? 'USD'),
    rowKey: ({ id }: RequestView) => id,
    rowHref: ({ id }: RequestView) => `/requests/${id}`,
  };
}
