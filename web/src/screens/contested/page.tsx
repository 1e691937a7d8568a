/** The disputes that the market decides. */
import { usePages } from '../../api/use-api.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { disputeColumns } from './columns.tsx';
import { t } from './messages.en.ts';

export default function Contested() {
  const disputes = usePages('/v1/money/disputes', { query: { limit: 100 } });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <PagedTable
        caption={t('caption')}
        columns={disputeColumns}
        pages={disputes}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/contested/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}
