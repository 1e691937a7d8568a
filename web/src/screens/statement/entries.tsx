/** One's ledger entries of a month, in order of posting. */
import type { EntryView } from '../../../../shared/ledger/ledger.ts';
import type { Pages } from '../../api/use-list.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Money, When } from '../../ui/values.tsx';
import { hrefOfEntry } from '../finance-parts/entry-href.ts';
import { ENTRY_KINDS } from '../finance-parts/entry-kinds.messages.en.ts';
import { EntryLink } from '../finance-parts/entry-link.tsx';
import { t } from './messages.en.ts';

export function Entries({ of: entries }: { of: Pages<EntryView> }) {
  const isCompany = useMay('company.admin', 'company.finance');
  const columns: readonly Column<EntryView>[] = [
    { key: 'kind', header: t('column.kind'), cell: ({ kind }) => ENTRY_KINDS[kind] },
    {
      key: 'event',
      header: t('column.event'),
      cell: (entry) => <EntryLink href={hrefOfEntry(entry, isCompany ? 'company' : 'provider')} event={entry.event} />,
    },
    { key: 'legs', header: t('column.legs'), cell: ({ legs }) => legs.map(({ account }) => account).join(', ') },
    {
      key: 'when',
      header: t('column.when'),
      isNumber: true,
      cell: ({ occurredAt }) => <When iso={occurredAt} show="absolute" />,
    },
    {
      key: 'amount',
      header: t('column.amount'),
      isNumber: true,
      cell: ({ legs, currency: of }) => (
        <Money micros={legs.reduce((sum, { micros }) => sum + micros, 0)} currency={of} exact />
      ),
    },
  ];
  return (
    <PagedTable
      caption={t('entries')}
      columns={columns}
      pages={entries}
      rowKey={({ event }) => event}
      empty={{ title: t('empty'), text: t('empty.text') }}
    />
  );
}
