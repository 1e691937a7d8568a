/** One payout: its lines, and what they pay for down to the charge. */
import { Group, Text } from '@mantine/core';
import type { PayLine } from '../../../../shared/payout/book.ts';
import type { Payout } from '../../../../shared/payout/payout.ts';
import type { RemittanceRow } from '../../../../shared/payout/remittance.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { dateText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { shortMonthText } from '../../ui/months.ts';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Money, None, When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { ENTRY_KINDS } from '../finance-parts/entry-kinds.messages.en.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { PAYOUT_STATES } from '../finance-parts/states.ts';
import { runText } from '../payout-runs/run-name.ts';
import { t } from '../payouts/messages.en.ts';

const LIST = { href: '/payouts', title: t('title') };

export default function PayoutPage() {
  const payout = usePathParam('payout');
  const found = useRead('/v1/payouts/{payout}', { path: { payout } });
  return (
    <QueryState of={found} isPage back={LIST}>
      {(of) => <OnePayout of={of} />}
    </QueryState>
  );
}

function OnePayout({ of }: { of: Payout }) {
  const { id, currency } = of;
  return (
    <>
      <PageHeader
        title={t('payout', { date: dateText(Date.parse(of.preparedAt)) })}
        back={LIST}
        status={<StatusBadge state={of.state} states={PAYOUT_STATES} />}
        {...(of.reason === null ? {} : { lead: of.reason })}
        actions={
          <Group>
            <DownloadButton
              label={t('remittance.csv')}
              name={`remittance-${id}.csv`}
              path={`/v1/payouts/${encodeURIComponent(id)}/remittance/csv`}
            />
          </Group>
        }
      />
      <Figures>
        <Figure name={t('carriedIn')}>
          <Money micros={of.carriedInMicros} currency={currency} />
        </Figure>
        <Figure name={t('lines')}>
          <Money micros={of.linesMicros} currency={currency} />
        </Figure>
        <Figure name={t('amount')} note={<When iso={of.paidAt} show="absolute" />}>
          <Money micros={of.amountMicros} currency={currency} />
        </Figure>
        <Figure name={t('carriedOut')} note={t('carriedOut.note')}>
          <Money micros={of.carriedOutMicros} currency={currency} exact />
        </Figure>
        {of.reversedMicros > 0 && (
          <Figure name={t('reversed')}>
            <Money micros={-of.reversedMicros} currency={currency} />
          </Figure>
        )}
      </Figures>
      <Facts>
        <Fact name={t('transfer')}>{of.transfer ?? '–'}</Fact>
        <Fact name={t('run')}>{runText(of.run)}</Fact>
      </Facts>
      <br />
      <Lines id={id} currency={currency} />
      <Remittance id={id} currency={currency} />
    </>
  );
}

type Of = { id: string; currency: string };

function Lines({ id, currency }: Of) {
  const lines = usePages('/v1/payouts/{payout}/lines', { path: { payout: id }, query: { limit: 100 } });
  const columns: readonly Column<PayLine>[] = [
    { key: 'line', header: t('column.line'), cell: ({ line }) => line },
    {
      key: 'kind',
      header: t('column.kind'),
      cell: ({ kind, entryKind }) => (entryKind === null ? t(`line.${kind}`) : ENTRY_KINDS[entryKind]),
    },
    {
      key: 'month',
      header: t('column.month'),
      cell: ({ period }) => (period === null ? <None /> : shortMonthText(period)),
    },
    { key: 'company', header: t('column.company'), cell: ({ company }) => <OrganisationLink id={company} /> },
    {
      key: 'because',
      header: t('column.because'),
      cell: ({ because }) => (because === null ? <None /> : t(`because.${because}`)),
    },
    { key: 'entries', header: t('column.entries'), isNumber: true, cell: ({ entries }) => <Count value={entries} /> },
    {
      key: 'amount',
      header: t('column.amount'),
      isNumber: true,
      cell: ({ micros }) => <Money micros={micros} currency={currency} />,
    },
  ];
  return (
    <Section title={t('lines')} lead={t('lines.lead')}>
      <PagedTable
        caption={t('lines.caption')}
        columns={columns}
        pages={lines}
        rowKey={({ line }) => String(line)}
        empty={{ title: t('remittance.empty'), text: t('remittance.empty.text') }}
      />
    </Section>
  );
}

function Remittance({ id, currency }: Of) {
  const rows = usePages('/v1/payouts/{payout}/remittance', { path: { payout: id }, query: { limit: 100 } });
  const columns: readonly Column<RemittanceRow>[] = [
    {
      key: 'request',
      header: t('column.request'),
      cell: ({ request, lease, entry }) => {
        const name = (
          <Text span inherit style={{ overflowWrap: 'anywhere' }} title={entry}>
            {request === null ? entry : request.split('.').at(-1)}
          </Text>
        );
        return lease === null ? name : <Go href={`/earned/${encodeURIComponent(lease)}`}>{name}</Go>;
      },
    },
    { key: 'kind', header: t('column.kind'), cell: ({ kind }) => ENTRY_KINDS[kind] },
    { key: 'line', header: t('column.line'), isNumber: true, cell: ({ line }) => line },
    {
      key: 'time',
      header: t('column.time'),
      isNumber: true,
      cell: ({ occurredAt }) => <When iso={occurredAt} show="absolute" />,
    },
    {
      key: 'amount',
      header: t('column.amount'),
      isNumber: true,
      cell: ({ micros }) => <Money micros={micros} currency={currency} exact />,
    },
  ];
  return (
    <Section title={t('remittance')} lead={t('remittance.lead')}>
      <PagedTable
        caption={t('remittance.caption')}
        columns={columns}
        pages={rows}
        rowKey={({ line, entry }) => `${line} ${entry}`}
        empty={{ title: t('remittance.empty'), text: t('remittance.empty.text') }}
      />
    </Section>
  );
}
