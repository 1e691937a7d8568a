/** One self-billed invoice or credit note, made to be printed. */
import { Text } from '@mantine/core';
import type { SelfBilledInvoice } from '../../../../shared/payout/self-billed.ts';
import { useAll } from '../../api/use-all.ts';
import { usePages } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { t as common } from '../../messages/en.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { percentText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { PrintButton } from '../../ui/print-button.tsx';
import { Empty, PageSkeleton, QueryState } from '../../ui/states.tsx';
import { Count, Money, When } from '../../ui/values.tsx';
import { addressText } from '../finance-parts/address.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { QueueInLine } from '../market-parts/queues.tsx';
import { t } from '../self-billed/messages.en.ts';

/** Months of several years in each currency. */
const MOST_READ = 1_000;
const LIST = { href: '/self-billed', title: t('title') };

export default function SelfBilledDocument() {
  const id = usePathParam('document');
  const documents = useAll(usePages('/v1/self-billed-invoices', { query: { limit: 100 } }), MOST_READ);
  const found = documents.items.find((document) => document.id === id);
  return (
    <QueryState of={documents.query} isPage back={LIST}>
      {() =>
        found === undefined && documents.hasMore ? (
          <PageSkeleton />
        ) : found === undefined ? (
          <>
            <PageHeader title={t('missing')} back={LIST} />
            <Empty title={t('missing.text')} />
          </>
        ) : (
          <Document of={found} />
        )
      }
    </QueryState>
  );
}

function Document({ of }: { of: SelfBilledInvoice }) {
  const { currency, supplier } = of;
  return (
    <>
      <PageHeader
        title={t('document', { kind: t(`kind.${of.kind}`), number: of.number })}
        back={LIST}
        actions={<PrintButton />}
      />
      <Figures>
        <Figure name={t('column.net')}>
          <Money micros={of.netMicros} currency={currency} />
        </Figure>
        <Figure name={t('column.tax')}>
          <Money micros={of.taxMicros} currency={currency} />
        </Figure>
        <Figure name={t('column.total')}>
          <Money micros={of.totalMicros} currency={currency} />
        </Figure>
      </Figures>
      <Facts>
        <Fact name={t('supplier')}>
          {supplier.legalName}, {addressText(supplier.address)}
        </Fact>
        <Fact name={t('customer')}>{common('app.name')}</Fact>
        <Fact name={t('taxId')}>{supplier.taxId?.value ?? '–'}</Fact>
        <Fact name={t('month')}>{monthText(of.period)}</Fact>
        <Fact name={t('issued')}>
          <When iso={of.issuedAt} show="date" />
        </Fact>
        <Fact name={t('regime')}>{t(`regime.${of.vatRegime}`, { rate: percentText(of.vatRateBps) })}</Fact>
      </Facts>
      <br />
      <Section title={t('lines')}>
        <DataTable
          caption={t('lines.caption')}
          rows={of.lines}
          rowKey={({ kind, queue }) => `${kind} ${queue ?? ''}`}
          columns={[
            { key: 'for', header: t('column.for'), cell: ({ kind }) => t(`line.${kind}`) },
            { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueInLine id={queue} /> },
            {
              key: 'quantity',
              header: t('column.quantity'),
              isNumber: true,
              cell: ({ quantity }) => <Count value={quantity === 0 ? null : quantity} />,
            },
            {
              key: 'amount',
              header: t('column.amount'),
              isNumber: true,
              cell: ({ micros }) => <Money micros={micros} currency={currency} exact />,
            },
          ]}
        />
      </Section>
      {of.notes.length > 0 && (
        <Section title={t('notes')}>
          {of.notes.map((note) => (
            <Text key={note}>{note}</Text>
          ))}
        </Section>
      )}
    </>
  );
}
