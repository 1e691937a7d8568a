/** How credit notes are listed. */
import type { CreditNoteView } from '../../../../shared/invoice/credit-note.ts';
import { useMay } from '../../auth/session.ts';
import type { Column } from '../../ui/data-table.tsx';
import { moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Reference } from '../../ui/reference.tsx';
import { Money, When } from '../../ui/values.tsx';
import { invoiceText } from '../finance-parts/entry-text.ts';
import { causeOf, whereItWent } from './credit-note.ts';
import { t } from './messages.en.ts';

export const creditNoteColumns: readonly Column<CreditNoteView>[] = [
  { key: 'number', header: t('column.number'), cell: ({ number, id }) => <Reference>{number ?? id}</Reference> },
  { key: 'cause', header: t('column.cause'), cell: (note) => <Cause of={note} /> },
  {
    key: 'net',
    header: t('column.net'),
    isNumber: true,
    cell: ({ netMicros, currency }) => <Money micros={netMicros} currency={currency} />,
  },
  {
    key: 'tax',
    header: t('column.tax'),
    isNumber: true,
    cell: ({ taxMicros, currency }) => <Money micros={taxMicros} currency={currency} />,
  },
  { key: 'went', header: t('column.went'), cell: (note) => <Went of={note} /> },
  {
    key: 'made',
    header: t('column.made'),
    isNumber: true,
    cell: ({ madeAt }) => <When iso={madeAt} show="date" />,
  },
];

/** Only where the list is of several invoices. */
export const ofInvoice: Column<CreditNoteView> = {
  key: 'invoice',
  header: t('column.invoice'),
  cell: ({ invoice }) => <Go href={`/invoices/${invoice}`}>{invoiceText(invoice)}</Go>,
};

function Cause({ of }: { of: CreditNoteView }) {
  const { kind, dispute } = causeOf(of.cause);
  const text = t(`cause.${kind}`);
  const isMarket = useMay('market.finance', 'market.operator');
  if (dispute === null) return <span title={of.reason}>{text}</span>;
  return <Go href={isMarket ? `/contested/${dispute}` : `/disputes/${dispute}`}>{text}</Go>;
}

const Went = ({ of }: { of: CreditNoteView }) => (
  <>
    {whereItWent(of)
      .map(({ to, micros }) => t(`went.${to}`, { amount: moneyText(micros, of.currency, { exact: to === 'next' }) }))
      .join(', ')}
  </>
);
