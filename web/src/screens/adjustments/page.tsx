/** Adjustments of the books, by where they stand. */
import { NativeSelect } from '@mantine/core';
import { type Adjustment, AdjustmentState } from '../../../../shared/ledger/adjustment.ts';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Money, None, When } from '../../ui/values.tsx';
import { EntryLink } from '../finance-parts/entry-link.tsx';
import { hrefOfLedger } from '../money-parts/hrefs.ts';
import { ADJUSTMENT_STATES } from '../money-parts/states.ts';
import { kindText, movedMicros } from './kinds.ts';
import { t } from './messages.en.ts';

const columns: readonly Column<Adjustment>[] = [
  { key: 'kind', header: t('column.kind'), cell: ({ kind }) => kindText(kind) },
  {
    key: 'adjusts',
    header: t('column.adjusts'),
    cell: ({ adjusts }) => (adjusts === null ? <None /> : <EntryLink href={hrefOfLedger(adjusts)} event={adjusts} />),
  },
  { key: 'by', header: t('column.by'), cell: ({ proposedBy }) => <PersonName id={proposedBy} /> },
  { key: 'at', header: t('column.at'), isNumber: true, cell: ({ proposedAt }) => <When iso={proposedAt} /> },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: (one) => <Money micros={movedMicros(one)} currency={one.currency} exact />,
  },
];

export default function Adjustments() {
  const [{ state: chosen }, set] = useUrlState({ state: 'proposed' });
  const state = AdjustmentState.safeParse(chosen).data ?? 'proposed';
  const adjustments = usePages('/v1/adjustments', { query: { state, limit: 100 } });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={useMay('market.finance') && <LinkButton href="/adjustments/new">{t('propose')}</LinkButton>}
      />
      <NativeSelect
        label={t('show')}
        mb="md"
        maw={280}
        value={state}
        onChange={(event) => set({ state: event.currentTarget.value })}
        data={AdjustmentState.options.map((value) => ({ value, label: ADJUSTMENT_STATES[value].text }))}
      />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={adjustments}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/adjustments/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}
