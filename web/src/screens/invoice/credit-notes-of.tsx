/** The credit notes of one invoice. */
import { Text } from '@mantine/core';
import type { CreditNoteView } from '../../../../shared/invoice/credit-note.ts';
import type { Pages } from '../../api/use-list.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { QueryState } from '../../ui/states.tsx';
import { creditNoteColumns } from '../credits/columns.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';

export function CreditNotesOf({ notes }: { notes: Pages<CreditNoteView> }) {
  return (
    <Section title={t('notes')}>
      <QueryState of={notes.query}>
        {() =>
          notes.items.length === 0 ? (
            <Text c="dimmed">{t('notes.none')}</Text>
          ) : (
            <DataTable caption={t('notes')} columns={creditNoteColumns} rows={notes.items} rowKey={({ id }) => id} />
          )
        }
      </QueryState>
    </Section>
  );
}
