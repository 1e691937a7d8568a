/** The credit notes of one invoice. */
import { Text } from '@mantine/core';
import type { CreditNoteView } from '../../../../shared/invoice/credit-note.ts';
import { usePages } from '../../api/use-api.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { QueryState } from '../../ui/states.tsx';
import { creditNoteColumns } from '../credits/columns.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';

export function CreditNotesOf({ invoice }: { invoice: string }) {
  const notes = usePages('/v1/credit-notes', { query: { limit: 100 } });
  const own = notes.items.filter((note: CreditNoteView) => note.invoice === invoice);
  return (
    <Section title={t('notes')}>
      <QueryState of={notes.query}>
        {() =>
          own.length === 0 ? (
            <Text c="dimmed">{t('notes.none')}</Text>
          ) : (
            <DataTable
              caption={t('notes')}
              columns={creditNoteColumns}
              rows={own}
              rowKey={({ id }) => id}
              rowHref={() => '/credits'}
            />
          )
        }
      </QueryState>
    </Section>
  );
}
