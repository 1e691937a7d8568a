/** Refunds to companies, by where they stand. */
import { NativeSelect, Text } from '@mantine/core';
import { RefundState, type RefundView } from '../../../../shared/refund/refund.ts';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Money, None, When } from '../../ui/values.tsx';
import { invoiceText } from '../finance-parts/entry-text.ts';
import { REFUND_STATES } from '../money-parts/states.ts';
import { AskCreditPayout } from './ask.tsx';
import { Decide } from './decide.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 10_000;

const SHARED: readonly Column<RefundView>[] = [
  { key: 'company', header: t('column.company'), cell: ({ company }) => <OrganisationName id={company} /> },
  { key: 'why', header: t('column.why'), cell: (of) => <Why of={of} /> },
  {
    key: 'invoice',
    header: t('column.invoice'),
    cell: ({ invoice }) => <Go href={`/invoices/${invoice}`}>{invoiceText(invoice)}</Go>,
  },
  {
    key: 'makers',
    header: t('column.makers'),
    cell: ({ kind, makers }) =>
      // Of the people of companies and providers the market is told nothing.
      kind === 'dispute' ? (
        <span title={makers.join(', ')}>{t('makers.dispute')}</span>
      ) : (
        <div style={{ overflowWrap: 'anywhere' }}>
          {makers.map((user) => (
            <div key={user}>
              <PersonName id={user} />
            </div>
          ))}
        </div>
      ),
  },
  { key: 'at', header: t('column.at'), isNumber: true, cell: ({ askedAt }) => <When iso={askedAt} /> },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ micros, currency }) => <Money micros={micros} currency={currency} />,
  },
];
const decision: Column<RefundView> = { key: 'do', header: t('column.do'), cell: (of) => <Decide of={of} /> };
const way: Column<RefundView> = {
  key: 'way',
  header: t('column.way'),
  cell: ({ way: by, bankReference }) => (by === null ? <None /> : t(`way.${by}`, { reference: bankReference ?? '' })),
};
const paid: Column<RefundView> = {
  key: 'paid',
  header: t('column.paid'),
  isNumber: true,
  cell: ({ paidAt }) => <When iso={paidAt} />,
};

export default function Refunds() {
  const [{ state: chosen }, set] = useUrlState({ state: 'asked' });
  const state = RefundState.safeParse(chosen).data ?? 'asked';
  const refunds = usePages('/v1/money/refunds', { query: { state, limit: 100 } }, { refreshMs: REFRESH_MS });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={useMay('market.finance') && <AskCreditPayout variant="filled" />}
      />
      <NativeSelect
        label={t('show')}
        mb="md"
        maw={280}
        value={state}
        onChange={(event) => set({ state: event.currentTarget.value })}
        data={RefundState.options.map((value) => ({ value, label: REFUND_STATES[value].text }))}
      />
      <PagedTable
        caption={t('caption')}
        columns={[...SHARED, ...(state === 'asked' ? [decision] : [way, paid])]}
        pages={refunds}
        rowKey={({ id }) => id}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

/** The market's own words begin with the request, which the link opens. */
const ABOUT_REQUEST = /^Dispute of request \S+: /;

function Why({ of: { id, kind, reason, trouble } }: { of: RefundView }) {
  return (
    <div style={{ overflowWrap: 'anywhere', minWidth: '9rem' }}>
      {kind === 'dispute' ? <Go href={`/contested/${id}`}>{t('kind.dispute')}</Go> : t('kind.credit')}
      <Text size="xs" c="dimmed">
        {kind === 'dispute' ? reason.replace(ABOUT_REQUEST, '') : reason}
      </Text>
      {trouble !== null && (
        <Text size="xs" c="var(--parley-bad)">
          {t('trouble', { trouble })}
        </Text>
      )}
    </div>
  );
}
