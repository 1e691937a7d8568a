/** How the invoices of a close are listed, with why each differs from the month before. */
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import type { Variance } from '../../../../shared/invoice/variance.ts';
import type { Column } from '../../ui/data-table.tsx';
import { OrganisationName } from '../../ui/names.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, None } from '../../ui/values.tsx';
import { t } from '../closes/messages.en.ts';
import { INVOICE_STATES } from '../finance-parts/states.ts';

type Row = { invoice: Invoice; variance: Variance };
type Part = 'before' | 'volume' | 'mix' | 'price' | 'other';

const part = (key: Part): Column<Row> => ({
  key,
  header: t(`column.${key}`),
  isNumber: true,
  cell: ({ invoice, variance }) => <Money micros={variance[`${key}Micros`]} currency={invoice.currency} />,
});

export const closeInvoiceColumns: readonly Column<Row>[] = [
  { key: 'company', header: t('column.company'), cell: ({ invoice }) => <OrganisationName id={invoice.company} /> },
  {
    key: 'state',
    header: t('column.invoiceState'),
    cell: ({ invoice }) => <StatusBadge state={invoice.state} states={INVOICE_STATES} />,
  },
  part('before'),
  part('volume'),
  part('mix'),
  part('price'),
  part('other'),
  {
    key: 'subtotal',
    header: t('column.subtotal'),
    isNumber: true,
    cell: ({ invoice }) => <Money micros={invoice.subtotalMicros} currency={invoice.currency} />,
  },
  { key: 'held', header: t('column.held'), cell: ({ invoice }) => invoice.held ?? <None /> },
];
