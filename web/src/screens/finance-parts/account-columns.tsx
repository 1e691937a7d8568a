/** How accounts of a month are listed: opening, movements, closing. */
import type { AccountLine } from '../../../../shared/ledger/ledger.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Money } from '../../ui/values.tsx';
import { t } from './accounts.messages.en.ts';

export const accountColumns = (currency: string): readonly Column<AccountLine>[] => {
  const money = (key: 'opening' | 'debit' | 'credit' | 'closing', pick: (line: AccountLine) => number) => ({
    key,
    header: t(`column.${key}`),
    isNumber: true,
    cell: (line: AccountLine) => <Money micros={pick(line)} currency={currency} />,
  });
  return [
    {
      key: 'account',
      header: t('column.account'),
      cell: ({ account, name }) => `${account} ${name}`,
    },
    money('opening', ({ openingMicros }) => openingMicros),
    money('debit', ({ debitMicros }) => debitMicros),
    money('credit', ({ creditMicros }) => -creditMicros),
    money('closing', ({ closingMicros }) => closingMicros),
  ];
};
