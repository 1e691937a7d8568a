/** The legs of an entry, debits and credits in columns of their own. */
import { ACCOUNTS, type AccountCode, type Leg } from '../../../../shared/ledger/ledger.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { OrganisationName } from '../../ui/names.tsx';
import { Money } from '../../ui/values.tsx';
import { invoiceText } from '../finance-parts/entry-text.ts';
import { t } from './messages.en.ts';

/** What an account is called: `1100 unbilled`. */
export const accountText = (account: AccountCode): string => `${account} ${ACCOUNTS[account].name}`;

const columns = (currency: string, period: string | undefined): readonly Column<Leg>[] => [
  {
    key: 'account',
    header: t('column.account'),
    cell: ({ account, of }) => {
      const at = new URLSearchParams({ ...(period === undefined ? {} : { period }), currency });
      if (of !== null) at.set('owner', of);
      return <Go href={`/accounts/${account}?${at}`}>{accountText(account)}</Go>;
    },
  },
  { key: 'of', header: t('column.of'), cell: ({ account, of }) => <Owner account={account} of={of} /> },
  {
    key: 'debit',
    header: t('column.debit'),
    isNumber: true,
    cell: ({ micros }) => <Money micros={micros > 0 ? micros : null} currency={currency} exact />,
  },
  {
    key: 'credit',
    header: t('column.credit'),
    isNumber: true,
    cell: ({ micros }) => <Money micros={micros < 0 ? -micros : null} currency={currency} exact />,
  },
];

export function Owner({ account, of }: { account: AccountCode; of: string | null }) {
  const kind = ACCOUNTS[account].of;
  if (of === null) return <>–</>;
  if (kind === 'invoice')
    return (
      <span title={of}>
        <OrganisationName id={of.split('.')[0] ?? null} />, <Go href={`/invoices/${of}`}>{invoiceText(of)}</Go>
      </span>
    );
  return kind === 'company' || kind === 'provider' ? <OrganisationName id={of} /> : of;
}

type Props = {
  legs: readonly Leg[];
  currency: string /** The month whose history an account opens. */;
  period?: string;
};

export function Legs({ legs, currency, period }: Props) {
  return (
    <DataTable
      caption={t('legs.caption')}
      columns={columns(currency, period)}
      rows={legs}
      rowKey={({ account, of, micros }) => `${account} ${of} ${micros}`}
    />
  );
}
