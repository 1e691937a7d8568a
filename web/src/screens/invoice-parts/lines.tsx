/** The lines of an invoice, final or estimated; each of a final one opens to its charges. */
import type { InvoiceLine } from '../../../../shared/invoice/invoice.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Count, Money } from '../../ui/values.tsx';
import { QueueInLine } from '../market-parts/queues.tsx';
import { t } from './lines.messages.en.ts';
import { t as kinds } from './messages.en.ts';

type Line = Pick<InvoiceLine, 'line' | 'kind' | 'queue' | 'round' | 'quantity' | 'micros' | 'description'>;

export const lineColumns = (currency: string): readonly Column<Line>[] => [
  { key: 'kind', header: t('column.kind'), cell: ({ kind }) => kinds(`kind.${kind}`) },
  { key: 'queue', header: t('column.queue'), cell: ({ queue, round }) => <QueueInLine id={queue} round={round} /> },
  { key: 'quantity', header: t('column.quantity'), isNumber: true, cell: ({ quantity }) => <Count value={quantity} /> },
  {
    key: 'average',
    header: t('column.average'),
    isNumber: true,
    cell: ({ micros, quantity }) => (
      <Money micros={quantity === 0 ? null : Math.round(micros / quantity)} currency={currency} exact />
    ),
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ micros }) => <Money micros={micros} currency={currency} />,
  },
];

/** What was taken back of a line by credit notes: only final invoices have it. */
export const creditedColumn = (currency: string): Column<InvoiceLine> => ({
  key: 'credited',
  header: t('column.credited'),
  isNumber: true,
  cell: ({ creditedMicros }) => <Money micros={creditedMicros === 0 ? null : -creditedMicros} currency={currency} />,
});
